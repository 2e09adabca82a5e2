import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { YEAR } from '../../src/base/units.ts'
import { chooseSolver, walksCycles } from '../../src/experiment/choose-solver.ts'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { compareWithCycles } from '../../src/experiment/cycles-instead.ts'
import { exactResult } from '../../src/experiment/exact-result.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { ExperimentRunner, simulate } from '../../src/experiment/runner.ts'
import { chartsOf } from '../../src/report/charts.ts'
import { renderTable } from '../../src/report/table.ts'
import { assertOk, ROOT, readFrom } from './files.ts'

const FACTS = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial: false }
const OUTSIDE = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }

function majority(run: string, lasts = 'exponential(4h)', more = ''): ExperimentConfig {
  const text = `
model:
  parts: { server: { count: 3, every: exponential(1000h), lasts: ${lasts} } }
${more}
  services: { quorum: { at-least: 2, of: server } }
services: [quorum]
slo: { quorum: 99.9% }
variants: { base: {}, five: { parts.server.count: 5 } }
run: ${run}
`
  return assertOk(
    readExperiment('x.yaml', text, { readFile: () => ({ ok: false, problems: [] }), sets: [], overrides: {} }),
  )
}

const shipped = (file: string) => readFileSync(ROOT + file, 'utf8')
const solvers = (config: ExperimentConfig) => chooseSolver(config).map(({ solver }) => solver)

/** Of three that fail once in `mttf` h and take `mttr` h: binomial, two or more down. */
function majorityDown(mttf: number, mttr: number): number {
  const q = mttr / (mttf + mttr)
  return 3 * q ** 2 * (1 - q) + q ** 3
}

describe('the choice of a solver', () => {
  it('is exact where every service can be solved and nobody says how much to simulate', () => {
    expect(solvers(majority('{}'))).toEqual(['exact', 'exact'])
    expect(solvers(majority('{ precision: 5% }'))).toEqual(['exact', 'exact'])
    expect(solvers(majority('{ replications: 10 }'))).toEqual(['simulate', 'simulate'])
    expect(solvers(majority('{ max-years: 10 }'))).toEqual(['simulate', 'simulate'])
    expect(solvers(majority('{ solver: simulate }'))).toEqual(['simulate', 'simulate'])
  })

  it('says why not', () => {
    const shared = majority('{}', 'lognormal(mean 4h, sigma 1)', '  crews: { team: { size: 1, serves: all } }')
    expect(solvers(shared)).toEqual(['simulate', 'simulate'])
    expect(chooseSolver(shared)[0]!.reason).toContain('repair of server is lognormal')
  })

  it('keeps the exact answer of one service where another has none', () => {
    const text = `
model:
  parts:
    server: { count: 3, every: exponential(1000h), lasts: 'lognormal(mean 4h, sigma 1)' }
    disk: { count: 2, every: exponential(2000h), lasts: exponential(1h) }
  crews: { team: { size: 1, serves: [server] } }
  services: { quorum: { at-least: 2, of: server }, storage: { at-least: 1, of: disk } }
services: [quorum, storage]
run: { replications: 20 }
`
    const nothing = { readFile: () => ({ ok: false, problems: [] }) as const, sets: [], overrides: {} }
    const config = assertOk(readExperiment('x.yaml', text, nothing))
    const { quorum, storage } = simulate(config, replicate, OUTSIDE).variants[0]!.services
    expect(quorum!.exact).toBeNull()
    expect(storage!.exact!.unavailability).toBeCloseTo((1 / 2001) ** 2, 15)
    expect(chooseSolver(config)[0]!.refused).toContain('quorum: ')
  })

  it('does not leave anything out that a simulation would tell', () => {
    const lognormal = majority('{ at: [85h] }', 'lognormal(mean 4h, sigma 1)')
    expect(solvers(lognormal)).toEqual(['simulate', 'simulate'])
    expect(chooseSolver(lognormal)[0]!.solved![0]!.longRun.unavailability).toBeGreaterThan(0)
    expect(chooseSolver(lognormal)[0]!.reason).toContain('lognormal')
  })
})

