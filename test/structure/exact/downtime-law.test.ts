import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { compileModel } from '../../../src/structure/compile.ts'
import type { ExactService } from '../../../src/structure/exact/answer.ts'
import { downtimeByCounting } from '../../../src/structure/exact/downtime-law.ts'
import { downtimeByTransform } from '../../../src/structure/exact/downtime-transform.ts'
import { JointChains } from '../../../src/structure/exact/joint.ts'
import { exactPhases } from '../../../src/structure/exact/phases.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import { majority, ORACLE_SYSTEMS } from '../../../src/validate/oracle-systems.ts'
import { crew, exp } from '../../../src/validate/part-words.ts'

const YEAR_H = 8760

function solved(model: PartModel, start: 'steady' | 'all-up', hours: number, allowedHours: number): ExactService {
  const objectives = [1 - allowedHours / hours]
  const request = { services: ['quorum'], at: [], fit: false, effort: 'all', objectives } as const
  const outcome = solveExactly(model, { ...request, start, horizon: hours * HOUR })
  if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
  return outcome.services[0]!
}

const beyond = (model: PartModel, start: 'steady' | 'all-up', hours: number, allowedHours: number) =>
  solved(model, start, hours, allowedHours).probabilityOfMissInHorizon!

/**
 * One part of rates a and b, up at first: it is down for more than y of t exactly if the n failures of its first t − y up
 * have repairs of more than y together; n is Poisson, the repairs an Erlang law (Takács 1957, Acta Math. Hungar. 8, 169–191).
 */
function closedForm(a: number, b: number, t: number, y: number): number {
  let sum = 0
  let fails = Math.exp(-a * (t - y))
  let repairs = Math.exp(-b * y)
  let longer = 0
  for (let n = 1; n < 400; n++) {
    fails *= (a * (t - y)) / n
    longer += repairs
    repairs *= (b * y) / n
    sum += fails * longer
  }
  return sum
}

describe('P(more than the objective allows is lost in the horizon)', () => {
  it.each([
    ['the reference system', 1 / 1000, 1 / 8, YEAR_H, 1],
    ['much allowed', 1 / 1000, 1 / 8, YEAR_H, 200],
    ['a hundred times the mean', 1 / 10_000, 1 / 8, YEAR_H, 700],
    ['one in ten billion', 1e-14, 1 / 8, YEAR_H, 1],
    ['down most of the time', 1, 1 / 8, 100, 80],
    ['quick repairs', 1 / 100, 60, 1000, 0.1],
    ['too many steps to count: repairs in a second', 1 / 100, 3600, YEAR_H, 0.03],
    ['too many steps to count, and one in 1e40', 1 / 100, 3600, YEAR_H, 0.1],
  ])('of one part is the closed form: %s', (_, a, b, t, y) => {
    const value = beyond(majority(1, exp(1 / a), exp(1 / b)), 'all-up', t, y)
    // What is allowed as the objective tells it: a target next to one has few digits left.
    const allowed = (1 - (1 - y / t)) * t
    expect(Math.abs(value / closedForm(a, b, t, allowed) - 1)).toBeLessThan(3e-12)
  })

  it('is the probability of an outage where nothing is allowed, and none where all is', () => {
    for (const start of ['steady', 'all-up'] as const) {
      const nothing = solved(majority(3, exp(1000), exp(8)), start, 1000, 0)
      expect(nothing.probabilityOfMissInHorizon! / (1 - nothing.noOutageInHorizon!)).toBeCloseTo(1, 11)
      expect(beyond(majority(3, exp(1000), exp(8)), start, 1000, 1000)).toBe(0)
    }
  })

  it('adds up to the mean time down, from either start', () => {
    const model = majority(3, exp(100), exp(8), { crews: [crew([0])] })
    const hours = 60
    // Simpson's rule over what may be lost; its error falls with the fourth power of the steps.
    const steps = 240
    for (const start of ['steady', 'all-up'] as const) {
      const sum = Array.from({ length: steps + 1 }, (_, i) => {
        const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2
        // All of it lost throughout has a probability of its own: the last value is that of a little less.
        return weight * beyond(model, start, hours, Math.min(i / steps, 1 - 1e-9) * hours)
      }).reduce((a, b) => a + b, 0)
      const { interval, longRun } = solved(model, start, hours, 1)
      const mean = start === 'steady' ? longRun.unavailability * hours : interval!.lostMs / HOUR
      expect((sum * hours) / steps / 3 / mean).toBeCloseTo(1, 6)
    }
  })

  it.each([
    ['a crew', majority(3, exp(1000), exp(8), { crews: [crew([0])] }), [0.1, 1, 30, 100]],
    ['a shared shock', ORACLE_SYSTEMS['F05-a-betafactor-n3']!(), [0.1, 1, 30, 100]],
    ['unlike members in one queue', ORACLE_SYSTEMS['F02H-a-fcfs1']!(), [0.1, 1, 20]],
    ['zones', ORACLE_SYSTEMS['F04-a-1+1+1']!(), [0.1, 1, 10]],
    ['what is rarer than one in 1e30', majority(5, exp(8760), exp(4)), [88]],
  ])('is told alike by counting visits and by the transform: %s', (_, model, allowed) => {
    const joint = new JointChains(
      compileModel(model),
      { states: 1000, draws: Number.POSITIVE_INFINITY, cuts: true },
      exactPhases,
    ).of(0)
    if ('refused' in joint) throw new Error(joint.refused)
    const { chain, up } = joint
    const start = new Float64Array(chain.size)
    for (const { state, probability } of chain.start) start[state]! += probability
    for (const hours of allowed) {
      const [counted, transformed] = [downtimeByCounting, downtimeByTransform].map((solve) =>
        solve({ chain, up, start, time: YEAR_H * HOUR, allowed: hours * HOUR }, 1e9),
      )
      expect(Math.abs(transformed! / counted! - 1), `${hours} h: ${counted}, ${transformed}`).toBeLessThan(2e-12)
    }
  })

  it('of a month from the long run is the month’s', () => {
    const month = 365.25 * 2
    const { probabilityOfMissInAMonth, probabilityOfMissInHorizon } = solved(
      majority(3, exp(1000), exp(8)),
      'steady',
      month,
      0.5,
    )
    expect(probabilityOfMissInHorizon).toBe(probabilityOfMissInAMonth)
  })
})
