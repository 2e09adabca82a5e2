import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import type { ExactService } from '../../../src/structure/exact/answer.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import { ORACLE_MODELS, workstations } from '../oracle-models.ts'
import { hasOracles, oracle, oracleError, oracleNames } from '../oracles.ts'

const YEAR_H = 8760 * HOUR
/** Relative; a value is never held to more than three times its own error. */
const DIGITS = 1e-12

const MODELS: { readonly [scenario: string]: { readonly model: () => PartModel; readonly service: string } } = {
  ...Object.fromEntries(
    Object.entries(ORACLE_MODELS).map(([scenario, model]) => [
      scenario,
      { model, service: model().services.at(-1)!.name },
    ]),
  ),
  'F10-a-N2': { model: () => workstations(2, 1), service: 'minimum' },
  'F10-a-N4': { model: () => workstations(4, 3), service: 'minimum' },
  'F09-a-n3-parallel': { model: ORACLE_MODELS['F09-a-n3-parallel']!, service: 'majority' },
}

/** Values by the names they have in the reference. */
function valuesOf(model: PartModel, service: string, horizon: number, at: readonly number[]) {
  const ask = (start: 'steady' | 'all-up'): ExactService => {
    const outcome = solveExactly(model, {
      services: [service],
      start,
      horizon,
      at,
      fit: false,
      effort: 'all',
      objectives: [null],
    })
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
    return outcome.services[0]!
  }
  const { longRun } = ask('steady')
  const { interval, noOutageInHorizon, firstOutageMs, at: instants } = ask('all-up')
  const hours = (ms: number | null | undefined) => (ms === null || ms === undefined ? undefined : ms / HOUR)
  const [early, late] = [instants?.[0], instants?.[1]]
  return {
    steady_unavailability: longRun.unavailability,
    steady_p_not_minimum: longRun.unavailability,
    outages_per_year: longRun.outagesPerMs * YEAR_H,
    below_minimum_periods_per_year: longRun.outagesPerMs * YEAR_H,
    mean_outage_duration_h: hours(longRun.meanOutageMs),
    mean_below_minimum_duration_h: hours(longRun.meanOutageMs),
    outage_duration_p50_h: hours(longRun.outageQuantilesMs?.p50),
    outage_duration_p90_h: hours(longRun.outageQuantilesMs?.p90),
    outage_duration_p99_h: hours(longRun.outageQuantilesMs?.p99),
    mttf_from_all_up_h: hours(firstOutageMs),
    mean_time_to_first_below_minimum_h: hours(firstOutageMs),
    mean_time_to_majority_lost_h: hours(firstOutageMs),
    p_no_outage_1y_from_all_up: noOutageInHorizon ?? undefined,
    mean_interval_unavailability_1y_from_all_up: interval === null ? undefined : interval.lostMs / YEAR_H,
    mean_outages_1y_from_all_up: interval?.outages,
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

describe.skipIf(!hasOracles)('exact solutions against values of fifty digits', () => {
  for (const [scenario, { model, service }] of Object.entries(MODELS)) {
    it(scenario, () => {
      const isCluster = scenario.startsWith('F10')
      const horizon = isCluster ? 2000 * HOUR : YEAR_H
      const values = valuesOf(model(), service, horizon, isCluster ? [85 * HOUR, 2000 * HOUR] : [YEAR_H, 10 * YEAR_H])
      let compared = 0
      for (const [name, value] of Object.entries(values)) {
        if (!oracleNames(scenario).includes(name) || value === undefined) continue
        const expected = oracle(scenario, name)!
        const allowed = Math.max(DIGITS, 3 * oracleError(scenario, name))
        expect(Math.abs(value / expected - 1), `${name}: ${value}, expected ${expected}`).toBeLessThan(allowed)
        compared++
      }
      expect(compared).toBeGreaterThan(1)
    })
  }
})
