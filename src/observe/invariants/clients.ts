import { judge } from '../linearizability/check.ts'
import { type RegisterOperation, registers } from '../linearizability/register.ts'
import { invariant } from './violation.ts'

/** Configurations that judging one run may take: runs are short, and what is not decided by then is left to the places. */
const CONFIGURATIONS = 300

/** A client's request under way. */
export interface Operation {
  readonly what: string
  /** Highest position that had been answered to anyone when it began. */
  readonly floor: number
  /** Highest index committed anywhere when it began. */
  readonly committed: number
  /** When it began, in requests begun and answered. */
  readonly call: number
  readonly value: string | null
}

/**
 * T10, T11, T13, twice over. Every write and read has a place in one order, the log: a write at its index, a read after the last
 * index applied where it was served. The history is linearizable if that order agrees with real time: whoever begins
 * after another was answered comes after it. Nothing has to be searched, because the places are known.
 * At the end of a run the same requests are judged without their places, as those of a register, by search.
 */
export class ClientHistory {
  #answered = 1
  #clock = 0
  readonly #history: RegisterOperation[] = []
  /** Writes without an answer. */
  readonly #open = new Set<Operation>()
  readonly #indexInvariant: 'T11' | 'T12'

  constructor(readOnlyOption: 'safe' | 'lease') {
    this.#indexInvariant = readOnlyOption === 'safe' ? 'T11' : 'T12'
  }

  /** A request begins; `value` is what a write writes, null for a read. */
  begin(what: string, value: string | null, committed: number): Operation {
    const operation = { what, floor: this.#answered, committed, call: this.#clock++, value }
    if (value !== null) this.#open.add(operation)
    return operation
  }

  /** A write was refused: it has certainly not happened. */
  refused(operation: Operation): void {
    this.#open.delete(operation)
  }

  /** Raft has answered a read with `index`. */
  readIndex({ what, committed }: Operation, id: number, index: number): void {
    invariant(
      index >= committed,
      this.#indexInvariant,
      () => `${what} may read from index ${index} at member ${id}; ${committed} was committed when it began`,
    )
  }

  /** A read is served from the state after `applied`. */
  readServed(operation: Operation, id: number, index: number, applied: number, value: string | null): void {
    const { what, floor } = operation
    invariant(
      applied >= index,
      'T13',
      () => `${what} is served at member ${id} after ${applied}, before index ${index}`,
    )
    invariant(
      applied >= floor,
      'T10',
      () => `${what} is served at member ${id} from index ${applied}; ${floor} had been answered before it began`,
    )
    this.#answered = Math.max(this.#answered, applied)
    this.#history.push({ ...this.#recorded(operation), kind: 'read', input: null, output: value, known: true })
  }

  /** A write is answered, applied at `index`. */
  writeAnswered(operation: Operation, index: number): void {
    const { what, floor, value } = operation
    invariant(
      index > floor,
      'T10',
      () => `${what} is applied at index ${index}; ${floor} had been answered before it began`,
    )
    this.#answered = Math.max(this.#answered, index)
    this.#open.delete(operation)
    this.#history.push({ ...this.#recorded(operation), kind: 'write', input: value, output: null, known: true })
  }

  /** T10 for the whole run. Writes without an answer may have happened; reads without one say nothing. */
  finish(): void {
    const open = [...this.#open].map((operation): RegisterOperation => {
      const { value } = operation
      return { ...this.#recorded(operation), kind: 'write', input: value, output: undefined, known: false }
    })
    const { verdict } = judge([...this.#history, ...open], registers, CONFIGURATIONS)
    invariant(verdict !== 'not linearizable', 'T10', () => 'the answers to clients fit no order of their requests')
  }

  #recorded({ what, call }: Operation): { process: string; key: string; call: number; result: number } {
    return { process: what, key: 'register', call, result: this.#clock++ }
  }
}
