import type { ExactQuantiles } from './answer.ts'

/** Shares of outages whose lengths make a curve: close together where it is drawn steep or bends. */
const SHARES = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99]

/** Quantiles of lengths, and their curve. @param at the length (ms) that this share does not exceed */
export function quantilesBy(at: (share: number) => number): ExactQuantiles {
  const curve = SHARES.map((share) => ({ share, ms: at(share) }))
  const of = (share: number) => curve.find((point) => point.share === share)!.ms
  return { p50: of(0.5), p90: of(0.9), p99: of(0.99), curve }
}