describe('a solved result', () => {
  const result = exactResult(majority('{}'), '0', FACTS)
  const [three, five] = result.variants.map(({ services }) => services['quorum']!)

  it('holds the closed form, without an interval of chance', () => {
    const expected = majorityDown(1000, 4)
    expect(three!.unavailability.mean / expected - 1).toBeCloseTo(0, 12)
    expect(three!.unavailability.lo).toBeLessThanOrEqual(three!.unavailability.mean)
    expect(three!.unavailability.hi! / three!.unavailability.lo - 1).toBeLessThan(1e-11)
    expect(three!.unavailability).toMatchObject({ n: 0, level: 1 })
    expect(three!.lostSecondsPerYear.mean).toBeCloseTo((expected * YEAR) / 1000, 6)
    expect(three!.exact).toMatchObject({ unavailability: three!.unavailability.mean, z: null })
    expect(three!.mechanisms.reduce((sum, one) => sum + one.secondsPerYear, 0)).toBe(three!.lostSecondsPerYear.mean)
    expect(three!.slo).toMatchObject({ met: true })
    expect(three!.slo!.probabilityOfMissInAMonth).toBeGreaterThan(0)
  })

  it('compares exact values', () => {
    const [comparison] = result.comparisons
    const difference = five!.lostSecondsPerYear.mean - three!.lostSecondsPerYear.mean
    expect(comparison!.lostSecondsPerYear.mean).toBe(difference)
    expect(comparison!.ratio!.mean).toBeCloseTo(five!.lostSecondsPerYear.mean / three!.lostSecondsPerYear.mean, 12)
    expect(result.verdict).toContain('saves')
    expect(result.verdict).toContain('exact')
  })
})

describe('the report of a solved result', () => {
  it('draws how long outages last, and nothing of causes that nobody knows', () => {
    const result = exactResult(majority('{ solver: exact }'), '0', FACTS)
    expect(chartsOf(result).map(({ id }) => id)).toEqual(['lost-time', 'outage-lengths'])
    expect(renderTable(result, { colour: false, width: 100 })).not.toContain('goes')
  })
})

describe('an exact value beside a simulated one', () => {
  it('comes with a z-score', () => {
    const config = majority('{ replications: 400, horizon: 10y }')
    const { quorum } = simulate(config, replicate, OUTSIDE).variants[0]!.services
    expect(quorum!.exact!.unavailability / majorityDown(1000, 4) - 1).toBeCloseTo(0, 12)
    expect(Math.abs(quorum!.exact!.z!)).toBeLessThan(4)
    expect(quorum!.exact!.z).not.toBe(0)
  })

  it('is not doubted where it follows from what parts are: they are up or down', () => {
    const config = majority('{ replications: 5 }')
    const { quorum } = simulate(config, replicate, OUTSIDE).variants[0]!.services
    expect(quorum!.degradedSecondsPerYear).toMatchObject({ mean: 0, lo: 0, hi: 0, level: 1, n: 0 })
  })

  it('is of the horizon where all starts new', () => {
    const config = majority('{ replications: 400, horizon: 20h, start: all-up, at: [5h, 20h] }')
    const { quorum } = simulate(config, replicate, OUTSIDE).variants[0]!.services
    expect(quorum!.exact!.unavailability).toBeLessThan(majorityDown(1000, 4))
    expect(quorum!.exact!.at.map(({ seconds }) => seconds)).toEqual([18_000, 72_000])
    expect(quorum!.exact!.at[1]!.lostSeconds / 72_000).toBeCloseTo(quorum!.exact!.unavailability, 15)
  })
})

