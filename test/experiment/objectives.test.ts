import { describe, expect, it } from 'vitest'
import { HOUR, MONTH, YEAR } from '../../src/base/units.ts'
import { VariantAccumulator } from '../../src/experiment/accumulate.ts'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { variantResult } from '../../src/experiment/estimate.ts'
import { exactResult } from '../../src/experiment/exact-result.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { rareResult } from '../../src/experiment/rare-result.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { Estimate, ResultFile, Slo } from '../../src/experiment/result.ts'
import { ExperimentRunner, simulate } from '../../src/experiment/runner.ts'
import { probabilityInterval } from '../../src/stats/count.ts'
import { ORACLE_VALUES } from '../../src/validate/oracle-values.ts'
import { assertOk, readFrom } from './files.ts'
import { type Law, syntheticConfig, syntheticSample } from './synthetic.ts'

const FACTS = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial: false }
const OUTSIDE = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }
const SIMULATED = { solver: 'simulate', reason: 'asked for', solved: null, refused: null } as const

function majority(run: string, more = '', lasts = 'exponential(8h)', count = 3): ExperimentConfig {
  const text = `
model:
  parts: { server: { count: ${count}, every: exponential(1000h), lasts: ${lasts} } }
${more}
  services: { quorum: { at-least: ${Math.floor(count / 2) + 1}, of: server } }
services: [quorum]
slo: { quorum: 99.9% }
run: ${run}
`
  const files = { readFile: () => ({ ok: false, problems: [] }) as const, sets: [], overrides: {} }
  return assertOk(readExperiment('x.yaml', text, files))
}

const sloOf = (result: ResultFile): Slo => result.variants[0]!.services['quorum']!.slo!

describe('the misses of an objective, simulated', () => {
  const law: Law = { rate: 2, median: HOUR, sigma: 1 }
  const config = syntheticConfig({ replications: 300 }, ['one'])
  const samples = Array.from({ length: 300 }, (_, r) => syntheticSample(config, 0, r, law))
  const sums = new VariantAccumulator(config)
  for (const sample of samples) sums.fold(sample)
  const services = variantResult(config, config.variants[0]!, sums, 'replications', SIMULATED).services
  const slo = services['write']!.slo!

  it('count replications whose whole horizon lost too much, each a trial', () => {
    const missed = samples.filter(({ services: [s0] }) => s0!.lostMs > 0.0005 * YEAR).length
    expect(missed).toBeGreaterThan(0)
    expect(slo.missInHorizon).toEqual(probabilityInterval(missed, 300))
    expect(slo.horizonSeconds).toBe(YEAR / 1000)
  })

  it('count months, with the replication as the unit of the interval', () => {
    expect(slo.missInAMonth).toMatchObject({ mean: slo.probabilityOfMissInAMonth, n: 300, level: 0.95 })
    expect(slo.missInAMonth!.lo).toBeLessThan(slo.missInAMonth!.mean)
    expect(slo.missInAMonth!.hi).toBeGreaterThan(slo.missInAMonth!.mean)
  })

  it('are not told where nobody asks, nor of months in a horizon that holds none', () => {
    expect(services['read']!.slo).toBeNull()
    const short = sloOf(simulate(majority('{ replications: 40, horizon: 10d }'), replicate, OUTSIDE))
    expect(short).toMatchObject({ probabilityOfMissInAMonth: null, missInAMonth: null })
    expect(short.missInHorizon!.n).toBe(40)
  })

  it('of a horizon of one month are the same, but for its cut', () => {
    const { missInAMonth, missInHorizon } = sloOf(
      simulate(majority('{ replications: 200, horizon: 1mo }'), replicate, OUTSIDE),
    )
    expect(missInAMonth).toEqual(missInHorizon)
  })

  it('are refused by a checkpoint whose sums are of before', () => {
    const checkpoint = JSON.parse(JSON.stringify(new ExperimentRunner(config).checkpoint()))
    expect(ExperimentRunner.resume(config, checkpoint).ok).toBe(true)
    expect(ExperimentRunner.resume(config, { ...checkpoint, schema: 'hasim/checkpoint@1' }).ok).toBe(false)
  })
})

