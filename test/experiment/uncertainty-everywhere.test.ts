import { describe, expect, it } from 'vitest'
import { HOUR } from '../../src/base/units.ts'
import { exactResult } from '../../src/experiment/exact-result.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { rareResult } from '../../src/experiment/rare-result.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { ResultFile } from '../../src/experiment/result.ts'
import { simulate } from '../../src/experiment/runner.ts'
import { resultSchema } from '../../src/experiment/schema-result.ts'
import { renderHtml } from '../../src/report/html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { renderTable } from '../../src/report/table.ts'
import { assertOk, readFrom } from './files.ts'

const FACTS = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial: false }

function config(run: string, more = '') {
  const text = `
model:
  parts: { server: { count: 1, every: exponential(1000h), lasts: exponential(8h) } }
${more}
  services: { up: server }
services: [up]
run: { ${run}, uncertain: { server.lasts: 'uniform(4h, 12h)' } }
`
  return assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
}

function uncertaintyIn(result: ResultFile) {
  expect(resultSchema.safeParse(result).success).toBe(true)
  return result.variants[0]!.services['up']!.inputUncertainty
}

describe('inputs that are uncertain', () => {
  const exact = exactResult(config('solver: exact'), '0', FACTS)

  it('are so whoever answers for their means', () => {
    const known = uncertaintyIn(exact)
    expect(known).toMatchObject({ draws: 1000 })
    const outside = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }
    const simulated = simulate(config('solver: simulate, replications: 3'), replicate, outside)
    expect(uncertaintyIn(simulated)).toEqual(known)
    expect(uncertaintyIn(rareResult(config('solver: rare, precision: 30%'), '0', FACTS))).toEqual(known)
  })

  it('say what is lost over the horizon where that is what is asked', () => {
    const of = uncertaintyIn(exactResult(config('start: all-up, horizon: 10h'), '0', FACTS))!
    // A single part, new at 0: u (1 − (1 − e^(−s t)) / (s t)) with s the sum of both rates.
    const lost = (lasts: number, t: number) => {
      const s = 1 / 1000 + 1 / lasts
      return (lasts / (1000 + lasts)) * (1 + Math.expm1(-s * t) / (s * t))
    }
    expect(of.p50 / lost(8, (10 * HOUR) / HOUR)).toBeCloseTo(1, 1)
    expect(of.p97_5).toBeLessThan(uncertaintyIn(exact)!.p2_5)
  })

  it('are said to leave open what nobody knows, where no draw has an exact answer', () => {
    const calendar =
      '  maintenance: { reboot: { of: server, every: 720h, lasts: 10m } }\n  crews: { team: { serves: all } }'
    const outside = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }
    const result = simulate(config('start: all-up, horizon: 900h, replications: 3', calendar), replicate, outside)
    expect(uncertaintyIn(result)).toBeNull()
    expect(renderTable(result, { colour: false, width: 200 })).toContain(
      'draws need an exact answer, and there is none',
    )
  })

  it('and what each part matters stand in every report', async () => {
    const words = /\d+ d \d+ h a year, in 95 % of 1000 draws 1 d 13 h to \d d \d+ h/
    const markdown = renderMarkdown(exact)
    expect(markdown).toMatch(words)
    expect(markdown).toMatch(
      /\| up\/base \| Birnbaum \| criticality \| Fussell–Vesely \| risk achievement \|\n.*\n\| server \| 1.00 \|/,
    )
    const page = await renderHtml(exact)
    expect(page).toMatch(words)
    expect(page).toContain('How much each part matters')
    expect(page).not.toContain('estimate from simulating')
  })
})
