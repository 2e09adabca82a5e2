import { describe, expect, it } from 'vitest'
import { exactResult } from '../../src/experiment/exact-result.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { assertOk, readFrom, shownProblems } from './files.ts'

const FACTS = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial: false }

const read = (
  uncertain: string,
  model = '{ parts: { server: { every: exponential(1000h), lasts: exponential(8h) } }, services: { up: server } }',
) =>
  readExperiment('x.yaml', `model: ${model}\nservices: [up]\nrun: { uncertain: ${uncertain} }\n`, {
    readFile: readFrom(),
    sets: [],
    overrides: {},
  })

describe('uncertain inputs', () => {
  it('give the answer a second interval: quantiles of a known function of the input', () => {
    // Repairs of 4 to 12 h, each alike: the share of time down grows with them, so its quantiles are at theirs.
    const result = exactResult(assertOk(read("{ server.lasts: 'uniform(4h, 12h)' }")), '0', FACTS)
    const { p2_5, p50, p97_5, draws } = result.variants[0]!.services['up']!.inputUncertainty!
    const down = (hours: number) => hours / (1000 + hours)
    expect(draws).toBe(1000)
    expect(Math.abs(p2_5 / down(4.2) - 1)).toBeLessThan(0.05)
    expect(Math.abs(p50 / down(8) - 1)).toBeLessThan(0.05)
    expect(Math.abs(p97_5 / down(11.8) - 1)).toBeLessThan(0.05)
  })

  it('must be inputs of the model', () => {
    expect(shownProblems(read('{ servr.every: exponential(1h) }')).join()).toContain('did you mean server.every')
    const cluster = 'hasim:models/clusters/stacked-3.yaml'
    const problems = readExperiment(
      'x.yaml',
      `model: ${cluster}\nrun: { uncertain: { node.every: exponential(1h) } }\n`,
      {
        readFile: readFrom(),
        sets: [],
        overrides: {},
      },
    )
    expect(shownProblems(problems).join()).toContain('part models')
  })
})
