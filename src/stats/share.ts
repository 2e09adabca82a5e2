import { probabilityInterval } from './count.ts'
import { type Estimate, LEVEL, meanInterval } from './interval.ts'
import { addTo, type Moments, newMoments, scaled } from './moments.ts'

/**
 * Parts of wholes that are observed together: months of replications, each a hit or not. Those of one whole may be alike,
 * so the whole is the unit.
 */
export interface Shares {
  /** Per whole: how many of its parts are hits, and how many are none. */
  readonly hits: Moments
  readonly others: Moments
  /** Over all. */
  parts: number
  hitParts: number
}

export function newShares(): Shares {
  return { hits: newMoments(), others: newMoments(), parts: 0, hitParts: 0 }
}

/** Adds one whole of so many parts; every whole has the same number. */
export function addShareTo(shares: Shares, hits: number, parts: number): void {
  addTo(shares.hits, hits)
  addTo(shares.others, parts - hits)
  shares.parts += parts
  shares.hitParts += hits
}

const OVER_WHOLES = 'over replications, whose months may be alike'

/**
 * The share of parts that are hits, with an interval that holds however alike the parts of a whole are.
 *
 * It is the mean over the wholes of the share in each (the ratio estimator of cluster sampling, as all are of one size; Cochran
 * 1977, Sampling Techniques, 9A.1), with the interval of a skewed mean for whichever is rarer, hits or their absence. That
 * never goes beyond what is certain of m parts each: a whole with a hit has between 1 / m and all of them, so the share lies
 * between 1 / m of the exact lower and the exact upper limit of the probability of such a whole (Clopper and Pearson).
 *
 * No hit, or nothing but hits: the one-sided bound as if a whole were all hits or none. No spread between wholes of parts of
 * both kinds says little when there are few: the exact interval then takes each for one trial.
 *
 * @returns `n` counts wholes; undefined without parts
 */
export function shareInterval(shares: Shares, level: number = LEVEL): Estimate | undefined {
  const { hits, others, parts, hitParts } = shares
  if (parts === 0) return undefined
  const { n } = hits
  const mean = hitParts / parts
  const size = parts / n
  if (size === 1) return probabilityInterval(hitParts, n, level)
  if (hitParts === 0 || hitParts === parts) {
    const bound = probabilityInterval(hitParts === 0 ? 0 : n, n, level)
    return { ...bound, method: `${bound.method} ${OVER_WHOLES}` }
  }
  const isRare = 2 * hitParts <= parts
  const { lo, hi } = rareLimits(isRare ? hits : others, size, level)
  const ends = isRare ? { lo, hi } : { lo: 1 - hi, hi: 1 - lo }
  return { mean, ...ends, level, n, method: `share ${OVER_WHOLES}: skewness-corrected, within exact binomial limits` }
}

function rareLimits(counts: Moments, size: number, level: number): { readonly lo: number; readonly hi: number } {
  const { n } = counts
  const share = scaled(counts, 1 / size)
  const touched = probabilityInterval(counts.hits, n, level)
  const certain = { lo: touched.lo / size, hi: touched.hi ?? 1 }
  // Where nothing varies the skewed mean would have no width.
  const isFlat = share.max === share.min
  const { lo, hi } = isFlat ? probabilityInterval(share.mean * n, n, level) : meanInterval(share, { level, ceiling: 1 })
  return { lo: Math.max(lo, certain.lo), hi: Math.min(hi ?? 1, certain.hi) }
}
