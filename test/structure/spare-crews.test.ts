import { describe, expect, it } from 'vitest'
import { HOUR } from '../../src/base/units.ts'
import { solveExactly } from '../../src/structure/exact/solve.ts'
import type { PartModel } from '../../src/structure/model.ts'
import { withoutSpareCrews } from '../../src/structure/spare-crews.ts'
import { atLeast, crew, exp, group, model, range } from './models.ts'

const UNLIKE = range(0, 16).map((k) => group(`server-${k}`, 1, exp(1000 + 37 * k), exp(4)))
const unlike = (least: number, size: number): PartModel =>
  model({
    groups: UNLIKE,
    crews: [crew(range(0, 16), { size })],
    services: [{ name: 'up', condition: atLeast(least, range(0, 16)) }],
  })

function solved(of: PartModel) {
  const request = { start: 'steady', horizon: HOUR, at: [], fit: false, effort: 'all', objectives: [null] } as const
  return solveExactly(of, { services: ['up'], ...request })
}

describe('crews that nobody waits for', () => {
  it('are no crews: what they serve is independent', () => {
    const alone = solved({ ...unlike(9, 16), crews: [] })
    expect(solved(unlike(9, 16))).toEqual(alone)
    expect(withoutSpareCrews(unlike(9, 16)).crews).toEqual([])
  })

  it('stay where they are short, or have a way to go', () => {
    expect(withoutSpareCrews(unlike(9, 15)).crews).toHaveLength(1)
    const far = { ...unlike(9, 16), crews: [crew(range(0, 16), { size: 16, reaches: exp(1) })] }
    expect(withoutSpareCrews(far).crews).toHaveLength(1)
    const shared = model({
      groups: [group('server', 2, exp(1000), exp(4))],
      crews: [crew([0], { size: 2 })],
      commonCauses: [{ name: 'event', group: 0, beta: 0.1, kind: 'event' }],
      services: [{ name: 'up', condition: atLeast(1, range(0, 2)) }],
    })
    expect(withoutSpareCrews(shared).crews).toHaveLength(1)
  })
})

describe('a chain that has to be cut', () => {
  it('is no answer where it is cut before the service is ever lost', () => {
    expect(solved(unlike(9, 2))).toMatchObject({ kind: 'refused' })
  })

  it('is one, with its error, where it is cut after that', () => {
    const outcome = solved(unlike(14, 2))
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
    const { relativeError, longRun } = outcome.services[0]!
    expect(longRun.unavailability).toBeGreaterThan(1e-5)
    expect(relativeError).toBeGreaterThan(0)
    expect(relativeError).toBeLessThan(0.1)
  })
})
