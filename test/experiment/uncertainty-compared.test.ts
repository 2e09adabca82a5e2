import erfc from '@stdlib/math-base-special-erfc'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { describe, expect, it } from 'vitest'
import { SECONDS_PER_YEAR } from '../../src/base/units.ts'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { exactResult } from '../../src/experiment/exact-result.ts'
import { inputDrawsOf } from '../../src/experiment/input-draws.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { ResultFile } from '../../src/experiment/result.ts'
import { runExperiment } from '../../src/experiment/run-experiment.ts'
import { resultSchema } from '../../src/experiment/schema-result.ts'
import { renderCsv } from '../../src/report/csv.ts'
import { renderHtml } from '../../src/report/html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { renderTable } from '../../src/report/table.ts'
import { assertOk, readFrom } from './files.ts'

const OUTSIDE = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }
const FACTS = { ...OUTSIDE, events: 0, partial: false }

/** A server whose mean life is known by a distribution only, and another in its stead whose mean is known. */
function config(more = '', law = 'lognormal(median 1000h, p95 3000h)', repair = 'exponential(8h)') {
  const text = `
model:
  parts:
    server: { every: exponential(1000h), lasts: "${repair}" }
    other: { every: exponential(1500h), lasts: "${repair}" }
  services: { up: server }
variants: { server: {}, other: { services.up: other } }
services: [up]
slo: { up: 99.5% }
run: { uncertain: { server.every: '${law}' } ${more} }
`
  return assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
}

const solved = (of: ExperimentConfig): ResultFile => exactResult(of, '0', FACTS)
const run = (of: ExperimentConfig): ResultFile => runExperiment(of, replicate, OUTSIDE)

/** Of a lognormal mean of median 1000 h and 95 % below 3000 h. */
const SIGMA = Math.log(3) / normalQuantile(0.95, 0, 1)
const normalCdf = (z: number) => erfc(-z / Math.SQRT2) / 2
const meanAt = (p: number) => 1000 * Math.exp(SIGMA * normalQuantile(p, 0, 1))
const downWith = (hours: number) => 8 / (hours + 8)

/** Whether the quantile of 1000 draws lies where 99.9 % of such do: between neighbouring quantiles, by the binomial law. */
function expectQuantile(drawn: number, p: number, quantile: (p: number) => number): void {
  const stray = 3.3 * Math.sqrt((p * (1 - p)) / 1000)
  const ends = [quantile(Math.max(1e-4, p - stray)), quantile(Math.min(1 - 1e-4, p + stray))].sort((a, b) => a - b)
  expect(drawn).toBeGreaterThan(ends[0]!)
  expect(drawn).toBeLessThan(ends[1]!)
}

describe('two variants in the same draws', () => {
  const result = solved(config())
  const compared = result.comparisons[0]!.inputUncertainty!
  const [server, other] = result.variants.map(({ services }) => services['up']!)

  it('have the quantiles of a closed form', () => {
    expect(resultSchema.safeParse(result).success).toBe(true)
    const { p2_5, p50, p97_5 } = server!.inputUncertainty!
    // The longer it lives the less is lost.
    for (const [drawn, p] of [
      [p2_5, 0.025],
      [p50, 0.5],
      [p97_5, 0.975],
    ] as const)
      expectQuantile(drawn, p, (q) => downWith(meanAt(1 - q)))
    const { lostSecondsPerYear: difference, ratio, draws } = compared
    expect(draws).toBe(1000)
    const known = downWith(1500)
    for (const p of ['p2_5', 'p50', 'p97_5'] as const) {
      const at = { p2_5: 0.025, p50: 0.5, p97_5: 0.975 }[p]
      expectQuantile(difference[p], at, (q) => (known - downWith(meanAt(q))) * SECONDS_PER_YEAR)
      expectQuantile(ratio![p], at, (q) => known / downWith(meanAt(q)))
    }
    expect(other!.inputUncertainty!.p2_5).toBe(other!.inputUncertainty!.p97_5)
  })

  it('say how often one is better, and how often an objective is met', () => {
    // The other is better while the server lives for less than 1500 h.
    const better = normalCdf(Math.log(1500 / 1000) / SIGMA)
    expect(compared.better.n).toBe(1000)
    expect(compared.better.lo).toBeLessThan(better)
    expect(compared.better.hi).toBeGreaterThan(better)
    expect(compared.worse.mean).toBeCloseTo(1 - compared.better.mean, 12)
    // 8 / (m + 8) is at most half a percent from 1592 h on.
    const met = 1 - normalCdf(Math.log(1592 / 1000) / SIGMA)
    expect(server!.slo!.met).toBe(false)
    expect(server!.slo!.metInDraws!.lo).toBeLessThan(met)
    expect(server!.slo!.metInDraws!.hi).toBeGreaterThan(met)
    expect(other!.slo!.metInDraws).toMatchObject({ mean: 0, n: 1000, lo: 0 })
  })

  it('are told apart with a reserve where that holds for the means only', () => {
    expect(result.verdict).toMatch(/“other” saves .*, though only in 7\d % of what the inputs may be/)
    expect(result.verdict).toMatch(/neither meets 99.5 %, of what the inputs may be “server” meets it in \d\d %\./)
    const sure = solved(config('', 'uniform(990h, 1010h)'))
    expect(sure.comparisons[0]!.inputUncertainty!.better.mean).toBe(1)
    expect(sure.verdict).not.toContain('what the inputs may be')
  })

  it('stand in every report', async () => {
    const words = /less in 7\d % \[7\d … \d\d\], more in|less in 7\d(\.\d)? % \[\d\d(\.\d)? … \d\d(\.\d)?\] of them/
    for (const text of [
      renderTable(result, { colour: false, width: 400 }),
      renderMarkdown(result),
      await renderHtml(result),
    ]) {
      expect(text).toContain('other − server')
      expect(text).toMatch(words)
      expect(text).toMatch(/met in \d\d % \[\d\d … \d\d\] of 1000 draws/)
    }
    const [head, , row] = renderCsv(result)
      .split('\n')
      .map((line) => line.split(','))
    const cell = (name: string) => Number(row![head!.indexOf(name)])
    expect(cell('draws')).toBe(1000)
    expect(cell('better_in_draws_lo')).toBe(compared.better.lo)
    expect(cell('drawn_difference_seconds_per_year_p97_5')).toBe(compared.lostSecondsPerYear.p97_5)
    expect(cell('slo_met_in_draws')).toBe(0)
  })
})

