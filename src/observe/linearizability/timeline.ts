import { assert } from '../../base/assert.ts'
import type { Operation } from './operation.ts'

/**
 * The calls and answers of a history in order of time, as a doubly linked list out of which operations are lifted, and
 * into which they are put back last out, first in, in constant time.
 *
 * Events are numbered in order of time. Calls come before answers of the same instant: operations that only touch are
 * concurrent. An operation whose outcome is not known has no answer in the list.
 */
export class Timeline {
  /** The operation of each event. */
  readonly #operations: Int32Array
  readonly #isAnswer: Uint8Array
  readonly #next: Int32Array
  readonly #previous: Int32Array
  /** The events of each operation; no answer is −1. */
  readonly #calls: Int32Array
  readonly #answers: Int32Array

  constructor(operations: readonly Operation[]) {
    const events = orderedEvents(operations)
    // One link more than events: the last closes the ring, before the first event and after the last.
    const links = events.length + 1
    this.#operations = Int32Array.from(events, ({ operation }) => operation)
    this.#isAnswer = Uint8Array.from(events, ({ isAnswer }) => (isAnswer ? 1 : 0))
    this.#next = Int32Array.from({ length: links }, (_, event) => (event + 1) % links)
    this.#previous = Int32Array.from({ length: links }, (_, event) => (event + links - 1) % links)
    this.#calls = new Int32Array(operations.length).fill(-1)
    this.#answers = new Int32Array(operations.length).fill(-1)
    for (const [event, { operation, isAnswer }] of events.entries()) {
      const which = isAnswer ? this.#answers : this.#calls
      which[operation] = event
    }
  }

  /** The earliest event that has not been lifted out. */
  get first(): number {
    return this.#next[this.#operations.length]!
  }

  after(event: number): number {
    return this.#next[event]!
  }

  isAnswer(event: number): boolean {
    return this.#isAnswer[event] === 1
  }

  operationOf(event: number): number {
    return this.#operations[event]!
  }

  callOf(operation: number): number {
    return this.#calls[operation]!
  }

  /** Takes the operation's call and answer out of the list. */
  lift(operation: number): void {
    this.#unlink(this.#calls[operation]!)
    if (this.#answers[operation]! >= 0) this.#unlink(this.#answers[operation]!)
  }

  /** Puts back what was lifted last. */
  putBack(operation: number): void {
    if (this.#answers[operation]! >= 0) this.#link(this.#answers[operation]!)
    this.#link(this.#calls[operation]!)
  }

  #unlink(event: number): void {
    this.#next[this.#previous[event]!] = this.#next[event]!
    this.#previous[this.#next[event]!] = this.#previous[event]!
  }

  #link(event: number): void {
    this.#next[this.#previous[event]!] = event
    this.#previous[this.#next[event]!] = event
  }
}

interface TimelineEvent {
  readonly at: number
  readonly operation: number
  readonly isAnswer: boolean
}

function orderedEvents(operations: readonly Operation[]): TimelineEvent[] {
  const events = operations.flatMap(({ call, result, known }, operation): TimelineEvent[] => {
    assert(!known || call <= result, 'an answer does not come before its call')
    const asked = { at: call, operation, isAnswer: false }
    return known ? [asked, { at: result, operation, isAnswer: true }] : [asked]
  })
  const order = (event: TimelineEvent) => (event.isAnswer ? 1 : 0)
  return events.sort((a, b) => a.at - b.at || order(a) - order(b) || a.operation - b.operation)
}
