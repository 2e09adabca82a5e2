import type { Random } from '../../engine/random.ts'
import { addTo, type Moments, newMoments } from '../../stats/moments.ts'
import { addLengthsTo, newWeightedLengths, type WeightedLengths } from '../../stats/weighted-lengths.ts'

/** Of biased cycles, what lost more than an amount of time. Times in milliseconds. */
export interface Exceedances {
  readonly allowed: number
  /** By cycle: its likelihood ratio where it lost more, else 0. */
  readonly cycles: Moments
  /** The same, times how long it was from its first loss to its last. */
  readonly spans: Moments
}

/**
 * What mean stays do not tell: how long each outage was, and which cycles lost more than a certain time. From the first
 * loss of a cycle on its stays are drawn, by a stream of their own, so that all other estimates are as they are without.
 */
export class DrawnTimes {
  readonly lengths: WeightedLengths = newWeightedLengths()
  readonly exceedances: readonly Exceedances[]
  readonly #chance: Random
  /** Of the cycle under way: lengths of its outages, and all of its time since its first loss. */
  readonly #outages: number[] = []
  #isDown = false
  #passed = 0
  #down = 0
  #span = 0

  /** @param allowed what may be lost, for each answer that is wanted */
  constructor(chance: Random, allowed: readonly number[]) {
    this.#chance = chance
    this.exceedances = allowed.map((each) => ({ allowed: each, cycles: newMoments(), spans: newMoments() }))
  }

  /** A stay of this mean, after the first loss of its cycle. */
  stay(mean: number, isUp: boolean): void {
    const stay = -Math.log1p(-this.#chance.next()) * mean
    this.#passed += stay
    if (!isUp) {
      if (!this.#isDown) this.#outages.push(0)
      this.#outages[this.#outages.length - 1]! += stay
      this.#down += stay
      this.#span = this.#passed
    }
    this.#isDown = !isUp
  }

  /** The cycle is over, and has this likelihood ratio. */
  end(ratio: number): void {
    addLengthsTo(this.lengths, ratio, this.#outages)
    for (const { allowed, cycles, spans } of this.exceedances) {
      const weight = this.#down > allowed ? ratio : 0
      addTo(cycles, weight)
      addTo(spans, weight * this.#span)
    }
    this.#outages.length = 0
    this.#isDown = false
    this.#passed = 0
    this.#down = 0
    this.#span = 0
  }
}