describe('biased cycles in place of a simulation', () => {
  const of = (run: string, every = '2000h', atLeast = 3, lasts = 'fixed(4h)'): ExperimentConfig => {
    const text = `
model:
  parts: { server: { count: 5, every: exponential(${every}), lasts: ${lasts} } }
  services: { up: { at-least: ${atLeast}, of: server } }
services: [up]
run: ${run}
`
    return assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
  }

  it('are chosen where a precision is out of reach that they come far nearer to', () => {
    const config = of('{ precision: 10% }')
    const [choice] = chooseSolver(config)
    expect(choice).toMatchObject({ solver: 'rare', refused: null })
    expect(choice!.reason).toMatch(/would need some .* years/)
    expect(walksCycles(config)).toBe(true)
    // Five that fail every 2000 h for 4 h are lost 5.2e-4 times a year; 2 (1.96 / 0.1)² outages are needed.
    const { years } = compareWithCycles(config, chooseSolver(config))!
    expect(years).toBeCloseTo((2 * 19.6 ** 2) / 5.20732e-4, -2)
  })

  it('are chosen in words where nothing is ever lost', () => {
    expect(chooseSolver(of('{ precision: 10% }', '2000h', 2, '0h'))[0]!.reason).toBe(
      'a plain simulation can hardly be expected to see an outage',
    )
    expect(chooseSolver(of('{ precision: 10% }'))[0]!.reason).toBe(
      'a plain simulation would need some 1 000 000 years to see enough outages',
    )
  })

  it('walk to a result that says so, and goes on after a checkpoint', () => {
    const config = of('{ precision: 30% }', '4000h')
    const result = simulate(config, replicate, OUTSIDE)
    expect(result.variants[0]).toMatchObject({ solver: 'rare', stopReason: 'precision' })
    const { exact, unavailability } = result.variants[0]!.services['up']!
    expect(Math.abs(unavailability.mean / exact!.unavailability - 1)).toBeLessThan(0.6)
    const runner = new ExperimentRunner(config)
    const [task] = runner.nextTasks(1)
    const samples = Array.from({ length: task!.count }, (_, i) => replicate(config, 0, i))
    runner.accept(task!.taskId, samples)
    expect(samples[0]!.services[0]!.cycles!.count).toBe(16)
    expect(ExperimentRunner.resume(config, JSON.parse(JSON.stringify(runner.checkpoint()))).ok).toBe(true)
  })

  it.each([
    ['the precision can be reached', of('{ precision: 10% }', '100h')],
    ['nobody asks for one', of('{ replications: 10 }')],
    ['years are named', of('{ precision: 10%, max-years: 30000 }')],
    ['values at instants are asked for', of('{ precision: 10%, at: [85h] }')],
    ['it starts from all up', of('{ precision: 10%, start: all-up }')],
    ['single failures make the loss', of('{ precision: 10% }', '1000000000h', 5)],
    ['heavy repairs leave cycles no nearer', of('{ precision: 1% }', '800h')],
  ])('are left alone where %s', (_, config) => {
    expect(solvers(config)).toEqual(['simulate'])
    expect(walksCycles(config)).toBe(false)
  })

  it('are hinted at where the experiment says how much to simulate and they would be far quicker', () => {
    const [choice] = chooseSolver(of('{ precision: 10%, max-years: 30000 }', '20000h'))
    expect(choice!.solver).toBe('simulate')
    expect(choice!.reason).toMatch(/; --solver rare would need some [\d ]+ times less time$/)
    const [quick] = chooseSolver(of('{ precision: 10%, max-years: 30000 }', '500h'))
    expect(quick!.reason).not.toContain('--solver rare')
  })

  it('are hinted at for chains, too, where there is no exact answer beside the simulation', () => {
    const text = shipped('experiments/systems/redundant-database.yaml')
    const [choice] = chooseSolver(assertOk(readExperiment('x.yaml', text, { readFile: readFrom() })))
    expect(choice!.solver).toBe('simulate')
    expect(choice!.reason).toMatch(/; --solver rare would need some [\d ]+ times fewer steps$/)
  })
})
