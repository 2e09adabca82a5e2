import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../src/cluster/parts.ts'
import type { ModelConfig } from '../../../src/experiment/config.ts'
import { readExperiment } from '../../../src/experiment/parse.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { Condition, PartModel } from '../../../src/structure/model.ts'
import { assertOk, readFrom } from '../../experiment/files.ts'
import { exp, group } from '../models.ts'

const PARTS = 7
const HOURS = 3_600_000

/** Conditions in which parts stand beside one another in series, more than once and in several services. */
const conditions: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.nat(PARTS - 1).map((part): Condition => ({ kind: 'part', part })),
    fc
      .array(fc.nat(PARTS - 1), { minLength: 2, maxLength: 3 })
      .map((parts): Condition => ({ kind: 'all', of: parts.map((part) => ({ kind: 'part', part }) as const) })),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((of): Condition => ({ kind: 'all', of })),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((of): Condition => ({ kind: 'any', of })),
    fc.array(tie('tree'), { minLength: 2, maxLength: 4 }).map((of): Condition => ({ kind: 'at-least', count: 2, of })),
  ),
})).tree

const RATES = Array.from({ length: PARTS }, (_, i) => ({ every: 50 * (i + 1), lasts: 3 + 2 * i }))

function modelOf(condition: Condition): PartModel {
  const groups = RATES.map(({ every, lasts }, i) => ({ ...group(`p${i}`, 1, exp(every), exp(lasts)) }))
  return {
    groups,
    crews: [],
    commonCauses: [],
    maintenance: [],
    roles: [],
    services: [{ name: 'service', condition }],
  }
}

function holds(condition: Condition, up: number): boolean {
  switch (condition.kind) {
    case 'part':
      return ((up >> condition.part) & 1) === 1
    case 'all':
      return condition.of.every((one) => holds(one, up))
    case 'any':
      return condition.of.some((one) => holds(one, up))
    case 'at-least':
      return condition.of.filter((one) => holds(one, up)).length >= condition.count
    default:
      throw new Error('no such condition here')
  }
}

/** By all 2^n states: unavailability, and losses per hour. */
function byStates(condition: Condition) {
  let [unavailability, losses] = [0, 0]
  for (let up = 0; up < 2 ** PARTS; up++) {
    let chance = 1
    for (const [i, { every, lasts }] of RATES.entries()) chance *= ((up >> i) & 1 ? every : lasts) / (every + lasts)
    if (!holds(condition, up)) {
      unavailability += chance
      continue
    }
    for (const [i, { every }] of RATES.entries()) {
      if (((up >> i) & 1) === 1 && !holds(condition, up & ~(1 << i))) losses += chance / every
    }
  }
  return { unavailability, losses }
}

describe('parts that are asked for together', () => {
  it('come to what all states of all parts come to', () => {
    fc.assert(
      fc.property(conditions, (condition) => {
        const request = { services: ['service'], start: 'steady' as const, horizon: 1, at: [], fit: false }
        const outcome = solveExactly(modelOf(condition), { ...request, effort: 'some', objectives: [null] })
        if (outcome.kind !== 'solved') throw new Error('not solved')
        const { longRun } = outcome.services[0]!
        const { unavailability, losses } = byStates(condition)
        expect(longRun!.unavailability).toBeCloseTo(unavailability, 13)
        expect(longRun!.outagesPerMs * HOURS).toBeCloseTo(losses, 13)
      }),
      { numRuns: 300, seed: 20_261_130 },
    )
  })

  it('make seven members with a machine, a process, a disk and a zone each a matter of a thousand combinations', () => {
    const text = `
model: models/clusters/stacked-3.yaml
variants: { seven: { nodes.control-plane.count: 7 } }
services: [write]
`
    const config = assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
    const { cluster } = config.variants[0]!.model as ModelConfig & { kind: 'cluster' }
    const { model } = partsOf(cluster)
    for (const service of model.services) {
      const request = { services: [service.name], start: 'steady' as const, horizon: 1, at: [], fit: false }
      expect(solveExactly(model, { ...request, effort: 'some', objectives: [null] }).kind).toBe('solved')
    }
  })
})
