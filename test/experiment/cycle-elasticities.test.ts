import { describe, expect, it } from 'vitest'
import { VariantAccumulator } from '../../src/experiment/accumulate.ts'
import { chooseSolver } from '../../src/experiment/choose-solver.ts'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { cycleSensitivity } from '../../src/experiment/cycle-elasticities.ts'
import { cyclePlansOf } from '../../src/experiment/cycle-plans.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicateCycles } from '../../src/experiment/replicate-cycles.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { ElasticityResult } from '../../src/experiment/result.ts'
import { ExperimentRunner, simulate } from '../../src/experiment/runner.ts'
import { resultSchema } from '../../src/experiment/schema-result.ts'
import { addTo, type Moments, newMoments, standardErrorOf } from '../../src/stats/moments.ts'
import { elasticities } from '../../src/structure/exact/sensitivity.ts'
import type { PartModel } from '../../src/structure/model.ts'
import { lengthMoves } from '../../src/structure/rare/cycle-moves.ts'
import type { CyclePlan } from '../../src/structure/rare/cycle-plan.ts'
import { scoredInputs } from '../../src/structure/system-scores.ts'
import { majority, ORACLE_SYSTEMS } from '../../src/validate/oracle-systems.ts'
import { all, atLeast, crew, exp, experiment, group, lognormal, model, weibull } from '../structure/models.ts'
import { REACTING_SYSTEMS } from '../structure/rare/reacting-systems.ts'
import { controlPlane } from './control-plane.ts'
import { assertOk, readFrom } from './files.ts'
import { byInput, errorOf, folded, zOf } from './moved.ts'

const FACTS = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }

function planOf(config: ExperimentConfig): CyclePlan {
  const plan = cyclePlansOf(config)[0]!
  if (typeof plan === 'string') throw new Error(plan)
  return plan
}

function read(text: string): ExperimentConfig {
  return assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
}

/** Cycles of the last service of a part model: what moves it, and by input the weighted scores of all that was drawn. */
function lived(of: PartModel, samples: number, seed: string) {
  const parts = { ...of, services: of.services.slice(-1) }
  const config = experiment(parts, { solver: 'rare', sensitivity: true }, seed)
  const sums = new VariantAccumulator(config)
  const scores = scoredInputs(parts).map(newMoments)
  for (let sample = 0; sample < samples; sample++) {
    const one = replicateCycles(config, 0, sample)
    sums.fold(one)
    one.scores!.forEach((score, input) => {
      addTo(scores[input]!, score)
    })
  }
  const told = cycleSensitivity(planOf(config), sums.service(0).sums, config.run.horizon, null)
  return { told: told.sensitivity!.elasticities, scores }
}

function zOfMean(of: Moments, truth: number): number {
  return (of.mean - truth) / standardErrorOf(of)
}

const PAIRS = all(atLeast(1, [0, 1]), atLeast(1, [2, 3]))
const SYSTEMS: readonly (readonly [string, PartModel])[] = [
  ['majority of three', majority(3, exp(1000), exp(8))],
  ['majority of five', majority(5, exp(1000), exp(8))],
  ['repairs that seldom last very long', majority(3, exp(1000), lognormal(8, 1))],
  [
    'pairs in series, one rarer than the other',
    model({
      groups: [group('a', 2, exp(900), exp(5)), group('b', 2, exp(1400), exp(9))],
      services: [{ name: 'up', condition: PAIRS }],
    }),
  ],
  ['one crew', majority(3, exp(200), exp(8), { crews: [crew([0])] })],
  ['shared shocks', ORACLE_SYSTEMS['F05-a-betafactor-n3']!()],
  ['zones', ORACLE_SYSTEMS['F04-a-2+1']!()],
  ...REACTING_SYSTEMS,
  ['lives that wear out', majority(3, weibull(1000, 2), exp(8))],
  ['lives that mostly end early', majority(3, weibull(1000, 0.7), exp(8))],
  [
    'lives with a memory beside lives without',
    model({
      groups: [group('a', 2, weibull(1000, 1.5), exp(5)), group('b', 2, exp(700), exp(9))],
      services: [{ name: 'up', condition: PAIRS }],
    }),
  ],
]

describe('elasticities from cycles that are lived through', () => {
  it.each(SYSTEMS)('are the exact ones: %s', (name, of) => {
    const exact = elasticities(of, of.services.at(-1)!.name)!
    const { told, scores } = lived(of, 1500, name)
    for (const of of scores) expect(Math.abs(zOfMean(of, 0))).toBeLessThan(4)
    for (const one of told) {
      const truth = exact.find(({ input }) => input === one.input)!.elasticity
      expect(Math.abs(zOf(one, truth)), one.input).toBeLessThan(4)
      expect(errorOf({ estimate: one.estimate! }), one.input).toBeLessThan(0.35 * Math.max(1, Math.abs(truth)))
    }
    // Everything slower by the same factor is the same course in slow motion.
    const sum = told.reduce((total, { elasticity }) => total + elasticity!, 0)
    expect(Math.abs(sum) / Math.hypot(...told.map(({ estimate }) => errorOf({ estimate: estimate! })))).toBeLessThan(4)
  })
})

