import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import type { ExactService } from '../../../src/structure/exact/answer.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import { majority } from '../../../src/validate/oracle-systems.ts'
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
  ])('of one part is the closed form: %s', (_, a, b, t, y) => {
    const value = beyond(majority(1, exp(1 / a), exp(1 / b)), 'all-up', t, y)
    expect(Math.abs(value / closedForm(a, b, t, y) - 1)).toBeLessThan(3e-12)
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
