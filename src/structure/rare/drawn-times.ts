import type { Random } from '../../engine/random.ts'
import { addLengthsTo, newWeightedLengths, type WeightedLengths } from '../../stats/weighted-lengths.ts'
import { addExceedances, type Exceedances, newExceedances } from './exceedances.ts'

/**
 * What mean stays do not tell: how long each outage was, and which cycles lost more than a certain time. From the first
 * loss of a cycle on its stays are drawn, by a stream of their own, so that all other estimates are as they are without.
 */
export class DrawnTimes {
  readonly lengths: WeightedLengths = newWeightedLengths()
  /** In the order of what is allowed. */
  readonly exceedances: readonly Exceedances[]
  readonly #allowed: readonly number[]
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
    this.#allowed = allowed
    this.exceedances = allowed.map(newExceedances)
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
    for (const [i, exceedances] of this.exceedances.entries()) {
      const cycles = this.#down > this.#allowed[i]! ? ratio : 0
      addExceedances(exceedances, { cycles, spans: cycles * this.#span })
    }
    this.#outages.length = 0
    this.#isDown = false
    this.#passed = 0
    this.#down = 0
    this.#span = 0
  }
}
