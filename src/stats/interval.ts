import gammaQuantile from '@stdlib/math-base-special-gammaincinv'
import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { type Moments, type PairMoments, skewnessOf, standardErrorOf, varianceOf } from './moments.ts'

/** A number with its uncertainty, in result files too. One-sided bounds have `lo` 0 or `hi` null and say so in `method`. */
export interface Estimate {
  readonly mean: number
  readonly lo: number
  /** null: no upper bound can be given. */
  readonly hi: number | null
  readonly level: number
  readonly n: number
  /** How the interval was made. */
  readonly method: string
}

/** The level of every interval unless another is asked for. */
export const LEVEL = 0.95

const HALL_AND_GAMMA = 'Hall skewness-corrected t and Fay-Feuer gamma intervals of the mean, the wider with few losses'

const PAIRED = 'paired by replication: Hall skewness-corrected t and recovered gamma intervals of the two signs'

const MISSED = '1 - (1 - level)^(1/n) of the largest loss either way, as one that differs may have been missed'

/** What is known of a mean beside its sample. */
export interface MeanOptions {
  readonly level?: number
  /** The largest value one observation can take: bounds the mean even when nothing but zeros was seen. */
  readonly ceiling?: number
  /** Variance of the mean over what independent observations would give; at least 1. */
  readonly designEffect?: number
}

/**
 * The mean of non-negative, skewed, mostly-zero observations (time lost in a replication), with its interval.
 *
 * The plain t interval misses the truth above it far too often here. Two corrections are computed; of each side the wider
 * limit is kept with few losses, and what lies half-way between with many:
 * - Hall's monotone cubic transformation of the t statistic (Hall 1992, J. R. Statist. Soc. B 54, 221–228), which
 *   takes the estimated skewness out;
 * - the gamma interval of Fay and Feuer (1997, Statistics in Medicine 16, 791–801): a sum of rare losses is a weighted
 *   sum of Poisson counts, and one more loss, as large as the largest seen, may have just been missed. With equal
 *   losses it is Garwood's exact Poisson interval. Below some 30 losses the missed one is taken larger still, as the
 *   largest of a few says little about the tail.
 *
 * Only zeros seen: the one-sided bound `ceiling` × (1 − (1 − level)^(1/n)), which assumes nothing about what a loss
 * would be but its ceiling. No method sees a kind of loss that has not happened yet in a sample of others.
 */
export function meanInterval(moments: Moments, options: MeanOptions = {}): Estimate {
  const { level = LEVEL, ceiling = Number.POSITIVE_INFINITY, designEffect = 1 } = options
  const { n, mean } = moments
  if (moments.hits === 0) return nothingSeen(n, level, ceiling)
  if (n === 1)
    return { mean, lo: 0, hi: Number.isFinite(ceiling) ? ceiling : null, level, n, method: 'one observation' }
  if (moments.max === moments.min) return { mean, lo: mean, hi: mean, level, n, method: 'no spread seen' }
  const stretch = Math.sqrt(Math.max(1, designEffect))
  const hall = hallLimits(moments, level, stretch)
  const gamma = gammaLimits(moments, level, stretch)
  const share = cautionOf(moments.hits)
  const lo = Math.max(0, towards(hall.lo, Math.min(hall.lo, gamma.lo), share))
  const hi = Math.min(ceiling, towards(hall.hi, Math.max(hall.hi, gamma.hi), share))
  return { mean, lo, hi, level, n, method: HALL_AND_GAMMA }
}

function nothingSeen(n: number, level: number, ceiling: number): Estimate {
  const method = 'none seen: one-sided bound, 1 - (1 - level)^(1/n) of the largest value possible'
  if (n === 0) return { mean: 0, lo: 0, hi: null, level, n, method: 'no observations' }
  const hi = Number.isFinite(ceiling) ? -ceiling * Math.expm1(Math.log1p(-level) / n) : null
  return { mean: 0, lo: 0, hi, level, n, method }
}

/** Up to this many losses the wider limits are kept as they are; from so many on they are met half-way. */
const FEW_LOSSES = 40
const MANY_LOSSES = 150

/**
 * How far to go from Hall's limits to the wider ones. With many losses Hall's are a little short and the wider ones a
 * little long, by simulation with equal, exponential, lognormal and mixed lengths: half-way between they cover 94 to
 * 96 % of nominal 95. With few the wider ones are needed.
 */
export function cautionOf(hits: number): number {
  const few = Math.max(0, Math.min(1, (MANY_LOSSES - hits) / (MANY_LOSSES - FEW_LOSSES)))
  return 0.5 + 0.5 * few
}

/** From one number a share of the way to another. */
export function towards(from: number, to: number, share: number): number {
  return from + share * (to - from)
}

interface Limits {
  readonly lo: number
  readonly hi: number
}

/** Limits of the mean after Hall's transformation of the t statistic; any sign of data. */
function hallLimits(moments: Moments, level: number, stretch = 1): Limits {
  const t = tQuantile((1 + level) / 2, moments.n - 1)
  const a = skewnessOf(moments) / Math.sqrt(moments.n)
  const error = standardErrorOf(moments) * stretch
  return { lo: moments.mean - error * hallInverse(t, a), hi: moments.mean - error * hallInverse(-t, a) }
}

/**
 * Hall's transformation of the t statistic of a mean.
 *
 * @param squares Σ of squared distances from the mean
 * @param cubes the same, cubed
 */
export function hallTransformed(mean: number, squares: number, cubes: number, n: number): number {
  if (!(squares > 0)) return mean === 0 ? 0 : Math.sign(mean) * Number.POSITIVE_INFINITY
  const t = mean / Math.sqrt(squares / (n - 1) / n)
  const a = cubes / squares ** 1.5
  return t + (a * t ** 2) / 3 + (a ** 2 * t ** 3) / 27 + a / 6
}

