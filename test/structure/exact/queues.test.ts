import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { CommonCause } from '../../../src/structure/model.ts'
import { any, crew, exp, group, model, part, range } from '../models.ts'

/** Three servers over two zones, one crew; a failure that takes the others along, or a shock. */
function unavailability(kind: CommonCause['kind']): number {
  const needs = [0, 1, 0].map(part)
  const servers = model({
    groups: [group('zone', 2, exp(3000), exp(5)), group('server', 3, exp(1000), exp(24), { needs })],
    crews: [crew([1])],
    commonCauses: [{ name: 'batch', group: 1, beta: 0.1, kind }],
    services: [{ name: 'up', condition: any(...range(2, 5).map(part)) }],
  })
  const outcome = solveExactly(servers, {
    services: ['up'],
    start: 'steady',
    horizon: HOUR,
    at: [],
    fit: false,
    effort: 'all',
    objectives: [null],
  })
  if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
  return outcome.services[0]!.longRun.unavailability
}

describe('members that fail together and queue', () => {
  // Explicit chains in which every member has its own place in the queue, in the order of their numbers.
  it.each([
    ['propagation', 0.00720973577589449],
    ['shock', 0.0025484023345192634],
  ] as const)('are no two of a kind where a third stands between them: %s', (kind, expected) => {
    expect(unavailability(kind) / expected).toBeCloseTo(1, 12)
  })
})
