import { SECONDS_PER_YEAR } from '../base/units.ts'
import { comparedRatio } from '../stats/compared-ratio.ts'
import { controlledDifference } from '../stats/control-variate.ts'
import { differenceInterval } from '../stats/interval.ts'
import { scaledPairs } from '../stats/moments.ts'
import { perYear } from './estimate.ts'
import type { LostPairs } from './pairs.ts'
import type { Comparison } from './result.ts'

/** Which two variants a comparison is of, and on what. */
export interface Compared {
  readonly service: string
  readonly baseline: string
  readonly variant: string
  /** Exact long-run unavailability of the parts alone, of the baseline and of the variant; null: not known. */
  readonly known: readonly [number, number] | null
}

/**
 * How much more (or less) the variant loses than the baseline, as a difference and as a ratio, from their lost
 * milliseconds paired by replication: common random numbers make both face the same failures. Where what the parts alone
 * lose is known of both, it is the control.
 */
export function comparisonOf(of: Compared, pairs: LostPairs, horizon: number): Comparison {
  const lost = scaledPairs(pairs.lost, perYear(horizon))
  const ceiling = SECONDS_PER_YEAR
  const known = of.known?.map((unavailability) => unavailability * SECONDS_PER_YEAR) as [number, number] | undefined
  const beyond = scaledPairs(pairs.beyond, perYear(horizon))
  const isControlled = known !== undefined && pairs.beyond.x.n === pairs.lost.x.n
  const controlled = isControlled ? controlledDifference(lost, beyond, known[1] - known[0], ceiling) : null
  const difference = controlled ?? differenceInterval(lost, { ceiling })
  const ratio =
    controlled === null
      ? comparedRatio(lost, difference, [0, 0], { ceiling })
      : comparedRatio(beyond, difference, known, { ceiling })
  return {
    service: of.service,
    baseline: of.baseline,
    variant: of.variant,
    lostSecondsPerYear: difference,
    ratio: ratio ?? null,
  }
}
