import { describe, expect, it } from 'vitest'
import { HOUR } from '../../src/base/units.ts'
import { VariantAccumulator } from '../../src/experiment/accumulate.ts'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { ExperimentRunner, simulate } from '../../src/experiment/runner.ts'
import { resultSchema } from '../../src/experiment/schema-result.ts'
import { elasticities } from '../../src/structure/exact/sensitivity.ts'
import { majority } from '../../src/validate/oracle-systems.ts'
import { meanOver } from '../structure/estimates.ts'
import { exp, experiment } from '../structure/models.ts'
import { assertOk, readFrom } from './files.ts'
import { byInput, errorOf, estimated, folded } from './moved.ts'

const FACTS = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }

/** A control plane of three machines behind a balancer that never fails. */
function controlPlane(every: number, lasts: number, run = '{ replications: 60 }'): ExperimentConfig {
  const text = `
model:
  name: tiny
  zones: [a]
  nodes: { control-plane: { count: 3, zones: [a] }, balancer: { count: 1, zones: [a] } }
  etcd: { on: control-plane, version: "3.5" }
  api-server: { on: control-plane, etcd: local }
  load-balancer: { on: balancer, kind: single }
  failures: { nodes: { control-plane: { every: exponential(${every}h), lasts: exponential(${lasts}h) } } }
services: [write]
run: ${run}
`
  return assertOk(readExperiment('tiny.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
}

describe('elasticities of a simulated control plane', () => {
  it('to repairs that seldom last very long are as sure as those to the lives beside them', () => {
    const text = `
model: hasim:models/clusters/stacked-3.yaml
services: [write]
run: { replications: 300 }
`
    const config = assertOk(readExperiment('changes.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
    const found = byInput(config, folded(config, 300), 0)
    const [lives, repairs] = ['human change.every', 'human change.lasts'].map((input) => found.get(input)!)
    // Changes make nearly all of the loss, in proportion to their number and to how long they last.
    expect(Math.abs(repairs!.elasticity! - 0.995) / errorOf({ estimate: repairs!.estimate! })).toBeLessThan(4)
    expect(errorOf({ estimate: repairs!.estimate! })).toBeLessThan(1.1 * errorOf({ estimate: lives!.estimate! }))
    expect(errorOf({ estimate: repairs!.estimate! })).toBeLessThan(0.1)
  })

  it('agree with paired runs at changed means', () => {
    const step = 0.3
    const replications = 150
    const base = controlPlane(300, 3)
    const found = byInput(base, folded(base, replications), 0)
    const lost = (every: number, lasts: number) => {
      const config = controlPlane(every, lasts)
      return Array.from({ length: replications }, (_, r) => replicate(config, 0, r).services[0]!.lostMs)
    }
    const [up, down] = [Math.exp(step), Math.exp(-step)]
    for (const [input, more, less] of [
      ['control-plane.every', lost(300 * up, 3), lost(300 * down, 3)],
      ['control-plane.lasts', lost(300, 3 * up), lost(300, 3 * down)],
    ] as const) {
      const [a, b] = [meanOver(less).mean, meanOver(more).mean]
      const slope = Math.log(b / a) / (2 * step)
      const error = meanOver(more.map((y, r) => (y / b - less[r]! / a) / (2 * step))).error
      const { elasticity, estimate } = found.get(input)!
      expect(estimate!.n).toBe(replications)
      expect(estimate!.method).toMatch(/likelihood ratio/)
      expect(Math.abs(slope)).toBeGreaterThan(0.5)
      expect(Math.abs(elasticity! - slope) / Math.hypot(errorOf({ estimate: estimate! }), error), input).toBeLessThan(4)
    }
  }, 120_000)

  it('stand in the result, which its schema knows, and are told of the long run only', () => {
    const of = (run: string) => simulate(controlPlane(100, 4, run), replicate, FACTS)
    const result = of('{ replications: 40, horizon: 60d }')
    expect(resultSchema.safeParse(result).success).toBe(true)
    const { sensitivity } = result.variants[0]!.services['write']!
    expect(sensitivity!.elasticities.map(({ input }) => input).sort()).toEqual([
      'control-plane.every',
      'control-plane.lasts',
    ])
    for (const run of ['start: all-up', 'sensitivity: false']) {
      const other = of(`{ replications: 2, horizon: 60d, ${run} }`)
      expect(other.variants[0]!.services['write']).not.toHaveProperty('sensitivity')
    }
  })
})

describe('estimated elasticities', () => {
  const parts = majority(3, exp(100), exp(8))

  it('cover the exact ones in nineteen of twenty runs', () => {
    const exact = elasticities(parts, 'quorum')!
    let [told, covered] = [0, 0]
    for (let seed = 0; seed < 200; seed++) {
      for (const { input, estimate } of estimated(parts, 60, { horizon: 2000 * HOUR }, `cover/${seed}`).values()) {
        if (estimate === undefined) continue
        const truth = exact.find((one) => one.input === input)!.elasticity!
        told++
        if (estimate.lo <= truth && truth <= estimate.hi!) covered++
      }
    }
    expect(told).toBeGreaterThan(380)
    expect(covered / told).toBeGreaterThan(0.92)
    expect(covered / told).toBeLessThan(0.99)
  })

  it('are the same bytes whoever computed what, and after a checkpoint', () => {
    const config = experiment(parts, { horizon: 1000 * HOUR, sensitivity: true, replications: 150 }, 'bytes')
    const plain = JSON.stringify(simulate(config, replicate, FACTS))
    expect(plain).toContain('likelihood ratio')
    const runner = new ExperimentRunner(config)
    for (let tasks = runner.nextTasks(5); tasks.length > 0; tasks = runner.nextTasks(5)) {
      for (const { taskId, firstReplication, count } of tasks.reverse()) {
        const samples = Array.from({ length: count }, (_, i) => replicate(config, 0, firstReplication + i))
        runner.accept(taskId, structuredClone(samples))
      }
    }
    expect(JSON.stringify(runner.result(FACTS))).toBe(plain)

    const half = folded(config, 70)
    const resumed = VariantAccumulator.fromJSON(config, JSON.parse(JSON.stringify(half)))
    for (let r = 70; r < 150; r++) resumed.fold(replicate(config, 0, r))
    expect(resumed.toJSON()).toEqual(folded(config, 150).toJSON())
  })

  it('are not told of few losses: how many there were is', () => {
    const rare = estimated(majority(3, exp(2000), exp(2)), 20, { horizon: 2000 * HOUR }, 'few')
    expect(rare.get('server.every')).toMatchObject({ elasticity: null, why: expect.stringMatching(/fewer than 30/) })
  })
})
