import { differenceInterval, type Estimate, LEVEL, meanInterval } from './interval.ts'
import { type Moments, type PairMoments, varianceOf } from './moments.ts'

const METHOD = 'control variate: the exact mean of what parts alone lose, plus the mean of what was lost beyond it'

/**
 * The mean of y when the mean of x, its control on the same randomness, is known: known + mean(y − x), with the
 * interval of the difference. The coefficient is one and not fitted, so the estimate is unbiased however few
 * replications there are.
 *
 * Whether it is used must not hang on what was seen of the control: replications that met none of its rare, long losses
 * would be told as if there were none. So it is left out only where it has nothing to do with what is estimated.
 *
 * @param pairs x the control, y what is estimated
 * @param known the exact mean of x
 * @returns null where the control multiplies the variance, or there is no second replication
 */
export function controlledMean(pairs: PairMoments, known: number, ceiling: number): Estimate | null {
  const { difference, y } = pairs
  if (!mayControl(difference, y)) return null
  // Mostly everything is lost that the parts alone would lose, and more: then the difference is a loss like any other.
  const isLoss = pairs.below.hits === 0 && difference.hits > 0
  const beyond = isLoss ? meanInterval(difference, { ceiling }) : differenceInterval(pairs, { ceiling })
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

/** A control that multiplies the variance by more than this has nothing to do with what is estimated. */
const UNRELATED = 2

/** Whether a control may be one, and more than one value was seen of what differs from it. */
function mayControl(beyond: Moments, plain: Moments): boolean {
  const saysNothing = beyond.n < 2 || (beyond.hits > 0 && beyond.max === beyond.min)
  return !saysNothing && varianceOf(beyond) <= UNRELATED * varianceOf(plain)
}

const DIFFERENCE =
  'control variate: the exact difference of what parts alone lose, plus the paired difference of what was lost beyond it'

/**
 * The mean of paired differences when that of their controls is known: known + mean of what differs beyond the controls.
 *
 * @param pairs what is compared
 * @param beyond the same less its controls
 * @param known the exact mean difference of the controls
 * @returns null where the controls multiply the variance, or there is no second replication
 */
export function controlledDifference(
  pairs: PairMoments,
  beyond: PairMoments,
  known: number,
  ceiling: number,
): Estimate | null {
  if (!mayControl(beyond.difference, pairs.difference)) return null
  const { mean, lo, hi, level, n, method } = differenceInterval(beyond, { ceiling })
  // Alike in all they lost: then what lies beyond the parts, which is less, says how much may have been missed.
  if (known === 0 && beyond.difference.hits === 0) return { mean, lo, hi, level, n, method }
  return { mean: known + mean, lo: known + lo, hi: hi === null ? null : known + hi, level, n, method: DIFFERENCE }
}
