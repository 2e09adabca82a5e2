import { describe, expect, it } from 'vitest'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { exactResult } from '../../src/experiment/exact-result.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { rareResult } from '../../src/experiment/rare-result.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { runExperiment, solverProblems } from '../../src/experiment/run-experiment.ts'
import { simulate } from '../../src/experiment/runner.ts'
import { resultSchema } from '../../src/experiment/schema-result.ts'
import { assertOk } from './files.ts'

const OUTSIDE = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }
const FACTS = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial: false }

function majority(run: string, lasts = 'exponential(4h)'): ExperimentConfig {
  const text = `
parts: { server: { count: 3, every: exponential(1000h), lasts: ${lasts} } }
services: { quorum: { at-least: 2, of: server } }
run: ${run}
`
  return assertOk(readExperiment('x.yaml', text, { readFile: () => ({ ok: false, problems: [] }) }))
}

describe('an experiment that is run', () => {
  it.each(['{}', '{ solver: exact }'])('is solved where that is chosen or asked for: %s', (run) => {
    const config = majority(run)
    expect(runExperiment(config, replicate, OUTSIDE)).toEqual(exactResult(config, '0', FACTS))
  })

  it('is estimated by biased cycles where these are asked for', () => {
    const config = majority('{ solver: rare, precision: 20% }')
    expect(runExperiment(config, replicate, OUTSIDE)).toEqual(rareResult(config, '0', FACTS))
  })

  it('ends after as many biased cycles as it names, or with its precision', () => {
    const ended = (run: string) => runExperiment(majority(run), replicate, OUTSIDE).variants[0]!
    expect(ended('{ solver: rare, replications: 700 }')).toMatchObject({
      replications: 700,
      stopReason: 'replications',
    })
    const precise = ended('{ solver: rare, replications: 100000, precision: 20% }')
    expect(precise.stopReason).toBe('precision')
    expect(precise.replications).toBeLessThan(100_000)
  })

  it('tells what a few biased cycles can tell, and nothing that is no number', () => {
    for (let seed = 0; seed < 20; seed++) {
      for (const replications of [1, 2]) {
        const config = { ...majority(`{ solver: rare, replications: ${replications} }`), seed: `few/${seed}` }
        const written = JSON.parse(JSON.stringify(runExperiment(config, replicate, OUTSIDE)))
        expect(resultSchema.safeParse(written).error).toBeUndefined()
      }
    }
  })

  it('is simulated where it says how much, and then only', () => {
    const config = majority('{ replications: 40 }')
    const result = runExperiment(config, replicate, OUTSIDE)
    expect(result).toEqual(simulate(config, replicate, OUTSIDE))
    expect(result.variants[0]).toMatchObject({ solver: 'simulate', replications: 40 })
  })

  it('is refused where the solver that it asks for has no answer', () => {
    const config = majority('{ solver: rare, start: all-up }')
    expect(solverProblems(config)).toEqual([
      { path: '--solver', message: expect.stringMatching(/^base cannot be solved \(rare\): .*long run only/) },
    ])
    expect(() => runExperiment(config, replicate, OUTSIDE)).toThrow('base cannot be solved (rare)')
  })
})
