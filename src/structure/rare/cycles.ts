import type { Random } from '../../engine/random.ts'
import { addDerivativeTo, type DerivativeSums, newDerivativeSums } from '../../stats/derivative.ts'
import { addPairTo, addTo, type Moments, newMoments, newPairMoments, type PairMoments } from '../../stats/moments.ts'
import { AIMED, aimOf, COSTLY, DOUBTING, TRUTH, weightOf } from './aims.ts'
import type { CycleScores } from './cycle-scores.ts'
import type { DrawnTimes } from './drawn-times.ts'
import type { LazyChain } from './lazy-chain.ts'

/** What regenerative cycles, from everything up to everything up again, came to. Times in milliseconds. */
export interface CycleSums {
  /** Biased cycles: (outages, time down) of each, times its likelihood ratio. */
  readonly losses: PairMoments
  /** The same, with how skewed the two are together. */
  readonly lossRatio: DerivativeSums
  /** Biased cycles: likelihood ratio of those in which the service was lost, else 0. */
  readonly hits: Moments
  /** Biased cycles: likelihood ratio times the square of the time down: what unbiased cycles would scatter by. */
  readonly squares: Moments
  /** Unbiased cycles: their length, and the time until the service was lost or the cycle was over. */
  readonly cycleLengths: Moments
  readonly untilLost: Moments
  /** Unbiased cycles: (length, time up that no loss comes after before everything is up again). */
  readonly open: PairMoments
  /** The same: (length, integral over the time up of how long it is until the next loss or the end of the cycle). */
  readonly waits: PairMoments
  /** Steps walked: the measure of work. */
  biasedSteps: number
  plainSteps: number
  /** Biased cycles: what hangs on more than means of times; null: nobody asks. */
  readonly drawn: DrawnTimes | null
  /** What both say of derivatives; null: nobody asks. */
  readonly scores: CycleScores | null
}

export function newCycleSums(drawn: DrawnTimes | null = null, scores: CycleScores | null = null): CycleSums {
  return {
    losses: newPairMoments(),
    lossRatio: newDerivativeSums(),
    hits: newMoments(),
    squares: newMoments(),
    cycleLengths: newMoments(),
    untilLost: newMoments(),
    open: newPairMoments(),
    waits: newPairMoments(),
    biasedSteps: 0,
    plainSteps: 0,
    drawn,
    scores,
  }
}

/** A cycle of more steps hardly ever comes back. */
const STEPS_MAX = 200_000

/**
 * Walks a cycle with biased moves until the service is lost, then with true ones, or with costly ones to its end; holding times are replaced by their
 * means, which leaves every expectation as it is, but where more than a mean is asked for.
 *
 * @returns false: it did not come back
 */
export function biasedCycle(chain: LazyChain, chance: Random, sums: CycleSums, stepsMax = STEPS_MAX): boolean {
  let state = chain.start
  const aim = aimOf(chance.next())
  // How much likelier the walk is, if aimed with doubt, if aimed, and if costly, than in truth.
  let doubting = 1
  let aimed = 1
  let costly = 1
  let wasLost = false
  let isUp = true
  let outages = 0
  let down = 0
  const scores = sums.scores?.begin() ?? null
  const last = sums.biasedSteps + stepsMax
  do {
    if (sums.biasedSteps === last) return false
    const stay = 1 / chain.rateOf(state)
    if (!isUp) {
      down += stay
      scores?.stay(state, stay)
    }
    if (wasLost) sums.drawn?.stay(stay, isUp)
    const u = chance.next()
    const place = aim === COSTLY ? chain.placeByCost(down, state, u) : chain.placeBy(wasLost ? TRUTH : aim, state, u)
    if (!wasLost) {
      doubting *= chain.oddsAt(DOUBTING, place)
      aimed *= chain.oddsAt(AIMED, place)
    }
    costly *= chain.costOddsAt(down, state, place)
    scores?.move(state, chain.orderOf(state, place))
    state = chain.targetAt(place)
    sums.biasedSteps++
    const wasUp = isUp
    isUp = chain.isUp(state)
    if (wasUp && !isUp) {
      outages++
      wasLost = true
    }
  } while (state !== chain.start)
  const ratio = weightOf(doubting, aimed, costly)
  addPairTo(sums.losses, ratio * outages, ratio * down)
  addDerivativeTo(sums.lossRatio, ratio * outages, ratio * down, 0)
  addTo(sums.hits, wasLost ? ratio : 0)
  addTo(sums.squares, ratio * down * down)
  sums.drawn?.end(ratio)
  scores?.endBiased(ratio, down)
  return true
}

/**
 * Walks a cycle with true moves. Of a time up that is a sum of exponential stays with means s, the integral of what is left
 * of it has the mean ((Σ s)² + Σ s²) / 2: a stay leaves s² of its own, and s times the means of all after it.
 *
 * @returns false: it did not come back
 */
export function plainCycle(chain: LazyChain, chance: Random, sums: CycleSums): boolean {
  let state = chain.start
  let length = 0
  let untilLost = 0
  let wasLost = false
  // Of the time up that is under way: stays and their squares; and what those before it left.
  let open = 0
  let squares = 0
  let waits = 0
  const scores = sums.scores?.begin() ?? null
  const last = sums.plainSteps + STEPS_MAX
  do {
    if (sums.plainSteps === last) return false
    const place = chain.placeBy(TRUTH, state, chance.next())
    const stay = 1 / chain.rateOf(state)
    length += stay
    if (!wasLost) untilLost += stay
    if (chain.isUp(state)) {
      open += stay
      squares += stay * stay
    }
    scores?.stay(state, stay)
    scores?.move(state, chain.orderOf(state, place))
    state = chain.targetAt(place)
    sums.plainSteps++
    if (chain.isUp(state)) continue
    wasLost = true
    waits += (open * open + squares) / 2
    open = 0
    squares = 0
  } while (state !== chain.start)
  addTo(sums.cycleLengths, length)
  addTo(sums.untilLost, untilLost)
  addPairTo(sums.open, length, open)
  addPairTo(sums.waits, length, waits + (open * open + squares) / 2)
  scores?.endPlain(length)
  return true
}
