import { differenceInterval, type Estimated, LEVEL, meanInterval } from './interval.ts'
import { type PairMoments, varianceOf } from './moments.ts'

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
export function controlledMean(pairs: PairMoments, known: number, ceiling: number): Estimated | null {
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
