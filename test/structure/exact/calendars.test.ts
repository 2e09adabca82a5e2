import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { commonPeriod } from '../../../src/structure/common-period.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { Maintenance, PartModel } from '../../../src/structure/model.ts'
import { estimatesOf, runModel } from '../estimates.ts'
import { any, atLeast, crew, exp, group, model, part, range } from '../models.ts'

function solved(parts: PartModel) {
  return solveExactly(parts, {
    services: ['some'],
    start: 'steady',
    horizon: 8760 * HOUR,
    at: [],
    fit: false,
    effort: 'all',
    objectives: [null],
  })
}

const blind = (name: string, of: number, more: Partial<Maintenance> = {}): Maintenance => ({
  name,
  group: of,
  every: 100 * HOUR,
  lasts: 10 * HOUR,
  apart: 30 * HOUR,
  guard: 'none',
  ...more,
})

describe('a calendar of parts that the service does not look at', () => {
  it('is felt where what it takes away crashes others, who keep the crew busy', () => {
    const outcome = solved(
      model({
        groups: [
          group('rack', 1, exp(1000), exp(1)),
          group('others', 3, exp(1000), exp(8), { needs: [part(0), part(0), part(0)], onLoss: 'crash' }),
          group('ours', 2, exp(100), exp(4)),
        ],
        crews: [crew([1, 2], { order: 'priority' })],
        maintenance: [blind('rack-work', 0)],
        services: [{ name: 'some', condition: atLeast(1, [4, 5]) }],
      }),
    )
    expect(outcome.kind === 'refused' && outcome.reasons.join()).toContain('takes away what others react to')
  })

  it('is felt where a guard looks at them', () => {
    const outcome = solved(
      model({
        groups: [group('guards', 1, exp(1000), exp(1)), group('ours', 2, exp(100), exp(4))],
        maintenance: [blind('v', 0, { lasts: 50 * HOUR }), blind('w', 1, { guard: part(0) })],
        services: [{ name: 'some', condition: atLeast(2, [1, 2]) }],
      }),
    )
    expect(outcome.kind === 'refused' && outcome.reasons.join()).toContain('a guarded calendar beside others')
  })

  it('is none of its business where they only share the crew', () => {
    const groups = [group('others', 2, exp(1000), exp(8)), group('ours', 2, exp(100), exp(4))]
    const parts = { groups, crews: [crew([0, 1])], services: [{ name: 'some', condition: atLeast(1, [2, 3]) }] }
    const [without, beside] = [solved(model(parts)), solved(model({ ...parts, maintenance: [blind('w', 0)] }))]
    if (without.kind === 'refused' || beside.kind === 'refused') throw new Error('both have an answer')
    expect(beside.services[0]!.longRun.unavailability).toBeCloseTo(without.services[0]!.longRun.unavailability, 15)
  })
})

describe('calendars', () => {
  it('come round together after the least common multiple of their periods', () => {
    expect(commonPeriod([720 * HOUR, 8766 * HOUR])).toBe(350_640 * HOUR)
    expect(commonPeriod([0.5, 0.75])).toBe(1.5)
    expect(commonPeriod([365.25 * 24 * HOUR + 1 / 1024, 720 * HOUR])).toBeNull()
  })

  /** Two parts of two groups, both with windows from the beginning of each period: hours of them all, and share down. */
  it.each([
    [100, 10, 100, 10],
    [40, 10, 60, 15],
    [30, 5, 100, 40],
  ])('of %i h (%i h) and %i h (%i h) stand to one another as they do from the beginning', (a, lastsA, b, lastsB) => {
    const hours = range(0, a * b)
    const both = hours.filter((hour) => hour % a < lastsA && hour % b < lastsB).length / hours.length
    const one = hours.filter((hour) => hour % a < lastsA !== hour % b < lastsB).length / hours.length
    const up = 100 / 108
    const groups = [group('a', 1, exp(100), exp(8)), group('b', 1, exp(100), exp(8))]
    const maintenance = [
      blind('wa', 0, { every: a * HOUR, lasts: lastsA * HOUR }),
      blind('wb', 1, { every: b * HOUR, lasts: lastsB * HOUR }),
    ]
    const parts = model({ groups, maintenance, services: [{ name: 'some', condition: any(part(0), part(1)) }] })
    const exact = solved(parts)
    if (exact.kind === 'refused') throw new Error(exact.reasons.join())
    const expected = both + one * (1 - up) + (1 - both - one) * (1 - up) ** 2
    expect(exact.services[0]!.longRun.unavailability / expected).toBeCloseTo(1, 12)
    const horizon = 1000 * HOUR
    const { mean, error } = estimatesOf(runModel(parts, 400, { horizon })[0]!, horizon).unavailability
    expect(Math.abs(mean - expected) / error).toBeLessThan(4)
  })
})
