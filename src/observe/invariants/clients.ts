import { invariant } from './violation.ts'

/** A client's request under way. */
export interface Operation {
  readonly what: string
  /** Highest position that had been answered to anyone when it began. */
  readonly floor: number
  /** Highest index committed anywhere when it began. */
  readonly committed: number
}

/**
 * T10, T11, T13. Every write and read has a place in one order, the log: a write at its index, a read after the last
 * index applied where it was served. The history is linearizable if that order agrees with real time: whoever begins
 * after another was answered comes after it. Nothing has to be searched, because the places are known.
 */
export class ClientHistory {
  #answered = 1
  readonly #indexInvariant: 'T11' | 'T12'

  constructor(readOnlyOption: 'safe' | 'lease') {
    this.#indexInvariant = readOnlyOption === 'safe' ? 'T11' : 'T12'
  }

  begin(what: string, committed: number): Operation {
    return { what, floor: this.#answered, committed }
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
  readServed({ what, floor }: Operation, id: number, index: number, applied: number): void {
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
  }

  /** A write is answered, applied at `index`. */
  writeAnswered({ what, floor }: Operation, index: number): void {
    invariant(
      index > floor,
      'T10',
      () => `${what} is applied at index ${index}; ${floor} had been answered before it began`,
    )
    this.#answered = Math.max(this.#answered, index)
  }
}
