import { describe, expect, it } from 'vitest'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { rareResult } from '../../src/experiment/rare-result.ts'
import type { ServiceResult } from '../../src/experiment/result.ts'
import { resultSchema } from '../../src/experiment/schema-result.ts'
import { elasticities } from '../../src/structure/exact/sensitivity.ts'
import { assertOk, readFrom } from './files.ts'

const RUN = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial: false }

function experiment(text: string): ExperimentConfig {
  return assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
}

/** Of many servers two may be down, of two supplies one. */
const farm = (count: number, run: string) => `
model:
  parts:
    server: { count: ${count}, every: exponential(20000h), lasts: exponential(8h) }
    power: { count: 2, every: exponential(50000h), lasts: exponential(10h) }
  services: { up: { all: [ { at-least: ${count - 2}, of: server }, { at-least: 1, of: power } ] } }
services: [up]
run: ${run}
`

describe('elasticities under the rare solver, where a chain is walked', () => {
  const of = (text: string): ServiceResult => {
    const result = rareResult(experiment(text), '0', RUN)
    expect(resultSchema.safeParse(result).success).toBe(true)
    return result.variants[0]!.services['up']!
  }

  it('are exact where the chain is small enough to be solved', () => {
    const text = farm(20, '{ solver: rare, precision: 5% }')
    const { model } = experiment(text).variants[0]!
    const { sensitivity } = of(text)
    expect(sensitivity!.elasticities).toEqual(model.kind === 'parts' && elasticities(model.parts, 'up'))
    expect(sensitivity!.importance).not.toBeNull()
  })

  it('are estimated in the same cycles where it is not', () => {
    const text = farm(70, '{ solver: rare, precision: 2% }')
    const { model } = experiment(text).variants[0]!
    const exact = model.kind === 'parts' ? elasticities(model.parts, 'up')! : []
    const told = of(text).sensitivity!.elasticities
    expect(told.map(({ input }) => input).sort()).toEqual(exact.map(({ input }) => input).sort())
    for (const { input, elasticity, estimate } of told) {
      const truth = exact.find((one) => one.input === input)!.elasticity
      expect(elasticity).toBe(estimate!.mean)
      expect(Math.abs(elasticity! - truth), input).toBeLessThan(2 * (estimate!.hi! - estimate!.lo))
      expect(estimate!.hi! - estimate!.lo, input).toBeLessThan(0.5)
    }
  })

  it('are left out where nobody wants them', () => {
    expect(of(farm(20, '{ solver: rare, precision: 5%, sensitivity: false }'))).not.toHaveProperty('sensitivity')
    expect(of(farm(70, '{ solver: rare, precision: 5%, sensitivity: false }'))).not.toHaveProperty('sensitivity')
  })
})
