import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { Maintenance, PartModel } from '../../../src/structure/model.ts'
import { atLeast, crew, exp, group, model, part } from '../models.ts'

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