describe('draws', () => {
  it('are the same whoever answers for the means', () => {
    const known = solved(config())
    const compared = known.comparisons[0]!.inputUncertainty!
    for (const solver of ['simulate, replications: 3', 'rare, precision: 30%']) {
      const by = run(config(`, solver: ${solver}`))
      expect(by.comparisons[0]!.inputUncertainty).toEqual(compared)
      expect(by.variants[0]!.services['up']!.slo!.metInDraws).toEqual(
        known.variants[0]!.services['up']!.slo!.metInDraws,
      )
    }
    // Repairs without phases: cycles are lived through.
    const lived = run(config(', solver: rare, replications: 2', undefined, 'lognormal(mean 8h, sigma 1)'))
    expect(lived.comparisons[0]!.inputUncertainty!.better).toEqual(compared.better)
  })

  it('that change nothing between variants are neither better nor worse', () => {
    const text = `
model:
  parts: { server: { every: exponential(1000h), lasts: exponential(8h) } }
  services: { up: server }
variants: { a: {}, b: { parts.server.ages: while-up } }
services: [up]
run: { uncertain: { server.every: 'lognormal(median 1000h, p95 3000h)' } }
`
    const result = solved(assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} })))
    expect(result.comparisons[0]!.inputUncertainty).toMatchObject({ better: { mean: 0 }, worse: { mean: 0 } })
    expect(renderMarkdown(result)).toContain('the same in every draw')
  })

  it('that are stopped are told as far as they came, unless they are too few', () => {
    const all = config()
    const drawn = (count: number) => {
      const some = config()
      const draws = inputDrawsOf(some)
      for (let i = 0; i < count; i++) draws.next()
      draws.stop()
      expect(draws.isPartial).toBe(true)
      return solved(some)
    }
    const some = drawn(150)
    expect(resultSchema.safeParse(some).success).toBe(true)
    expect(some.comparisons[0]!.inputUncertainty!.draws).toBe(150)
    const first = inputDrawsOf(all)
      .lossesOf(0, 0)!
      .slice(0, 150)
      .sort((a, b) => a - b)
    expect(some.variants[0]!.services['up']!.inputUncertainty!.p50).toBe(first[75])
    const few = drawn(99)
    expect(few.variants[0]!.services['up']!.inputUncertainty).toBeUndefined()
    expect(few.comparisons[0]!.inputUncertainty).toBeUndefined()
  })

  it('have nothing to say of a plan that is played', () => {
    const played = run(
      config(', replications: 2, faults: { plan: p, actions: [{ at: 1h, do: crash, on: server, for: 1h }] }'),
    )
    expect(played.variants[0]!.services['up']!.inputUncertainty).toBeNull()
    expect(played.comparisons[0]!.inputUncertainty).toBeNull()
  })
})
