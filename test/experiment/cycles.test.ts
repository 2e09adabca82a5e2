import { describe, expect, it } from 'vitest'
import { YEAR } from '../../src/base/units.ts'
import { chooseSolver, walksCycles } from '../../src/experiment/choose-solver.ts'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { ResultFile, ServiceResult } from '../../src/experiment/result.ts'
import { ExperimentRunner, simulate } from '../../src/experiment/runner.ts'
import { controlPlane } from './control-plane.ts'
import { assertOk, readFrom } from './files.ts'

const FACTS = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }

function experiment(text: string): ExperimentConfig {
  return assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
}

const majority = (run: string, every = 'exponential(2000h)') => `
model:
  parts: { server: { count: 5, every: ${every}, lasts: "lognormal(mean 4h, sigma 1)" } }
  services: { quorum: { at-least: 3, of: server } }
services: [quorum]
run: ${run}
`

const solved = (text: string): ResultFile => simulate(experiment(text), replicate, FACTS)
const service = (result: ResultFile, name: string): ServiceResult => result.variants[0]!.services[name]!

function errorOf({ lo, hi }: { readonly lo: number; readonly hi: number | null }): number {
  return (hi! - lo) / (2 * 1.96)
}

describe('cycles lived through', () => {
  it('find what parts with lognormal repairs lose, of which plain runs would see next to nothing', () => {
    const found = service(solved(majority('{ solver: rare, replications: 1200 }')), 'quorum')
    expect(Math.abs(found.exact!.z!)).toBeLessThan(4)
    expect(errorOf(found.unavailability) / found.unavailability.mean).toBeLessThan(0.3)
    expect(found.rare!.workNormalisedVariance.rare).toBeLessThan(found.rare!.workNormalisedVariance.naive / 10)
    expect(found.outageSeconds.mean!.mean * found.outagesPerYear.mean).toBeCloseTo(found.lostSecondsPerYear.mean, 6)
  })

  it.each(['exponential(2000h)', 'weibull(mean 2000h, shape 3)'])(
    'tell of a control plane what a simulation of its years does: lives %s',
    (every) => {
      const rare = solved(controlPlane('{ solver: rare, replications: 150 }', '', every))
      const plain = solved(controlPlane('{ solver: simulate, horizon: 5y, replications: 300 }', '', every))
      expect(rare.variants[0]!.solver).toBe('rare')
      expect(rare.variants[0]!.replications).toBe(150 * 16)
      for (const name of ['write', 'etcd']) {
        const [a, b] = [service(rare, name), service(plain, name)]
        for (const key of [
          'lostSecondsPerYear',
          'downtimeSecondsPerYear',
          'degradedSecondsPerYear',
          'outagesPerYear',
        ] as const) {
          const error = Math.hypot(errorOf(a[key]), errorOf(b[key]))
          const distance = Math.abs(a[key].mean - b[key].mean)
          expect(distance, `${name} ${key}: ${a[key].mean} and ${b[key].mean}`).toBeLessThanOrEqual(4 * error)
        }
      }
      const first = service(rare, 'write').firstOutageSeconds!
      expect(first.mean).toBeGreaterThan(0.3 * (YEAR / 1000 / service(rare, 'write').outagesPerYear.mean))
    },
  )

  it('weigh the parts of a cluster as they are weighed exactly', () => {
    const config = experiment(controlPlane('{ solver: rare, replications: 200 }'))
    const known = chooseSolver(config)[0]!.structure![0]!
    let [sum, squares] = [0, 0]
    for (let i = 0; i < 200; i++) {
      const share = replicate(config, 0, i).services[0]!.structureLostMs! / config.run.horizon
      sum += share
      squares += share ** 2
    }
    const error = Math.sqrt(squares / 200 - (sum / 200) ** 2) / Math.sqrt(200)
    expect(Math.abs(sum / 200 - known) / error).toBeLessThan(4)
    expect(error / known).toBeLessThan(0.2)
  })
})

