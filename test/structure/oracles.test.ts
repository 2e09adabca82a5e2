import { describe, expect, it } from 'vitest'
import { HOUR } from '../../src/base/units.ts'
import type { ServiceSample } from '../../src/observe/sample-types.ts'
import { ORACLE_SYSTEMS, workstations } from '../../src/validate/oracle-systems.ts'
import { estimatesOf, type Mean, meanOver, runModel } from './estimates.ts'
import { hasOracles, oracle } from './oracles.ts'

const YEAR_H = 8760 * HOUR
/** How far an estimate may be off, in its own standard errors: one in 16 000 checks is beyond by chance. */
const ERRORS_MAX = 4

function expectNear(what: string, estimate: Mean, exact: number | undefined): void {
  if (exact === undefined) return
  if (estimate.mean === 0 && estimate.error === 0) {
    // Nothing seen: with this many chances the exact value is below the one-sided bound of the same rarity.
    expect(exact, `${what}: never seen`).toBeLessThan(-Math.log(1 / 16_000) / estimate.n)
    return
  }
  if (estimate.mean === 1 && estimate.error === 0) {
    expect(1 - exact, `${what}: always seen`).toBeLessThan(-Math.log(1 / 16_000) / estimate.n)
    return
  }
  const off = (estimate.mean - exact) / estimate.error
  expect(Math.abs(off), `${what}: ${estimate.mean} ± ${estimate.error}, exact ${exact}`).toBeLessThan(ERRORS_MAX)
}

function outageHours(scenario: string): number | undefined {
  const seconds = oracle(scenario, 'mean_outage_duration_s')
  return seconds === undefined ? oracle(scenario, 'mean_outage_duration_h') : seconds / 3600
}

/** Years of one steady replication, by scenario: rare outages want long ones; each still holds a warm-up. */
const YEARS: { readonly [scenario: string]: number } = {
  'F01-a-n5': 500,
  'F02-a-n5-crews1': 200,
  'F02-a-n5-crews2': 500,
}

describe.skipIf(!hasOracles)('exact values, steady', () => {
  for (const [scenario, build] of Object.entries(ORACLE_SYSTEMS)) {
    // F09 is about the first loss, F10 has tests of its own below, F11 is too rare to be seen.
    if (/^F(09|10|11)/.test(scenario)) continue
    it(scenario, () => {
      const horizon = (YEARS[scenario] ?? 20) * YEAR_H
      const samples = runModel(build(), 200, { horizon }, scenario).at(-1)!
      const got = estimatesOf(samples, horizon)
      expectNear('unavailability', got.unavailability, oracle(scenario, 'steady_unavailability'))
      expectNear('outages per year', got.outagesPerYear, oracle(scenario, 'outages_per_year'))
      expectNear('outage hours', got.outageHours, outageHours(scenario))
    })
  }

  it('starts without bias: the first hours look like all others', () => {
    for (const [scenario, hours] of [
      ['F02-a-n3-crews1', 24],
      ['F05-a-betafactor-n3', 24],
      ['F04-a-2+1', 24],
    ] as const) {
      const horizon = hours * HOUR
      const samples = runModel(ORACLE_SYSTEMS[scenario]!(), 10000, { horizon }, `${scenario}/first`).at(-1)!
      const got = estimatesOf(samples, horizon)
      expectNear(scenario, got.unavailability, oracle(scenario, 'steady_unavailability'))
      expectNear(scenario, got.outagesPerYear, oracle(scenario, 'outages_per_year'))
    }
  })
})

describe.skipIf(!hasOracles)('exact values, from all up', () => {
  for (const [scenario, build] of Object.entries(ORACLE_SYSTEMS)) {
    if (/^F(06|08|09|10|11)/.test(scenario)) continue
    it(scenario, () => {
      const samples = runModel(build(), 4000, { horizon: YEAR_H, start: 'all-up' }, scenario).at(-1)!
      const got = estimatesOf(samples, YEAR_H)
      const noOutage = oracle(scenario, 'p_no_outage_1y_from_all_up', 'p_no_outage_1y_from_all_new')
      expectNear('no outage in a year', got.noOutage, noOutage)
      const lost = oracle(
        scenario,
        'mean_interval_unavailability_1y_from_all_up',
        'mean_interval_unavailability_1y_from_all_new',
      )
      expectNear('unavailability in the first year', got.unavailability, lost)
      expectNear('outages in the first year', got.outagesPerYear, oracle(scenario, 'mean_outages_1y_from_all_up'))
      const long = meanOver(samples.map((sample) => (sample.lostMs > HOUR ? 1 : 0)))
      expectNear('more than an hour lost', long, oracle(scenario, 'p_downtime_gt_1h_in_1y_from_all_up'))
    })
  }

  it('the mean time to the first outage of three', () => {
    const samples = runModel(ORACLE_SYSTEMS['F01-a-n3']!(), 300, { horizon: 100 * YEAR_H, start: 'all-up' }).at(-1)!
    const firsts = samples.map((sample: ServiceSample) => sample.firstOutageMs / HOUR)
    expect(Math.min(...firsts)).toBeGreaterThanOrEqual(0)
    expectNear('first outage', meanOver(firsts), oracle('F01-a-n3', 'mttf_from_all_up_h'))
  })

  it('permanent loss within ten years', () => {
    const samples = runModel(ORACLE_SYSTEMS['F09-a-n3-parallel']!(), 20000, { horizon: 10 * YEAR_H, start: 'all-up' })
    const lost = meanOver(samples.at(-1)!.map((sample) => (sample.firstOutageMs < 0 ? 0 : 1)))
    expectNear('majority lost', lost, oracle('F09-a-n3-parallel', 'p_majority_lost_within_10y'))
  })
})

describe.skipIf(!hasOracles)('the workstation cluster', () => {
  for (const [scenario, perSide, minimum] of [
    ['F10-a-N2', 2, 1],
    ['F10-a-N4', 4, 3],
  ] as const) {
    it(`${scenario}, steady`, () => {
      const horizon = 1000 * YEAR_H
      const [below, short] = runModel(workstations(perSide, minimum), 15, { horizon }, scenario)
      const got = estimatesOf(below!, horizon)
      expectNear('not minimum', got.unavailability, oracle(scenario, 'steady_p_not_minimum'))
      expectNear('below minimum a year', got.outagesPerYear, oracle(scenario, 'below_minimum_periods_per_year'))
      expectNear('below minimum for', got.outageHours, oracle(scenario, 'mean_below_minimum_duration_h'))
      const premium = estimatesOf(short!, horizon).unavailability
      expectNear('not premium', premium, oracle(scenario, 'steady_p_not_premium'))
    })
    it(`${scenario}, from all up`, () => {
      const horizon = 2000 * HOUR
      const run = { horizon, start: 'all-up', at: [2000 * HOUR] } as const
      const [below] = runModel(workstations(perSide, minimum), 15000, run, scenario)
      const hours = (pick: (sample: ServiceSample) => number) => meanOver(below!.map(pick))
      expectNear(
        'qos1(2000)',
        hours((s) => (s.at[0]!.hadOutage ? 1 : 0)),
        oracle(scenario, 'p_below_minimum_within_2000h'),
      )
      const lost = oracle(scenario, 'mean_time_below_minimum_until_2000h')
      expectNear(
        'lost(2000)',
        hours((s) => s.at[0]!.lostMs / HOUR),
        lost,
      )
    })
  }
})
