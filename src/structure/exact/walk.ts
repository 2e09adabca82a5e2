import { assert } from '../../base/assert.ts'
import type { Steps } from './uniform.ts'
import {
  type Advance,
  compiledAdvance,
  ENTRIES_END,
  FIRST,
  type Places,
  plainAdvance,
  ROW,
  SECOND,
  STAYS,
} from './walk-kernel.ts'

/** Numbers that a walk sums over all states, each with its mass, at every step; left out: nothing. */
export interface Weights {
  readonly first?: ArrayLike<number>
  readonly second?: ArrayLike<number>
}

/**
 * A walk of mass along a chain, one step at a time. All walks take turns in one memory, so that there is never more than
 * one in use: whoever begins the next ends the one before.
 */
export class Walk {
  readonly #size: number
  readonly #turn: number
  readonly #places: Places
  #now: number
  #next: number

  constructor(steps: Steps, start: Float64Array, weights: Weights = {}) {
    const { size, starts } = steps
    const entries = steps.sources.length
    this.#size = size
    this.#now = 16
    this.#next = this.#now + 8 * size
    const spent = this.#next + 8 * size
    const rows = spent + 8 * size
    const values = rows + ROW * size
    const sources = values + 8 * entries
    this.#places = { sums: 0, rows, rowsEnd: values, values, sources, spent }
    this.#turn = field.take(sources + 4 * entries)
    const { floats, integers } = field
    floats.set(start, this.#now >> 3)
    floats.fill(0, spent >> 3, rows >> 3)
    for (let i = 0; i < size; i++) {
      const row = rows + ROW * i
      floats[(row + STAYS) >> 3] = steps.stays[i]!
      floats[(row + FIRST) >> 3] = weights.first?.[i] ?? 0
      floats[(row + SECOND) >> 3] = weights.second?.[i] ?? 0
      integers[(row + ENTRIES_END) >> 2] = values + 8 * starts[i + 1]!
    }
    floats.set(steps.values, values >> 3)
    for (let k = 0; k < entries; k++) integers[(sources >> 2) + k] = 8 * steps.sources[k]!
  }

  /** One step. @param time that is spent before it: counted in {@link spent} */
  step(time = 0): void {
    assert(field.turn === this.#turn, 'one walk at a time')
    field.advance(this.#places, this.#now, this.#next, time)
    const kept = this.#now
    this.#now = this.#next
    this.#next = kept
  }

  /** Sums with the first and the second weights over the states as they were before the last step. */
  get first(): number {
    return field.floats[0]!
  }
  get second(): number {
    return field.floats[1]!
  }

  /** The mass of each state: what is written here is what the next step begins with. */
  get mass(): Float64Array {
    return field.floats.subarray(this.#now >> 3, (this.#now >> 3) + this.#size)
  }

  /** The time spent in each state, times its mass. */
  spent(): Float64Array {
    const first = this.#places.spent >> 3
    return field.floats.slice(first, first + this.#size)
  }
}

const PAGE = 65536

/** The memory in which walks take turns; it grows with the largest. */
class Field {
  floats = new Float64Array(0)
  integers = new Int32Array(0)
  turn = 0
  #advance: Advance | null = null
  #compiled: ReturnType<typeof compiledAdvance> | undefined

  get advance(): Advance {
    return this.#advance!
  }

  /** @returns the number of the turn that begins */
  take(bytes: number): number {
    if (this.#advance === null || bytes > 8 * this.floats.length) this.#grow(bytes)
    return ++this.turn
  }

  #grow(bytes: number): void {
    this.#compiled ??= compiledAdvance()
    const pages = Math.ceil(bytes / PAGE)
    const { memory } = this.#compiled ?? {}
    if (memory !== undefined && memory.buffer.byteLength < pages * PAGE)
      memory.grow(pages - memory.buffer.byteLength / PAGE)
    const buffer = memory?.buffer ?? new ArrayBuffer(pages * PAGE)
    this.floats = new Float64Array(buffer)
    this.integers = new Int32Array(buffer)
    this.#advance = this.#compiled?.advance ?? plainAdvance(buffer)
  }
}

const field = new Field()
