import { differenceInterval, type Estimate, LEVEL, meanInterval } from './interval.ts'
import { type Moments, type PairMoments, varianceOf } from './moments.ts'
import { ratioInterval, ratioOfAlike } from './ratio.ts'

/** Replications in which the two differ, below which the plain estimate is kept. */
const HITS_MIN = 30
/** The control must take away at least this share of the variance. */
const GAIN_MIN = 0.5

const METHOD = 'control variate: the exact mean of what parts alone lose, plus the mean of what was lost beyond it'

/**
 * The mean of y when the mean of x, its control on the same randomness, is known: known + mean(y − x), with the
 * interval of the difference. The coefficient is one and not fitted, so the estimate is unbiased however few
 * replications there are.
 *
 * @param pairs x the control, y what is estimated
 * @param known the exact mean of x
 * @returns null where the control does not pay, or too little differed to say how uncertain the difference is
 */
export function controlledMean(pairs: PairMoments, known: number, ceiling: number): Estimate | null {
  const { difference, y } = pairs
  if (difference.hits < HITS_MIN || difference.max === difference.min) return null
  if (varianceOf(difference) > (1 - GAIN_MIN) * varianceOf(y)) return null
  // Mostly everything is lost that the parts alone would lose, and more: then the difference is a loss like any other.
  const beyond = pairs.below.hits === 0 ? meanInterval(difference, { ceiling }) : differenceInterval(pairs, { ceiling })
  const { mean, lo, hi, n } = beyond
  const least = Math.max(0, known + lo)
  return {
    mean: Math.max(0, known + mean),
    lo: least,
    hi: hi === null ? null : Math.min(ceiling, Math.max(least, known + hi)),
    level: LEVEL,
    n,
    method: METHOD,
  }
}

const DIFFERENCE =
  'control variate: the exact difference of what parts alone lose, plus the paired difference of what was lost beyond it'

/**
 * The mean of paired differences when that of their controls is known: known + mean of what differs beyond the controls.
 *
 * @param pairs what is compared
 * @param beyond the same less its controls
 * @param known the exact mean difference of the controls
 * @returns null where the control does not pay, or too little differed to say how uncertain the rest is
 */
export function controlledDifference(pairs: PairMoments, beyond: PairMoments, known: number): Estimate | null {
  const { difference } = beyond
  // Alike in all they lost: then what lies beyond the parts, which is less, says how much may have been missed.
  if (known === 0 && pairs.difference.hits === 0 && difference.hits === 0 && beyond.x.hits > 0) {
    return differenceInterval(beyond)
  }
  if (difference.hits < HITS_MIN || difference.max === difference.min) return null
  if (varianceOf(difference) > (1 - GAIN_MIN) * varianceOf(pairs.difference)) return null
  const { mean, lo, hi, level, n } = differenceInterval(beyond)
  return { mean: known + mean, lo: known + lo, hi: hi === null ? null : known + hi, level, n, method: DIFFERENCE }
}

/**
 * The ratio of two means y / x, each its exact control plus what lies beyond it.
 *
 * @param known exact means of the controls of x and y
 */
export function controlledRatio(beyond: PairMoments, known: readonly [number, number]): Estimate | null {
  const pairs = { ...beyond, x: shifted(beyond.x, known[0]), y: shifted(beyond.y, known[1]) }
  if (!(pairs.x.min > 0) || !(pairs.y.min > 0)) return null
  if (beyond.difference.hits === 0 && known[0] === known[1]) {
    return ratioOfAlike(differenceInterval(beyond), pairs.x.mean)
  }
  const ratio = ratioInterval(pairs)
  return ratio === undefined ? null : { ...ratio, method: `control variates: ${ratio.method}` }
}

/** The moments of values that are all larger by a constant. */
function shifted(moments: Moments, by: number): Moments {
  const { n, mean, min, max } = moments
  return { ...moments, mean: mean + by, min: min + by, max: max + by, hits: n }
}
