import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { exponentialMeanInterval } from './count.ts'
import { differenceInterval, type Estimate, LEVEL, type MeanOptions, meanInterval } from './interval.ts'
import { correlationOf, type Moments, type PairMoments, varianceOf } from './moments.ts'

/**
 * The ratio of paired means y / x, with its interval; undefined when x never lost anything.
 *
 * Limits on the log scale, recovered from the two means' own (skewness-corrected) intervals with the pairs'
 * correlation (MOVER; Donner and Zou 2012, Statistical Methods in Medical Research 21), and never narrower than the
 * delta method's. They become the delta method's when there is plenty of data.
 */
export function ratioInterval(pairs: PairMoments, options: MeanOptions = {}): Estimate | undefined {
  const { level = LEVEL } = options
  const below = meanInterval(pairs.x, options)
  const above = meanInterval(pairs.y, options)
  if (below.mean === 0 || pairs.x.n < 2) return undefined
  const mean = above.mean / below.mean
  const { n } = pairs.x
  if (pairs.difference.hits === 0) return ratioOfAlike(differenceInterval(pairs, options), below.mean)
  if (pairs.y.hits === 0) return nothingAbove(below, above)
  const rho = correlationOf(pairs)
  const delta = deltaHalfWidth(pairs, rho, level)
  const down = recovered(Math.log(above.mean / above.lo), logRise(below), rho)
  const up = recovered(logRise(above), Math.log(below.mean / below.lo), rho)
  const lo = mean * Math.exp(-Math.max(delta, down))
  const hi = mean * Math.exp(Math.max(delta, up))
  return { mean, lo, hi: Number.isFinite(hi) ? hi : null, level, n, method: RATIO }
}

const RATIO = 'ratio of paired means: log-scale limits recovered from both means with their correlation'

/** The ratio of means that were alike in every pair, by how far their difference may be from nothing. */
function ratioOfAlike({ hi, level, n, method }: Estimate, mean: number): Estimate {
  const rise = hi === null ? Number.POSITIVE_INFINITY : 1 + hi / mean
  return { mean: 1, lo: 1 / rise, hi: Number.isFinite(rise) ? rise : null, level, n, method }
}

function nothingAbove(below: Estimate, above: Estimate): Estimate {
  const hi = above.hi !== null && below.lo > 0 ? above.hi / below.lo : null
  const method = 'the second lost nothing: one-sided bound over the lower limit of the first'
  return { mean: 0, lo: 0, hi, level: below.level, n: below.n, method }
}

function logRise(of: Estimate): number {
  return of.hi === null ? Number.POSITIVE_INFINITY : Math.log(of.hi / of.mean)
}

function recovered(a: number, b: number, rho: number): number {
  if (a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
  return Math.sqrt(Math.max(0, a * a + b * b - 2 * rho * a * b))
}

/** z times the standard error of the logarithm of the ratio. */
function deltaHalfWidth(pairs: PairMoments, rho: number, level: number): number {
  const { x, y } = pairs
  const cx = Math.sqrt(varianceOf(x) / x.n) / x.mean
  const cy = Math.sqrt(varianceOf(y) / y.n) / y.mean
  return normalQuantile((1 + level) / 2, 0, 1) * recovered(cx, cy, rho)
}

/** Below this many outages the interval of their mean length also allows for exponential lengths. */
const FEW = 10

/**
 * The mean length of outages: total length over number, with an interval that allows for outages of a replication
 * being alike.
 *
 * @param lengths Moments over all outages.
 * @param perReplication Pairs (number, total length) over the replications: the ratio estimator's variance by the delta
 * method over that of independent outages is the design effect that stretches the interval of {@link meanInterval}.
 * @returns undefined without outages.
 */
export function meanLengthInterval(
  lengths: Moments,
  perReplication: PairMoments,
  level: number = LEVEL,
): Estimate | undefined {
  if (lengths.n === 0) return undefined
  const own =
    lengths.n === 1 ? undefined : meanInterval(lengths, { level, designEffect: designEffect(lengths, perReplication) })
  if (own !== undefined && lengths.n >= FEW)
    return { ...own, method: `ratio estimator over replications: ${own.method}` }
  const exponential = exponentialMeanInterval(lengths.n, lengths.mean * lengths.n, lengths.n, level)
  if (exponential === undefined) return own
  return {
    ...exponential,
    lo: Math.min(exponential.lo, own?.lo ?? exponential.lo),
    hi: Math.max(exponential.hi ?? 0, own?.hi ?? 0),
    method: 'few outages: not narrower than the chi-square interval of exponential lengths',
  }
}

function designEffect(lengths: Moments, pairs: PairMoments): number {
  const independent = varianceOf(lengths) / lengths.n
  if (!(independent > 0) || pairs.x.n < 2) return 1
  return Math.max(1, ratioVariance(pairs) / independent)
}

/** Variance of ȳ / x̄ by the delta method. */
function ratioVariance({ x, y, cross }: PairMoments): number {
  const ratio = y.mean / x.mean
  const covariance = cross / (x.n - 1)
  const residual = varianceOf(y) + ratio ** 2 * varianceOf(x) - 2 * ratio * covariance
  return Math.max(0, residual) / x.n / x.mean ** 2
}
