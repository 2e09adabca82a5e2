import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { limitOf } from './derivative.ts'
import {
  cautionOf,
  type Estimate,
  hallTransformed,
  LEVEL,
  type MeanOptions,
  meanInterval,
  towards,
} from './interval.ts'
import { type PairMoments, shifted } from './moments.ts'
import { ratioInterval } from './ratio.ts'

const METHOD =
  'ratio of paired means: limits by skewness-corrected t tests of each ratio (Fieller), wider with few losses'

/**
 * The ratio of paired means y / x, when their difference has an interval already; undefined when x lost nothing, or, with
 * what is known, either came out below nothing.
 *
 * At the true ratio, y − ratio · x has mean zero. The interval holds every ratio at which Hall's transformed t statistic of
 * that does not contradict (Fieller 1954, J. R. Statist. Soc. B 16, 175–185; Hall 1992, ibid. 54, 221–228). So two that lose
 * nearly the same in every pair have a ratio that is as sure as their difference, however long the losses they share. Few
 * losses are treated as in {@link meanInterval}; the wider limits are those from either mean with their correlation, or
 * those from the difference over the first mean, whichever are narrower: both allow for more than there is.
 *
 * @param known what is added to the means of x and y without a chance in it
 */
export function comparedRatio(
  pairs: PairMoments,
  difference: Estimate,
  known: readonly [number, number] = [0, 0],
  options: MeanOptions = {},
): Estimate | undefined {
  const { level = LEVEL } = options
  const moved = { ...pairs, x: shifted(pairs.x, known[0]), y: shifted(pairs.y, known[1]) }
  // Deadlines longer than outages make the parts lose more than the service does.
  if (!(moved.x.mean > 0) || moved.y.mean < 0) return undefined
  const plain = ratioInterval(moved, options)
  if (plain === undefined || plain.mean === 0) return plain
  const through = ratioByDifference(difference, meanInterval(moved.x, options))
  if (pairs.difference.hits === 0) return through
  const wide = { lo: Math.max(plain.lo, through.lo), hi: Math.min(endOf(plain), endOf(through)) }
  const hits = Math.min(pairs.x.hits, pairs.y.hits, pairs.difference.hits)
  return { ...plain, ...between(fiellerLimits(moved, level), wide, hits), method: METHOD }
}

const LENGTH =
  'control variate: the exact mean of what parts alone lose, plus what was lost beyond it, over the outages seen: skewness-corrected t tests of each ratio (Fieller), wider with few losses'

/**
 * The mean length of outages, when it is known how much of the time the parts alone are down: lengths that are seldom met are
 * in what is known. Limits as in {@link comparedRatio}.
 *
 * @param beyond pairs (number of outages, time down beyond what the parts alone were), per replication
 * @param known the exact mean of what the parts alone are down, in the same unit
 * @returns undefined without outages
 */
export function controlledLength(beyond: PairMoments, known: number, level = LEVEL): Estimate | undefined {
  const moved = { ...beyond, y: shifted(beyond.y, known) }
  if (beyond.x.hits === 0 || !(moved.y.mean > 0)) return undefined
  const wide = ratioInterval(moved, { level })
  if (wide === undefined) return undefined
  const limits = { lo: wide.lo, hi: endOf(wide) }
  const ends = between(fiellerLimits(moved, level), limits, Math.min(beyond.x.hits, beyond.y.hits))
  return { ...wide, ...ends, method: LENGTH }
}

interface Limits {
  readonly lo: number
  readonly hi: number
}

/** From Fieller's limits to wider ones, all the way with few losses; without end where there is none. */
function between(fieller: Limits | null, wide: Limits, hits: number): Pick<Estimate, 'lo' | 'hi'> {
  const near = fieller ?? wide
  const share = cautionOf(hits)
  const lo = Math.max(0, towards(near.lo, Math.min(near.lo, wide.lo), share))
  const hi = towards(near.hi, Math.max(near.hi, wide.hi), share)
  return { lo, hi: Number.isFinite(hi) ? hi : null }
}

/** 1 + difference / x, at the limit of x that makes it widest: as if x told nothing of the difference. */
function ratioByDifference(difference: Estimate, x: Estimate): Estimate {
  const { mean, lo, hi, level, n, method } = difference
  const most = x.hi ?? Number.POSITIVE_INFINITY
  const end = hi === null ? Number.POSITIVE_INFINITY : 1 + hi / (hi > 0 ? x.lo : most)
  const least = Math.max(0, 1 + lo / (lo < 0 ? x.lo : most))
  return { mean: 1 + mean / x.mean, lo: least, hi: Number.isFinite(end) ? end : null, level, n, method }
}

function endOf({ hi }: Estimate): number {
  return hi ?? Number.POSITIVE_INFINITY
}

/** Every ratio that Hall's transformed t statistic of y − ratio · x does not contradict; null: there is no end to them. */
function fiellerLimits(pairs: PairMoments, level: number): Limits | null {
  const { x, y, cross, crossXXY, crossXYY } = pairs
  const t = tQuantile((1 + level) / 2, x.n - 1)
  const scale = y.mean / x.mean
  const contradicts = (share: number): boolean => {
    const ratio = share * scale
    const squares = y.m2 - 2 * ratio * cross + ratio ** 2 * x.m2
    const cubes = y.m3 - 3 * ratio * crossXYY + 3 * ratio ** 2 * crossXXY - ratio ** 3 * x.m3
    return !(Math.abs(hallTransformed(y.mean - ratio * x.mean, squares, cubes, x.n)) <= t)
  }
  const lo = limitOf(1, -1, contradicts)
  const hi = limitOf(1, 1, contradicts)
  return lo === null || hi === null ? null : { lo: lo * scale, hi: hi * scale }
}
