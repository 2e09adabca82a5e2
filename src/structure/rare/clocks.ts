import { assert } from '../../base/assert.ts'
import { type Ms, ms } from '../../base/units.ts'
import type { Hazard } from '../../engine/hazard.ts'
import type { Random } from '../../engine/random.ts'
import type { Source } from './sources.ts'

/**
 * The clocks of all sources in a walk. Raising a source's rate by a factor raises its hazard by that factor, whatever its
 * law (hazard-rate biasing: Shahabuddin 1994, IIE Transactions on Operations Engineering 26, 1–13).
 */
export interface Clocks {
  /** Per source: whether its clock runs. */
  readonly running: Uint8Array
  /** A clock that stood still begins anew. */
  renew(source: number, now: Ms): void
  /** Draws who strikes next, and when at the earliest, with hazards raised by these factors. @returns time from now (ms) */
  draw(random: Random, now: Ms, factors: Float64Array): number
  /** Who was drawn. */
  readonly drawn: number
  /** Sum over the running clocks of (factor − 1) × what their hazards accumulate from one time to another. */
  exposure(from: Ms, to: Ms, factors: Float64Array): number
}

/** Sources without a memory. */
export class MemorylessClocks implements Clocks {
  readonly running: Uint8Array
  drawn = -1
  readonly #rates: Float64Array

  constructor(sources: readonly Source[]) {
    this.#rates = Float64Array.from(sources, ({ rate }) => rate)
    this.running = new Uint8Array(sources.length).fill(1)
  }

  renew(): void {
    // They are as new at any time.
  }

  draw(random: Random, _now: Ms, factors: Float64Array): number {
    let total = 0
    for (let i = 0; i < this.#rates.length; i++) if (this.running[i] === 1) total += this.#rates[i]! * factors[i]!
    if (total === 0) return Number.POSITIVE_INFINITY
    const wait = -Math.log1p(-random.next()) / total
    let left = random.next() * total
    for (let i = 0; i < this.#rates.length; i++) {
      if (this.running[i] === 0) continue
      this.drawn = i
      left -= this.#rates[i]! * factors[i]!
      if (left < 0) break
    }
    return wait
  }

  exposure(from: Ms, to: Ms, factors: Float64Array): number {
    let sum = 0
    for (let i = 0; i < this.#rates.length; i++) {
      if (this.running[i] === 1) sum += this.#rates[i]! * (factors[i]! - 1)
    }
    return sum * (to - from)
  }
}

/** Sources whose hazard hangs on how long they have run. */
export class AgingClocks implements Clocks {
  readonly running: Uint8Array
  drawn = -1
  readonly #hazards: readonly Hazard[]
  /** When each was new; may lie before time began. */
  readonly #newAt: Float64Array

  /** @param ages at time `now` (ms) */
  constructor(hazards: readonly Hazard[], ages: Float64Array, now: Ms) {
    this.#hazards = hazards
    this.#newAt = ages.map((age) => now - age)
    this.running = new Uint8Array(hazards.length).fill(1)
  }

  renew(source: number, now: Ms): void {
    this.#newAt[source] = now
  }

  /** Lets everybody have been new so much earlier. */
  grow(by: number): void {
    for (let i = 0; i < this.#newAt.length; i++) this.#newAt[i]! -= by
  }

  agesAt(now: Ms): Float64Array {
    return this.#newAt.map((newAt) => now - newAt)
  }

  draw(random: Random, now: Ms, factors: Float64Array): number {
    let first = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.#hazards.length; i++) {
      if (this.running[i] === 0) continue
      const { cumulative, at } = this.#hazards[i]!
      const age = now - this.#newAt[i]!
      const wait = at(cumulative(age) - Math.log1p(-random.next()) / factors[i]!) - age
      if (wait >= first) continue
      first = Math.max(0, wait)
      this.drawn = i
    }
    assert(this.drawn >= 0, 'some clock runs, and its hazard can be told')
    return first
  }

  exposure(from: Ms, to: Ms, factors: Float64Array): number {
    let sum = 0
    for (let i = 0; i < this.#hazards.length; i++) {
      if (this.running[i] === 0 || factors[i] === 1) continue
      const { cumulative } = this.#hazards[i]!
      const newAt = this.#newAt[i]!
      sum += (factors[i]! - 1) * (cumulative(to - newAt) - cumulative(from - newAt))
    }
    return sum
  }
}

/** A wait on the clock's grid. */
export function onGrid(wait: number): Ms {
  return wait === Number.POSITIVE_INFINITY ? (wait as Ms) : ms(wait)
}
