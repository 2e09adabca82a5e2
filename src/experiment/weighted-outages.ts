import { type WeightedLengths, WeightedQuantiles } from '../stats/weighted-lengths.ts'
import { outageCurve } from './outage-curve.ts'
import type { Quantile, ServiceResult } from './result.ts'

/** Single outages as weighted cycles tell them: quantiles of their lengths. The longest is whichever was brought about. */
export function weightedOutages(lengths: WeightedLengths): {
  readonly outageSeconds: Omit<ServiceResult['outageSeconds'], 'mean'>
  readonly outageCurve: ServiceResult['outageCurve']
} {
  const quantiles = new WeightedQuantiles(lengths)
  const at = (p: number): Quantile | null => {
    const bounds = quantiles.bounds(p)
    if (bounds === undefined) return null
    const { value, lo, hi } = bounds
    return { value: value / 1000, lo: lo / 1000, hi: hi === null ? null : hi / 1000 }
  }
  return {
    outageSeconds: { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: null },
    outageCurve: outageCurve(quantiles.cumulative()),
  }
}