/** Inverse of T + aT²/3 + a²T³/27 + a/6, with a = skewness / √n. */
function hallInverse(y: number, a: number): number {
  return Math.abs(a) < 1e-6 ? y : (3 / a) * (Math.cbrt(1 + a * (y - a / 6)) - 1)
}

/** Above this shape a gamma quantile is a normal one to the digits that count, and Hall's limits stand alone. */
const SHAPE_MAX = 1e4

/** Gamma limits of the mean of non-negative data of which at least one is not zero. */
function gammaLimits(moments: Moments, level: number, stretch: number): Limits {
  const sum = moments.mean * moments.n
  const variance = varianceOf(moments) * moments.n * stretch ** 2
  // Counted from the mean, so that the interval of observations without spread has no width.
  const missed = (moments.max - moments.mean) * (1 + unseen(moments.hits, moments.n))
  const alpha = (1 - level) / 2
  return {
    lo: gammaLimit(alpha, sum, variance) / moments.n,
    hi: gammaLimit(1 - alpha, sum + missed, variance + missed ** 2) / moments.n,
  }
}

/**
 * How much larger than the largest of `hits` losses among `n` observations a missed one is taken to be. Found by
 * simulation, so that few losses of exponential, lognormal (sigma up to 1.5) and mixed lengths are covered, and nothing is
 * paid for it with many, or where nearly every observation is a sum of losses.
 */
export function unseen(hits: number, n: number): number {
  return (1 - hits / n) * Math.min(30 / hits, (20 / hits) ** 2)
}

/** Quantile of the gamma distribution of this mean and variance. */
function gammaLimit(p: number, mean: number, variance: number): number {
  const shape = mean ** 2 / variance
  return shape > SHAPE_MAX ? mean : (gammaQuantile(p, shape) * variance) / mean
}

/**
 * The mean of paired differences y − x of non-negative values, with its interval.
 *
 * The wider of Hall's skewness-corrected t limits and limits recovered from the gamma intervals of the two signs
 * (Zou and Donner 2008, Statistics in Medicine 27, 1693–1702): differences are rare and heavy on one side when a few
 * outages make them. Only zeros seen: ± the one-sided bound of {@link meanInterval} at `ceiling`. Losses seen that were
 * alike in every pair: ± that bound at the largest of them, as a pair that differs by so much may have just been missed.
 */
export function differenceInterval(pairs: PairMoments, options: MeanOptions = {}): Estimate {
  const { level = LEVEL, ceiling = Number.POSITIVE_INFINITY } = options
  const { difference } = pairs
  const { mean, n } = difference
  if (difference.hits === 0) return noDifference(pairs, level, ceiling)
  if (n === 1) return { mean, lo: -ceiling, hi: ceiling, level, n, method: 'one observation' }
  if (difference.max === difference.min) return { mean, lo: mean, hi: mean, level, n, method: 'no spread seen' }
  const hall = hallLimits(difference, level)
  const largest = Math.max(Math.abs(difference.max), Math.abs(difference.min))
  const above = signLimits(pairs.above, largest, level)
  const below = signLimits(pairs.below, largest, level)
  const up = Math.hypot(above.hi - pairs.above.mean, pairs.below.mean - below.lo)
  const down = Math.hypot(pairs.above.mean - above.lo, below.hi - pairs.below.mean)
  const share = cautionOf(difference.hits)
  const lo = towards(hall.lo, Math.min(hall.lo, mean - down), share)
  const hi = towards(hall.hi, Math.max(hall.hi, mean + up), share)
  return { mean, lo, hi, level, n, method: PAIRED }
}

const NONE_DIFFERED = 'no replication differed'

/** Whether a {@link differenceInterval} is of pairs that were alike, one by one, though something was lost. */
export function isOfAlike({ method }: Pick<Estimate, 'method'>): boolean {
  return method.startsWith(NONE_DIFFERED)
}

function noDifference(pairs: PairMoments, level: number, ceiling: number): Estimate {
  const { n } = pairs.difference
  if (pairs.x.hits > 0) {
    const largest = Math.max(Math.abs(pairs.x.max), Math.abs(pairs.x.min))
    const most = -Math.min(largest, ceiling) * Math.expm1(Math.log1p(-level) / n)
    return { mean: 0, lo: -most, hi: most, level, n, method: `${NONE_DIFFERED}: ${MISSED}` }
  }
  const { hi } = nothingSeen(n, level, ceiling)
  const method = 'neither lost anything: one-sided bounds of each'
  return { mean: 0, lo: -(hi ?? ceiling), hi: hi ?? ceiling, level, n, method }
}

/** Gamma limits of one sign of the differences; none seen of that sign: one as large as the largest of the other. */
function signLimits(moments: Moments, largest: number, level: number): Limits {
  if (moments.hits === 0) return { lo: 0, hi: (-Math.log((1 - level) / 2) * largest) / moments.n }
  return gammaLimits(moments, level, 1)
}

/** The same number in another unit, a positive factor smaller. */
export function scaledEstimate(of: Estimate, factor: number): Estimate {
  return { ...of, mean: of.mean * factor, lo: of.lo * factor, hi: of.hi === null ? null : of.hi * factor }
}

/** Half the interval's width over the mean; infinite without an upper bound or with a mean of zero. */
export function relativeHalfWidth(of: {
  readonly mean: number
  readonly lo: number
  readonly hi: number | null
}): number {
  if (of.hi === null || of.mean === 0) return Number.POSITIVE_INFINITY
  return (of.hi - of.lo) / 2 / Math.abs(of.mean)
}