describe('the misses of an objective, solved', () => {
  // With 0.05 % of years to be wrong by more: three and a half standard errors.
  const within = (estimate: Estimate, exact: number) => {
    const error = (estimate.hi! - estimate.lo) / 2 / 1.96
    expect(Math.abs(estimate.mean - exact) / error).toBeLessThan(3.5)
  }

  it.each([
    ['first-year-majority', ['F01-a-n3', 'F01-a-n5', 'F01-a-n1']],
    ['first-year-crews', ['F02-a-n3-crews1', 'F02-a-n5-crews1', 'F02-a-n5-crews2']],
    ['first-year-beta-factor', ['F05-a-betafactor-n3', 'F05-a-betafactor-n5']],
  ])('of experiments/systems/%s are the reference values', (name, scenarios) => {
    const file = `experiments/systems/${name}.yaml`
    const text = assertOk(readFrom()(file))
    const config = assertOk(readExperiment(file, text, { readFile: readFrom(), sets: [], overrides: {} }))
    const { variants } = exactResult(config, '0', FACTS)
    const computed = variants.map(({ services }) => services['quorum']!.slo!.missInHorizon!.mean)
    expect(computed).toHaveLength(scenarios.length)
    scenarios.forEach((scenario, i) => {
      const [expected] = ORACLE_VALUES[scenario]!['p_downtime_gt_1h_in_1y_from_all_up']!
      expect(Math.abs(computed[i]! / expected - 1), scenario).toBeLessThan(1e-12)
    })
  })

  it.each(['steady', 'all-up'])('are what simulations tell, from %s', (start) => {
    const crew = '  crews: { team: { size: 1, serves: [server] } }'
    const exact = sloOf(exactResult(majority(`{ solver: exact, start: ${start} }`, crew), '0', FACTS))
    const simulated = sloOf(simulate(majority(`{ replications: 3000, start: ${start} }`, crew), replicate, OUTSIDE))
    expect(exact.missInHorizon).toMatchObject({ level: 1, n: 0 })
    expect(exact.missInAMonth!.mean).toBe(exact.probabilityOfMissInAMonth)
    within(simulated.missInHorizon!, exact.missInHorizon!.mean)
    within(simulated.missInAMonth!, exact.missInAMonth!.mean)
  })

  it('start where the run starts: all up is a little better over a few hours', () => {
    const of = (start: string) =>
      sloOf(exactResult(majority(`{ solver: exact, horizon: 20h, start: ${start} }`), '0', FACTS))
    const [steady, fresh] = [of('steady'), of('all-up')]
    expect(fresh.missInHorizon!.mean).toBeLessThan(0.8 * steady.missInHorizon!.mean)
    // A month is one of the long run whatever the run's own start and length.
    expect(fresh.missInAMonth!.mean).toBe(steady.missInAMonth!.mean)
    expect(steady.missInAMonth!.mean).toBe(
      sloOf(exactResult(majority(`{ solver: exact, horizon: ${MONTH / HOUR}h }`), '0', FACTS)).missInHorizon!.mean,
    )
  })

  it('say where laws were fitted, and are null where nothing is known', () => {
    const crew = '  crews: { team: { size: 1, serves: [server] } }'
    const lognormal = 'lognormal(mean 8h, sigma 1)'
    const fitted = sloOf(exactResult(majority('{ solver: exact }', crew, lognormal), '0', FACTS))
    expect(fitted.missInHorizon!.method).toContain('with phase-type fits')
    const alone = majority('{ solver: exact, start: all-up }', '', lognormal, 1)
    expect(sloOf(exactResult(alone, '0', FACTS))).toMatchObject({ missInAMonth: null, missInHorizon: null })
  })

  it('are told by biased cycles where what is lost too long is lost at once', () => {
    const exact = sloOf(exactResult(majority('{ solver: exact }', '', 'exponential(2h)'), '0', FACTS))
    const rare = sloOf(rareResult(majority('{ solver: rare, precision: 10% }', '', 'exponential(2h)'), '0', FACTS))
    within(rare.missInAMonth!, exact.missInAMonth!.mean)
    expect(rare.missInAMonth!.mean).toBe(rare.probabilityOfMissInAMonth)
    expect(rare.missInAMonth!.method).toContain('Poisson')
    // More than 8.8 h of a year are lost by several outages, if at all.
    expect(rare.missInHorizon).toBeNull()
    expect(exact.missInHorizon!.mean).toBeGreaterThan(0)
  })

  it('are told by biased cycles that are lived through', () => {
    const lognormal = 'lognormal(mean 2h, sigma 1)'
    const rare = simulate(majority('{ solver: rare, replications: 600 }', '', lognormal), replicate, OUTSIDE)
    const run = `{ solver: simulate, horizon: ${MONTH / HOUR}h, replications: 40000 }`
    const plain = sloOf(simulate(majority(run, '', lognormal), replicate, OUTSIDE)).missInAMonth!
    const told = sloOf(rare).missInAMonth!
    const errors = [told, plain].map(({ lo, hi }) => (hi! - lo) / 2 / 1.96)
    expect(Math.abs(told.mean - plain.mean) / Math.hypot(...errors)).toBeLessThan(3.5)
    expect(errors[0]).toBeLessThan(0.15 * told.mean)
    expect(told.method).toContain('likelihood ratios')
  })
})
