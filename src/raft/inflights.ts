import { assert } from '../base/assert.ts'

/** What windows that were never used share; the first append makes a ring. */
const NOTHING: number[] = []

/**
 * The appends under way to one peer, oldest first: the last index and the bytes of each.
 * A ring that grows to the window's size only if it is used.
 */
export class Inflights {
  readonly #maxCount: number
  readonly #maxBytes: number
  #indexes = NOTHING
  #sizes = NOTHING
  #start = 0
  #count = 0
  #bytes = 0

  constructor(maxCount: number, maxBytes: number) {
    this.#maxCount = maxCount
    this.#maxBytes = maxBytes
  }

  get count(): number {
    return this.#count
  }

  /** Whether nothing more may be sent before an answer. */
  get full(): boolean {
    return this.#count >= this.#maxCount || this.#bytes >= this.#maxBytes
  }

  /** Notes an append whose last entry has this index; indexes rise. */
  add(lastIndex: number, bytes: number): void {
    assert(!this.full, 'nothing is sent into a full window')
    if (this.#count === this.#indexes.length) this.#grow()
    const slot = (this.#start + this.#count) % this.#indexes.length
    this.#indexes[slot] = lastIndex
    this.#sizes[slot] = bytes
    this.#count++
    this.#bytes += bytes
  }

  /** Frees all appends up to and including `index`. */
  freeTo(index: number): void {
    while (this.#count > 0 && this.#indexes[this.#start]! <= index) this.freeOldest()
  }

  /** Frees the oldest append, answered or not. */
  freeOldest(): void {
    if (this.#count === 0) return
    this.#bytes -= this.#sizes[this.#start]!
    this.#count--
    this.#start = this.#count === 0 ? 0 : (this.#start + 1) % this.#indexes.length
  }

  clear(): void {
    this.#start = 0
    this.#count = 0
    this.#bytes = 0
  }

  /** Doubles the ring, unrolled so that the oldest comes first. */
  #grow(): void {
    const length = this.#indexes.length
    const indexes: number[] = []
    const sizes: number[] = []
    for (let i = 0; i < length; i++) {
      indexes.push(this.#indexes[(this.#start + i) % length]!)
      sizes.push(this.#sizes[(this.#start + i) % length]!)
    }
    for (let i = length; i < Math.max(4, 2 * length); i++) {
      indexes.push(0)
      sizes.push(0)
    }
    this.#indexes = indexes
    this.#sizes = sizes
    this.#start = 0
  }
}
