import { YEAR } from '../base/units.ts'
import { differenceInterval } from '../stats/interval.ts'
import { type PairMoments, scaledPairs } from '../stats/moments.ts'
import { ratioInterval } from '../stats/ratio.ts'
import { perYear } from './estimate.ts'
import type { Comparison } from './result.ts'

/** Which two variants a comparison is of, and on what. */
export interface Compared {
  readonly service: string
  readonly baseline: string
  readonly variant: string
}

/**
 * How much more (or less) the variant loses than the baseline, as a difference and as a ratio, from their lost
 * milliseconds paired by replication: common random numbers make both face the same failures.
 */
export function comparisonOf(of: Compared, lost: PairMoments, horizon: number): Comparison {
  const pairs = scaledPairs(lost, perYear(horizon))
  const ceiling = YEAR / 1000
  return {
    service: of.service,
    baseline: of.baseline,
    variant: of.variant,
    lostSecondsPerYear: differenceInterval(pairs, { ceiling }),
    ratio: ratioInterval(pairs, { ceiling }) ?? null,
  }
}