describe('cycles lived through, as samples,', () => {
  it('compare variants, what the parts alone lose of each being known', () => {
    const text = `${controlPlane('{ solver: rare, replications: 60 }')}variants: { three: {}, five: { nodes.control-plane.count: 5 } }`
    const { comparisons, variants } = solved(text)
    const [three, five] = variants.map(({ services }) => services['etcd']!.lostSecondsPerYear)
    const { lostSecondsPerYear, ratio } = comparisons.find(({ service: name }) => name === 'etcd')!
    expect(lostSecondsPerYear.method).toContain('control variate')
    expect(Math.abs(lostSecondsPerYear.mean - (five!.mean - three!.mean))).toBeLessThan(4)
    expect(Math.abs(ratio!.mean - five!.mean / three!.mean)).toBeLessThan(0.01)
    // Three members lose 377 s a year to lost quorums, five 5 s; elections cost both some seconds.
    expect(lostSecondsPerYear.hi! - lostSecondsPerYear.lo).toBeLessThan(0.02 * Math.abs(lostSecondsPerYear.mean))
  })

  it('are folded, kept and gone on with as replications are', () => {
    const config = experiment(majority('{ solver: rare, replications: 40 }'))
    const runner = new ExperimentRunner(config)
    const whole = JSON.stringify(simulate(config, replicate, FACTS))
    for (let task = runner.nextTask(); task !== undefined; task = runner.nextTask()) {
      const { taskId, variantIndex, firstReplication, count } = task
      runner.accept(
        taskId,
        Array.from({ length: count }, (_, i) => replicate(config, variantIndex, firstReplication + i)),
      )
      if (firstReplication > 10) break
    }
    const kept = JSON.parse(JSON.stringify(runner.checkpoint()))
    expect(ExperimentRunner.resume(experiment(majority('{ replications: 40 }')), kept).ok).toBe(false)
    const resumed = assertOk(ExperimentRunner.resume(config, kept))
    expect(resumed.progress().cycles).toBeGreaterThan(0)
    for (let task = resumed.nextTask(); task !== undefined; task = resumed.nextTask()) {
      const { taskId, variantIndex, firstReplication, count } = task
      resumed.accept(
        taskId,
        Array.from({ length: count }, (_, i) => replicate(config, variantIndex, firstReplication + i)),
      )
    }
    expect(JSON.stringify(resumed.result(FACTS))).toBe(whole)
  })

  it('bound how often what was never hit may happen, and not how long it would last', () => {
    const text = majority('{ solver: rare, replications: 1 }')
      .replace('count: 5', 'count: 15')
      .replace('3, of', '1, of')
    const found = service(solved(text), 'quorum')
    expect(found.lostSecondsPerYear).toMatchObject({ mean: 0, lo: 0, hi: null })
    // 1 − 0.05^(1/16) of the cycles, each weighing four at most; some forty cycles a year.
    expect(found.outagesPerYear.hi! / (4 * (1 - 0.05 ** (1 / 16)))).toBeCloseTo((15 * 8766) / 2000 / 1.03, -1)
  })

  it.each([
    [majority('{ solver: rare }', '"uniform(1000h, 3000h)"'), 'failures of server are uniform'],
    [
      controlPlane('{ solver: rare }', '    maintenance: { every: 30d, lasts: 10m, apart: 1h }'),
      'follows the calendar',
    ],
    [majority('{ solver: rare }').replace(/, every: .*" }/, ' }'), 'nothing ever fails'],
    [controlPlane('{ solver: rare, start: all-up }'), 'of the long run only'],
    [controlPlane('{ solver: rare, random: false }'), 'a fault plan is played'],
  ])('are refused with the reason', (text, reason) => {
    expect(chooseSolver(experiment(text))[0]!.refused).toContain(reason)
  })

  it('are not for what a chain of states answers', () => {
    expect(walksCycles(experiment(majority('{ solver: rare }').replace(/"lognormal.*"/, 'exponential(4h)')))).toBe(
      false,
    )
  })
})
