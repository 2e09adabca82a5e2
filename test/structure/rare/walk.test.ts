import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { RandomStreams } from '../../../src/engine/random.ts'
import { Simulation } from '../../../src/engine/simulation.ts'
import { addTo, type Moments, newMoments, standardErrorOf } from '../../../src/stats/moments.ts'
import { longRunUnavailability } from '../../../src/structure/exact/solve.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import { PartSystem } from '../../../src/structure/part-system.ts'
import { type CyclePlan, cyclePlanOf } from '../../../src/structure/rare/cycle-plan.ts'
import { provoke } from '../../../src/structure/rare/provoke.ts'
import { walkCycle } from '../../../src/structure/rare/walk.ts'
import { all, atLeast, crew, exp, fixedH, group, lognormal, model, range, weibull } from '../models.ts'

const CYCLES = process.env['HASIM_FULL'] === undefined ? 20_000 : 200_000

function planOf(of: PartModel, settle = 0): CyclePlan {
  const plan = cyclePlanOf(of, [of.services.length - 1], settle)
  if (typeof plan === 'string') throw new Error(plan)
  return plan
}

/** How long the plan's service is down in a cycle, lived through by a system of its own. */
function downIn(
  plan: CyclePlan,
  seed: string,
  cycle: number,
  ages: Float64Array | undefined,
): { readonly weight: number; readonly down: number } {
  const { strikes, endsAt, weight } = walkCycle(plan, new RandomStreams(seed, cycle), ages)
  const simulation = new Simulation(new RandomStreams(seed, cycle))
  let down = 0
  let since = -1
  const service = plan.services[0]!
  const serviceChanged = (which: number, holds: boolean, at: number): void => {
    if (which !== service) return
    if (holds) down += at - since
    else since = at
  }
  const system = new PartSystem(simulation, plan.model, {
    start: 'all-up',
    random: false,
    listener: { serviceChanged },
  })
  provoke(simulation, system, strikes)
  simulation.run(endsAt)
  for (let part = 0; part < system.names.length; part++) expect(system.isUp(part)).toBe(true)
  return { weight, down }
}

interface Cycles {
  readonly weights: Moments
  readonly shares: Moments
}

function walked(plan: CyclePlan, seed: string): Cycles {
  const weights = newMoments()
  const shares = newMoments()
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const ages = plan.aging?.ages(new RandomStreams(seed, cycle).stream('ages'))
    const { weight, down } = downIn(plan, seed, cycle, ages)
    addTo(weights, weight)
    addTo(shares, (weight * down) / plan.meanLength)
  }
  return { weights, shares }
}

const service = (condition: ReturnType<typeof all>) => [{ name: 'up', condition }]
const SYSTEMS: readonly (readonly [string, PartModel])[] = [
  [
    'majority of five with lognormal repairs',
    model({
      groups: [group('server', 5, exp(2000), lognormal(4, 1))],
      services: service(atLeast(3, range(0, 5))),
    }),
  ],
  [
    'two of each of two kinds, one rarer than the other, one crew for all',
    model({
      groups: [group('a', 2, exp(1000), exp(5)), group('b', 2, exp(10_000), exp(20))],
      crews: [crew([0, 1])],
      services: service(all(atLeast(1, [0, 1]), atLeast(1, [2, 3]))),
    }),
  ],
  [
    'a shared shock',
    model({
      groups: [group('server', 3, exp(2000), exp(4))],
      commonCauses: [{ name: 'shock', group: 0, beta: 0.02, kind: 'shock' }],
      services: service(atLeast(2, range(0, 3))),
    }),
  ],
  [
    'a shared event',
    model({
      groups: [group('server', 3, exp(2000), exp(4))],
      commonCauses: [{ name: 'event', group: 0, beta: 0.02, kind: 'event' }],
      services: service(atLeast(2, range(0, 3))),
    }),
  ],
  [
    'lives that wear out, of four kinds',
    model({
      groups: [
        group('a', 2, weibull(1000, 3), lognormal(8, 1)),
        group('b', 1, lognormal(1500, 0.5), exp(8)),
        group('c', 1, { kind: 'gamma', mean: 900 * HOUR, shape: 4 }, exp(5)),
        group('d', 1, exp(1200), exp(8)),
      ],
      services: service(atLeast(3, range(0, 5))),
    }),
  ],
  [
    'lives that mostly end early',
    model({
      groups: [group('server', 4, weibull(2000, 0.6), exp(4))],
      services: service(atLeast(2, range(0, 4))),
    }),
  ],
  [
    'failures that propagate, and zones that crash what is in them',
    model({
      groups: [
        group('zone', 2, exp(5000), exp(3)),
        group('server', 4, exp(1500), exp(4), {
          needs: range(0, 4).map((k) => ({ kind: 'part', part: k % 2 })),
          onLoss: 'crash',
        }),
      ],
      commonCauses: [{ name: 'spreads', group: 1, beta: 0.03, kind: 'propagation' }],
      services: service(atLeast(2, range(2, 6))),
    }),
  ],
]

