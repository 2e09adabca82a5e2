import { HOUR } from '../../../src/base/units.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { PartModel } from '../../../src/structure/model.ts'

/** All that is known without fits of a service `quorum`, over a year of 8760 h. */
export function solvedYear(model: PartModel, start: 'steady' | 'all-up') {
  const outcome = solveExactly(model, {
    services: ['quorum'],
    start,
    horizon: 8760 * HOUR,
    at: [],
    fit: false,
    effort: 'all',
    objectives: [null],
  })
  if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
  return outcome.services[0]!
}
