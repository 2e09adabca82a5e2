import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import {
  addDerivativeTo,
  DERIVATIVE_HITS_MIN,
  type DerivativeSums,
  limitOf,
  statisticAt,
  withEffectiveHits,
} from './derivative.ts'
import { type Estimate, LEVEL } from './interval.ts'

/**
 * Limits of the ratio of two means, product over lost, of weighted pairs: every ratio that a skewness-corrected t test of
 * product − ratio · lost does not contradict (Fieller 1954, J. R. Statist. Soc. B 16, 175–185; Hall 1992, ibid. 54,
 * 221–228, for the skewness). Where nearly all pairs have the same ratio and a few a far larger one, the two means vary
 * together, and neither tells how skewed what is left between them is. Above, one more pair is allowed for that may have
 * just been missed: a typical one with twice the ratio.
 *
 * @param sums without scores
 * @returns null: too few pairs to say
 */
export function weightedRatioLimits(sums: DerivativeSums, level = LEVEL): Pick<Estimate, 'lo' | 'hi'> | null {
  const of = withEffectiveHits(sums)
  if (of.hits < DERIVATIVE_HITS_MIN || !(of.lost > 0)) return null
  const mean = of.product / of.lost
  const t = tQuantile((1 + level) / 2, of.hits - 1)
  const bound = (seen: DerivativeSums, side: 1 | -1) => {
    const ratio = seen.product / seen.lost / mean
    return limitOf(ratio, side, (share) => Math.abs(statisticAt(seen, 0, share * mean)) > t)
  }
  const more = { ...of }
  const typical = (of.lost * of.n) / of.hits
  addDerivativeTo(more, typical, 2 * mean * typical, 0)
  const lo = bound(of, -1)
  const his = [bound(of, 1), bound(more, 1)]
  if (lo === null || his.includes(null)) return null
  return { lo: Math.max(0, lo * mean), hi: Math.max(...(his as number[])) * mean }
}