describe('a walk of the structure alone', () => {
  it.each(SYSTEMS)('weighs one on average and loses what is exactly lost: %s', (name, of) => {
    const plan = planOf(of)
    const { weights, shares } = walked(plan, name)
    expect(Math.abs(weights.mean - 1) / standardErrorOf(weights)).toBeLessThan(4)
    expect(weights.max).toBeLessThan(4.001)
    const exact = longRunUnavailability(of, 'up')!
    const error = standardErrorOf(shares)
    expect(Math.abs(shares.mean - exact) / error).toBeLessThan(4)
    expect(error / exact).toBeLessThan(0.2)
  })

  it('goes on while everything has not been up for long enough', () => {
    const of = SYSTEMS[2]![1]
    const settle = 100 * HOUR
    const plan = planOf(of, settle)
    expect(plan.meanLength).toBeGreaterThan(planOf(of).meanLength * 1.1)
    const { shares } = walked(plan, 'settles')
    expect(Math.abs(shares.mean - longRunUnavailability(of, 'up')!) / standardErrorOf(shares)).toBeLessThan(4)
  })

  it('does so with ages, too: of all times of everything up those count that last', () => {
    const of = SYSTEMS.find(([name]) => name.startsWith('lives that wear out'))![1]
    const plan = planOf(of, 250 * HOUR)
    expect(plan.meanLength).toBeGreaterThan(planOf(of).meanLength * 1.5)
    const { weights, shares } = walked(plan, 'settles old')
    expect(Math.abs(weights.mean - 1) / standardErrorOf(weights)).toBeLessThan(4)
    expect(Math.abs(shares.mean - longRunUnavailability(of, 'up')!) / standardErrorOf(shares)).toBeLessThan(4)
  })

  it('comes back where raised failures keep much down, and where a repair takes no time', () => {
    const many = model({
      groups: [group('server', 30, exp(100), lognormal(12, 1))],
      services: service(atLeast(1, range(0, 30))),
    })
    const plan = planOf(many)
    for (let cycle = 0; cycle < 100; cycle++) {
      expect(walkCycle(plan, new RandomStreams('many', cycle)).weight).toBeGreaterThan(0)
    }
    const quick = model({
      groups: [group('a', 1, exp(1000), fixedH(0)), group('b', 1, exp(1000), lognormal(4, 1))],
      services: service(atLeast(1, [0, 1])),
    })
    for (let cycle = 0; cycle < 100; cycle++) {
      expect(walkCycle(planOf(quick), new RandomStreams('quick', cycle)).weight).toBeGreaterThan(0)
    }
  })

  it('is refused, with the reason, where there are no cycles to be had', () => {
    const servers = group('server', 3, weibull(2000, 2), exp(4))
    const up = service(atLeast(2, range(0, 3)))
    const crewed = model({ groups: [servers], crews: [crew([0])], services: up })
    expect(cyclePlanOf(crewed, [0], 0)).toContain('failures have a memory, and parts influence one another')
    const uniform = model({
      groups: [{ ...servers, every: { kind: 'uniform', low: 900 * HOUR, high: 1100 * HOUR } }],
      services: up,
    })
    expect(cyclePlanOf(uniform, [0], 0)).toContain('failures of server are uniform')
    const never = model({ groups: [group('server', 40, weibull(10, 2), exp(10))], services: up })
    expect(cyclePlanOf(never, [0], 0)).toMatch(/everything is up at once for .* of the time; cycles need 1 %/)
    const crowd = model({ groups: [group('server', 3, exp(0.1), exp(0.001))], services: up })
    expect(cyclePlanOf(crowd, [0], HOUR)).toContain('at most 5000 can be walked')
    const forEver = model({ groups: [{ ...servers, modes: [] }], services: up })
    expect(cyclePlanOf(forEver, [0], 0)).toContain('server is never repaired')
  })
})
