import { type Estimate, LEVEL } from './interval.ts'

/**
 * A part of a rate, none of whose hits belonged to it: nothing, with a one-sided bound for its share of the whole.
 *
 * @param hits how many equal ones were seen of the whole
 */
export function noneOf(whole: Estimate, hits: number): Estimate {
  const share = -Math.expm1(Math.log1p(-LEVEL) / Math.max(1, hits))
  const hi = whole.hi === null ? null : whole.hi * share
  return { ...whole, mean: 0, lo: 0, hi, method: `${whole.method}: none of these seen: one-sided bound of the whole` }
}
