import { HOUR, MINUTE } from '../base/units.ts'
import type { ExactService } from '../structure/exact/answer.ts'
import { solveExactly } from '../structure/exact/solve.ts'
import type { PartModel } from '../structure/model.ts'

/** The year of reference values. */
export const YEAR_H = 8760 * HOUR

/**
 * Exact answers of one service, from both starts; each is solved when it is asked for.
 * @param objective availability of which the misses are asked for; null: not asked, as that may take long
 * @throws where there are none: the tables hold only what is solved
 */
export function exactAnswers(
  model: PartModel,
  service: string,
  horizon: number,
  at: readonly number[],
  objective: number | null = null,
) {
  const ask = (start: 'steady' | 'all-up'): ExactService => {
    const outcome = solveExactly(model, {
      services: [service],
      start,
      horizon,
      at,
      fit: false,
      effort: 'all',
      objectives: [objective],
    })
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join('; '))
    return outcome.services[0]!
  }
  let steady: ExactService | undefined
  let fresh: ExactService | undefined
  return {
    get steady(): ExactService {
      steady ??= ask('steady')
      return steady
    },
    get fresh(): ExactService {
      fresh ??= ask('all-up')
      return fresh
    },
  }
}

/** The objective of which a year falls short that loses more than an hour. */
export const HOUR_A_YEAR = 1 - HOUR / YEAR_H

/** Exact answers by the names that reference values have; undefined: not to be had. */
export function namedAnswers(
  model: PartModel,
  service: string,
  horizon: number,
  at: readonly number[],
  objective: number | null = null,
): { readonly [name: string]: number | undefined } {
  const { steady, fresh } = exactAnswers(model, service, horizon, at, objective)
  const { longRun } = steady
  const { interval, noOutageInHorizon, firstOutageMs, at: instants } = fresh
  const hours = (ms: number | null | undefined) => (ms === null || ms === undefined ? undefined : ms / HOUR)
  const [early, late] = [instants?.[0], instants?.[1]]
  return {
    steady_unavailability: longRun.unavailability,
    steady_p_not_minimum: longRun.unavailability,
    steady_availability: 1 - longRun.unavailability,
    downtime_min_per_year: longRun.unavailability * (YEAR_H / MINUTE),
    mean_uptime_between_outages_h: hours((1 - longRun.unavailability) / longRun.outagesPerMs),
    outages_per_year: longRun.outagesPerMs * YEAR_H,
    below_minimum_periods_per_year: longRun.outagesPerMs * YEAR_H,
    mean_outage_duration_h: hours(longRun.meanOutageMs),
    mean_outage_duration_s: longRun.meanOutageMs === null ? undefined : longRun.meanOutageMs / 1000,
    mean_below_minimum_duration_h: hours(longRun.meanOutageMs),
    outage_duration_p50_h: hours(longRun.outageQuantilesMs?.p50),
    outage_duration_p90_h: hours(longRun.outageQuantilesMs?.p90),
    outage_duration_p99_h: hours(longRun.outageQuantilesMs?.p99),
    mttf_from_all_up_h: hours(firstOutageMs),
    mean_time_to_first_below_minimum_h: hours(firstOutageMs),
    mean_time_to_majority_lost_h: hours(firstOutageMs),
    p_no_outage_1y_from_all_up: noOutageInHorizon ?? undefined,
    p_no_outage_1y_from_all_new: noOutageInHorizon ?? undefined,
    mean_interval_unavailability_1y_from_all_up: interval === null ? undefined : interval.lostMs / YEAR_H,
    mean_interval_unavailability_1y_from_all_new: interval === null ? undefined : interval.lostMs / YEAR_H,
    mean_outages_1y_from_all_up: interval?.outages,
    mean_downtime_min_1y_from_all_up: interval === null ? undefined : interval.lostMs / MINUTE,
    p_downtime_gt_1h_in_1y_from_all_up: fresh.probabilityOfMissInHorizon ?? undefined,
    p_outage_within_1y_from_all_up: early?.hadOutage,
    p_majority_lost_within_10y: late?.hadOutage,
    p_below_minimum_within_85h: early?.hadOutage,
    mean_time_below_minimum_until_85h: hours(early?.lostMs),
    p_below_minimum_at_85h: early?.down,
    p_below_minimum_within_2000h: late?.hadOutage,
    mean_time_below_minimum_until_2000h: hours(late?.lostMs),
    p_below_minimum_at_2000h: late?.down,
  }
}
