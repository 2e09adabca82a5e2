import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import type { Distribution } from '../../../src/engine/distribution.ts'
import { compileModel } from '../../../src/structure/compile.ts'
import type { ExactRequest, ExactService } from '../../../src/structure/exact/answer.ts'
import { fitOf } from '../../../src/structure/exact/fit.ts'
import { ServiceSolver } from '../../../src/structure/exact/service-solver.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import { majority } from '../../../src/validate/oracle-systems.ts'
import { meanOver, runModel } from '../estimates.ts'
import { atLeast, crew, exp, group, lognormal, model, range, weibull } from '../models.ts'

const gamma = (hours: number, shape: number): Distribution => ({ kind: 'gamma', mean: hours * HOUR, shape })

const least = (holds: number, of: number, every: Distribution, lasts: Distribution) =>
  model({
    groups: [group('server', of, every, lasts)],
    services: [{ name: 'quorum', condition: atLeast(holds, range(0, of)) }],
  })

/** A model, a horizon (h) that hardly any first outage lies beyond, and what fits may leave beyond sampling. */
const MODELS: readonly (readonly [string, PartModel, number, number])[] = [
  ['three in series', least(3, 3, weibull(1000, 0.7), lognormal(8, 1)), 6000, 0.02],
  ['a pair', least(1, 2, weibull(200, 0.5), lognormal(20, 1.5)), 40_000, 0.03],
  ['a majority of three', majority(3, weibull(300, 0.7), lognormal(20, 1.2)), 30_000, 0.03],
  ['steep lives and a crew', majority(3, gamma(300, 0.5), lognormal(8, 1.2), { crews: [crew([0])] }), 40_000, 0.05],
  ['heavy repairs and a crew', majority(3, exp(100), lognormal(8, 1.5), { crews: [crew([0])] }), 20_000, 0.03],
]

const REQUEST: ExactRequest = {
  services: ['quorum'],
  start: 'all-up',
  horizon: 100 * HOUR,
  at: [10 * HOUR, 100 * HOUR],
  fit: true,
  effort: 'all',
  objectives: [null],
}

function byMomentsAlone(parts: PartModel): ExactService {
  const size = { states: 250_000, draws: Number.POSITIVE_INFINITY, cuts: true }
  const solver = new ServiceSolver(compileModel(parts), size, (of) => fitOf(of, 0).phases)
  const solved = solver.solve('quorum', REQUEST, null)
  if ('refused' in solved) throw new Error(solved.refused)
  return solved
}

function byFits(parts: PartModel): ExactService {
  const outcome = solveExactly(parts, REQUEST)
  if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
  return outcome.services[0]!
}

describe('first outages by fitted laws', () => {
  it.each(MODELS)('are those of a long simulation: %s', (_, parts, hours, slack) => {
    const horizon = hours * HOUR
    const runs = runModel(parts, 5000, { start: 'all-up', horizon }, 'first outages').at(-1)!
    const firsts = runs.map(({ firstOutageMs }) => (firstOutageMs < 0 ? horizon : firstOutageMs))
    const simulated = [
      ...REQUEST.at.map((time) => meanOver(firsts.map((first) => (first <= time ? 1 : 0)))),
      meanOver(firsts),
    ]
    const values = ({ at, firstOutageMs }: ExactService) => [...at!.map(({ hadOutage }) => hadOutage), firstOutageMs!]
    const [fine, coarse] = [byFits(parts), byMomentsAlone(parts)].map(values)
    simulated.forEach(({ mean, error }, i) => {
      expect(Math.abs(fine![i]! - mean), `value ${i}`).toBeLessThan(4 * error + slack * mean)
    })
    // What the same chain says with moments alone is off in at least one of them, by a tenth to ten times.
    const off = simulated.map(({ mean, error }, i) => Math.abs(coarse![i]! - mean) / error)
    expect(Math.max(...off)).toBeGreaterThan(6)
  })
})

describe('fits of large models', () => {
  it('have fewer phases, down to those of the first moments: what could be solved still can be', () => {
    const large = majority(13, weibull(200, 0.6), lognormal(20, 1.2))
    const outcome = solveExactly(large, { ...REQUEST, start: 'steady', at: [] })
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
    const { states, fit, firstOutageMs } = outcome.services[0]!
    // Multisets of 13 out of two phases of life and two of repair.
    expect(states).toBe((16 * 15 * 14) / 6)
    expect(fit!.distance).toBe(fitOf(weibull(200, 0.6), 0).distance)
    expect(firstOutageMs).not.toBeNull()
  })
})
