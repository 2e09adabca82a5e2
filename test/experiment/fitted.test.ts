import { describe, expect, it } from 'vitest'
import { exactResult } from '../../src/experiment/exact-result.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { Estimate, ResultFile } from '../../src/experiment/result.ts'
import { simulate } from '../../src/experiment/runner.ts'
import { resultSchema } from '../../src/experiment/schema-result.ts'
import { assertOk, readFrom } from './files.ts'

const FACTS = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial: false }
const OUTSIDE = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }

/** Of `alone` losses need no fit and first outages do; of `crew`, who wait for one another, all does. */
const MODEL = `
model:
  parts:
    s: { count: 3, every: "weibull(mean 1000h, shape 0.7)", lasts: "lognormal(mean 8h, sigma 1)" }
    c: { count: 3, every: exponential(1000h), lasts: "lognormal(mean 8h, sigma 1)" }
    e: { count: 2, every: exponential(1000h), lasts: exponential(8h) }
  crews: { team: { size: 1, serves: [c] } }
  services:
    alone: { at-least: 2, of: s }
    crew: { at-least: 2, of: c }
    plain: { all: e }
`

const solved = (services: string, more = '', run = 'start: all-up, at: [10h]'): ResultFile =>
  exactResult(
    assertOk(
      readExperiment(
        'x.yaml',
        `${MODEL}services: ${services}\nrun: { solver: exact, horizon: 1000h, ${run} }\n${more}`,
        { readFile: readFrom() },
      ),
    ),
    '0',
    FACTS,
  )

const FITTED = /^fitted: .*with phase-type fits, whose distribution functions differ by .*; no bound known$/
const isOpen = (hi: number | null) => ({ lo: 0, hi, level: 1, n: 0, method: expect.stringMatching(FITTED) })

function isTight({ mean, lo, hi, method }: Estimate): boolean {
  return hi !== null && hi - lo < 1e-6 * mean && method.startsWith('exact') && !method.includes('fits')
}

describe('values by fitted laws', () => {
  const services = solved('[alone, crew, plain]', 'slo: { alone: 99.9%, crew: 99.9% }').variants[0]!.services
  const [alone, crew, plain] = ['alone', 'crew', 'plain'].map((name) => services[name]!)

  it('have no interval: all that they could be', () => {
    expect(crew!.unavailability).toMatchObject(isOpen(1))
    expect(crew!.lostSecondsPerYear).toMatchObject(isOpen(31_557_600))
    expect(crew!.outagesPerYear).toMatchObject(isOpen(null))
    expect(crew!.outageSeconds.mean).toMatchObject(isOpen(null))
    expect(crew!.outageSeconds.p90).toMatchObject({ lo: 0, hi: null })
    expect(crew!.at[0]!.down).toMatchObject(isOpen(1))
    expect(crew!.at[0]!.lostSeconds).toMatchObject(isOpen(36_000))
    expect(crew!.slo!.missInHorizon).toMatchObject(isOpen(1))
    expect(crew!.exact).toBeNull()
    // Parts are up or down, whatever their laws.
    expect(crew!.degradedSecondsPerYear).toMatchObject({ mean: 0, lo: 0, hi: 0 })
  })

  it('stand beside those that need no fit, which stay exact', () => {
    const { unavailability, outagesPerYear, at, exact, firstOutageSeconds, noOutageInHorizon } = alone!
    for (const known of [unavailability, outagesPerYear, at[0]!.down, at[0]!.lostSeconds]) {
      expect(isTight(known)).toBe(true)
    }
    expect(firstOutageSeconds).toMatchObject(isOpen(null))
    expect(noOutageInHorizon).toMatchObject(isOpen(1))
    expect(at[0]!.hadOutage).toMatchObject(isOpen(1))
    // `exact` holds nothing that is not.
    expect(exact).toMatchObject({ unavailability: unavailability.mean, firstOutageSeconds: null, at: [] })
  })

  it('are none where nothing was fitted', () => {
    const { unavailability, firstOutageSeconds, at, exact } = plain!
    for (const known of [unavailability, firstOutageSeconds!, at[0]!.hadOutage]) expect(isTight(known)).toBe(true)
    expect(exact).toMatchObject({ firstOutageSeconds: firstOutageSeconds!.mean, at: [{ seconds: 36_000 }] })
  })

  it('leave the difference of variants open, and their order', () => {
    const result = solved('[crew]', 'variants: { a: {}, b: { parts.c.count: 4 } }\nslo: { crew: 99.9% }')
    const [a, b] = result.variants.map(({ services: of }) => of['crew']!.lostSecondsPerYear.mean)
    const { lostSecondsPerYear, ratio } = result.comparisons[0]!
    expect(lostSecondsPerYear).toMatchObject({ mean: b! - a!, lo: -31_557_600, hi: 31_557_600 })
    expect(ratio).toMatchObject({ mean: b! / a!, lo: 0, hi: null })
    expect(result.verdict).toMatch(/by fitted laws, no bound known.*of their differences there is no bound known/)
    expect(result.verdict).toMatch(/seem to meet 99.9 %\.$/)
    expect(resultSchema.safeParse(result).success).toBe(true)
  })

  it('do not settle an objective', () => {
    const { verdict } = solved('[crew]', 'slo: { crew: 99.9% }', 'start: steady')
    expect(verdict).toMatch(
      /\(by fitted laws, no bound known\).*seems to meet .*, but with no bound known that is not sure/,
    )
  })
})

describe('fitted values beside a simulation', () => {
  const simulated = (service: string) => {
    const text = `${MODEL}services: [${service}]\nrun: { replications: 120 }\n`
    const config = assertOk(readExperiment('x.yaml', text, { readFile: readFrom() }))
    return simulate(config, replicate, OUTSIDE).variants[0]!.services[service]!.exact
  }

  it('are none: what has no exact answer has no score', () => {
    expect(simulated('crew')).toBeNull()
    const alone = simulated('alone')!
    expect(alone.method).not.toContain('fits')
    expect(alone.z).not.toBeNull()
    expect(alone.firstOutageSeconds).toBeNull()
  })
})