describe('elasticities of a control plane from biased cycles', () => {
  it.each(['exponential(2000h)', 'weibull(mean 2000h, shape 2)'])(
    'see its parts move what they alone lose as is known exactly: lives %s',
    (every) => {
      const config = read(controlPlane('{ solver: rare, replications: 1 }', '', every))
      const plan = planOf(config)
      const lengths = lengthMoves(plan)!
      const inputs = scoredInputs(plan.model)
      const products = config.services.map(() => inputs.map(newMoments))
      for (let sample = 0; sample < 250; sample++) {
        const { services } = replicate(config, 0, sample)
        services.forEach(({ lostScores, beyondScores }, service) => {
          lostScores!.forEach((product, input) => {
            addTo(products[service]![input]!, product - beyondScores![input]!)
          })
        })
      }
      config.services.forEach(({ name }, service) => {
        const lost = chooseSolver(config)[0]!.structure![service]! * config.run.horizon
        const known = elasticities(plan.model, plan.model.services[plan.services[service]!]!.name)!
        inputs.forEach(({ input }, i) => {
          const moved = known.find((one) => one.input === input)?.elasticity ?? 0
          expect(
            Math.abs(zOfMean(products[service]![i]!, lost * (moved + lengths[i]!))),
            `${name} ${input}`,
          ).toBeLessThan(4)
        })
      })
    },
  )

  it('are what a simulation of its years says, and far surer where the parts lose most', () => {
    const config = read(controlPlane('{ solver: rare, replications: 250 }'))
    const result = simulate(config, replicate, FACTS)
    expect(resultSchema.safeParse(result).success).toBe(true)
    const plain = read(controlPlane('{ solver: simulate, horizon: 5y, replications: 300 }'))
    const sums = folded(plain, 300)
    config.services.forEach(({ name }, service) => {
      const told = result.variants[0]!.services[name]!.sensitivity!.elasticities
      const simulated = byInput(plain, sums, service)
      expect(told.map(({ input }) => input).sort()).toEqual([...simulated.keys()].sort())
      for (const one of told) {
        const other = simulated.get(one.input)!
        const [error, otherError] = [one, other].map(({ estimate }) => errorOf({ estimate: estimate! }))
        expect(Math.abs(one.elasticity! - other.elasticity!) / Math.hypot(error!, otherError!), one.input).toBeLessThan(
          4,
        )
        expect(one.estimate).toMatchObject({ n: 250 * 16, method: expect.stringMatching(/likelihood ratio/) })
      }
      const lives = told.find(({ input }) => input === 'control-plane.every') as ElasticityResult
      expect(errorOf({ estimate: lives.estimate! })).toBeLessThan(0.02)
    })
  })

  it('agree with runs at changed means', () => {
    const [step, replications] = [0.25, 120]
    const of = (every: number, lasts: number) => {
      const text = controlPlane(`{ solver: rare, replications: ${replications} }`, '', `exponential(${every}h)`)
      const result = simulate(read(text.replace('mean 4h', `mean ${lasts}h`)), replicate, FACTS)
      return result.variants[0]!.services['write']!
    }
    const moved = of(2000, 4).sensitivity!.elasticities
    const [up, down] = [Math.exp(step), Math.exp(-step)]
    for (const [mean, more, less] of [
      ['every', of(2000 * up, 4), of(2000 * down, 4)],
      ['lasts', of(2000, 4 * up), of(2000, 4 * down)],
    ] as const) {
      const [a, b] = [less.lostSecondsPerYear, more.lostSecondsPerYear]
      const slope = Math.log(b.mean / a.mean) / (2 * step)
      const error = Math.hypot(...[a, b].map((estimate) => errorOf({ estimate }) / estimate.mean)) / (2 * step)
      // Machines and balancers have the same laws here.
      const sum = moved.filter(({ input }) => input.endsWith(mean)).reduce((all, one) => all + one.elasticity!, 0)
      expect(error).toBeLessThan(0.08)
      expect(Math.abs(slope - sum) / error, mean).toBeLessThan(4)
    }
  })
})

describe('samples of cycles with scores', () => {
  it('are the same bytes whoever computed what, and after a checkpoint', () => {
    const config = read(controlPlane('{ solver: rare, replications: 64 }'))
    const plain = JSON.stringify(simulate(config, replicate, FACTS))
    expect(plain).toContain('likelihood ratio within biased cycles')
    let runner = new ExperimentRunner(config)
    for (let tasks = runner.nextTasks(3); tasks.length > 0; tasks = runner.nextTasks(3)) {
      for (const { taskId, firstReplication, count } of tasks.reverse()) {
        const samples = Array.from({ length: count }, (_, i) => replicate(config, 0, firstReplication + i))
        runner.accept(taskId, structuredClone(samples))
      }
      runner = assertOk(ExperimentRunner.resume(config, JSON.parse(JSON.stringify(runner.checkpoint()))))
    }
    expect(JSON.stringify(runner.result(FACTS))).toBe(plain)
  })

  it('are left out where nobody wants them', () => {
    const config = read(controlPlane('{ solver: rare, replications: 2, sensitivity: false }'))
    const { services } = simulate(config, replicate, FACTS).variants[0]!
    for (const service of Object.values(services)) expect(service).not.toHaveProperty('sensitivity')
  })
})
