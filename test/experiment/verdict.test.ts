import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/base/units.ts'
import { exactResult } from '../../src/experiment/exact-result.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import type { ResultFile } from '../../src/experiment/result.ts'
import { simulate } from '../../src/experiment/runner.ts'
import { rangeWords, spanBetween, yearsText } from '../../src/experiment/verdict-words.ts'
import { assertOk, readFrom } from './files.ts'
import { type Law, syntheticConfig, syntheticSample } from './synthetic.ts'

const FACTS = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }
const LAW: Law = { rate: 3, median: MINUTE, sigma: 1 }

/** Runs variants of which the i-th is spared as the `sparing[i]`-th synthetic variant is. */
function run(
  names: readonly string[],
  sparing: readonly number[],
  law = LAW,
  replications = 400,
  slo = 0.9995,
): ResultFile {
  const config = syntheticConfig({ replications }, names, slo)
  return simulate(config, (c, v, r) => syntheticSample(c, sparing[v]!, r, law), FACTS)
}

/** The verdict on variants of a majority of three with spares that it does not need, solved. */
function verdictOfSolved(variants: object): string {
  const life = { every: 'exponential(1000h)', lasts: 'exponential(8h)' }
  const model = {
    parts: { server: { count: 3, ...life }, spare: { count: 1, ...life } },
    services: { quorum: { 'at-least': 2, of: 'server' } },
  }
  const text = JSON.stringify({ model, variants, services: ['quorum'] })
  const config = assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
  return exactResult(config, '0', { ...FACTS, events: 0, partial: false }).verdict
}

describe('verdict', () => {
  it('says what the better variant saves, with its interval and its cost', () => {
    const { verdict, comparisons } = run(['three', 'five'], [0, 1])
    expect(comparisons[0]!.lostSecondsPerYear.hi).toBeLessThan(0)
    expect(verdict).toMatch(
      /^Against three, five saves \d m \d+ s of the \d m \d+ s of writes lost a year \(\d m \d+ s to \d m \d+ s, 95 %\), for 210 more a month; most of the difference comes from zone failures; both meet 99.95 %\.$/,
    )
  })

  it('says that a variant is worse', () => {
    expect(run(['three', 'five'], [1, 0]).verdict).toMatch(
      /^Against three, five loses .* on top of the .* of writes lost a year \(.* to .*, 95 %\) and costs 210 more a month; .*; both meet/,
    )
  })

  it('says who meets the objective', () => {
    const long = { ...LAW, median: HOUR }
    const { variants } = run(['three', 'five'], [0, 2], long)
    const [three, five] = variants.map((v) => v.services['write']!.unavailability.mean)
    const between = 1 - (three! + five!) / 2
    expect(run(['three', 'five'], [0, 2], long, 400, between).verdict).toMatch(/; only five meets 99\.9\d+ %\.$/)
    expect(run(['three', 'five'], [0, 2], long, 400, 0.999999).verdict).toMatch(/; neither meets 99.9999 %\.$/)
  })

  it('does not tell apart what the data do not', () => {
    const rare = { ...LAW, rate: 0.01 }
    expect(run(['three', 'five'], [0, 0]).verdict).toMatch(
      /^Against three, five makes no difference to the .* of writes lost a year \(.*\) in 400 years, at most .* s either way \(95 %\)/,
    )
    expect(run(['three', 'five'], [0, 1], { ...LAW, rate: 0 }, 200).verdict).toMatch(
      /^Not enough failures to compare: neither three nor five lost any writes in 200 years each \(at most one outage in 67 years, 95 %\)\.$/,
    )
    const many = run(['three', 'five', 'seven'], [0, 0, 0], rare)
    expect(many.verdict).toMatch(
      /^Against three with .*, five makes no difference in 400 years, at most .* either way \(95 %\) for 210 more a month, and seven makes no difference in .* for 420 more/,
    )
    const names = Array.from({ length: 8 }, (_, i) => `v${i}`)
    expect(run(names, new Array(8).fill(0), rare).verdict).toMatch(
      /^Of 8 variants, v0 loses the least: .*, but it cannot be told from v1, v2, v3 and 4 others/,
    )
  })

  it('says when there is too little, and when there is enough but no difference', () => {
    const config = (replications: number) => syntheticConfig({ replications }, ['three', 'five'], null)
    // Two variants that meet different failures of the same law.
    const independent = (replications: number, rate: number): string =>
      simulate(
        config(replications),
        (c, v, r) => ({ ...syntheticSample({ ...c, seed: `v${v}` }, 0, r, { ...LAW, rate }) }),
        FACTS,
      ).verdict
    expect(independent(100, 0.05)).toMatch(
      /^Not enough failures to tell \(\d+ outages in 100 years each\): against three, five may save up to /,
    )
    expect(independent(300, 3)).toMatch(
      /^No clear difference: against three, five may save up to .* or lose up to .* more \(95 %\) of the .* of writes lost a year/,
    )
  })

  it('tells what each of several does against the first, and of very many the best', () => {
    expect(run(['three', 'five', 'seven'], [0, 1, 2], LAW, 1500).verdict).toMatch(
      /^Against three with .* of writes lost a year \(.* to .*, 95 %\), five saves .* for 210 more a month, and seven saves .* \(.* to .*\) for 420 more a month; all meet 99.95 %\.$/,
    )
    const names = Array.from({ length: 8 }, (_, i) => `v${i}`)
    expect(run(names, [0, 0, 0, 0, 0, 0, 1, 2], LAW, 1500).verdict).toMatch(
      /^Of 8 variants, v7 loses the least: .* of writes a year \(.*\), .* less than v6, the next best \(.* to .*, 95 %\)/,
    )
  })

  it('is one sentence', () => {
    for (const verdict of [run(['three', 'five'], [0, 1]).verdict, run(['three'], [0]).verdict]) {
      expect(verdict.endsWith('.')).toBe(true)
      expect(verdict.slice(0, -1)).not.toMatch(/\. /)
    }
  })
})

describe('words of a verdict', () => {
  it('tells half the width of an interval whose ends read alike', () => {
    const of = { mean: 5700, lo: 5693, hi: 5707, level: 0.95, n: 64, method: '' }
    expect(rangeWords(of)).toBe('± 7 s, 95 %')
    expect(rangeWords({ ...of, hi: 6900 })).toBe('1 h 35 m to 1 h 55 m, 95 %')
  })

  it('counts one year, few years and parts of one', () => {
    expect([1, 2.54, 487, 3.17e-7].map(yearsText)).toEqual(['1 year', '2.5 years', '487 years', '3.2e−7 years'])
    expect([0.1, 3, 5000].map(spanBetween)).toEqual(['10 years', '122 d', '1 h 45 m'])
  })
})

describe('a verdict', () => {
  it('names no cause where outages are not lived through', () => {
    expect(verdictOfSolved({ a: {} })).toBe(
      'The service “quorum” is available 99.981204 % of the time: 1 h 39 m is lost a year (exact).',
    )
  })

  it('knows that solved variants are the same', () => {
    const verdict = verdictOfSolved({ a: {}, b: { 'parts.spare.count': 2 } })
    expect(verdict).toBe('Against “a”, “b” makes no difference to the 1 h 39 m of quorum time lost a year (exact).')
    expect(verdictOfSolved({ a: {}, b: { 'parts.spare.count': 2 }, c: { 'parts.spare.count': 3 } })).toMatch(
      /, “b” and “c” make no difference\.$/,
    )
  })

  it('spells names as they are written, in quotes where they are plain words', () => {
    expect(run(['none', 'v34'], [0, 1]).verdict).toMatch(/^Against “none”, v34 saves /)
    expect(run(['v34-pre-vote', 'high'], [0, 1]).verdict).toMatch(/^Against v34-pre-vote, “high” saves /)
  })

  it('names the cause that nobody helps against', () => {
    const config = syntheticConfig({ replications: 400 }, ['three', 'five'], null)
    const { verdict } = simulate(
      config,
      (c, v, r) => {
        const sample = syntheticSample(c, 0, r, LAW)
        const few = syntheticSample({ ...c, seed: 'few' }, 0, r, { ...LAW, rate: 0.3 })
        const services = sample.services.map((service, i) => {
          const extra = v === 0 ? few.services[i]!.lostMs : 0
          const lostMs = service.lostMs + extra
          return { ...service, lostMs, causes: { change: service.lostMs, zone: extra }, mechanisms: { lost: lostMs } }
        })
        return { ...sample, services }
      },
      FACTS,
    )
    expect(verdict).toMatch(
      /comes from zone failures; \d+ % (or more )?of what either loses comes from changes, against which five does not help\.$/,
    )
  })

  it('of a played fault plan says how long the service is away each time', () => {
    const config = syntheticConfig({ replications: 50 }, ['three', 'five', 'none'], 0.9995)
    const played = { ...config, run: { ...config.run, random: false, faults: { name: 'leader-crash', actions: [] } } }
    const { verdict, played: told } = simulate(
      played,
      (c, v, r) => {
        const sample = syntheticSample(c, 0, r, { ...LAW, rate: 0 })
        const ms = v === 2 ? 0 : (v === 0 ? 1200 : 600) + 10 * (r % 5)
        const services = sample.services.map((service) => ({
          ...service,
          lostMs: ms,
          downMs: ms,
          mechanisms: { election: ms },
          causes: { plan: ms },
        }))
        return { ...sample, services }
      },
      FACTS,
    )
    expect(told).toEqual({ plan: 'leader-crash', horizonSeconds: config.run.horizon / 1000 })
    expect(verdict).toMatch(
      /^When leader-crash is played, three is without writes for 1\.22\d* s \(1\.21\d* to 1\.22\d* s, 95 %\); five cuts that to 62\d ms; “none” avoids that in all of 50 plays\.$/,
    )
  })

  it('of one variant says its availability, what it loses most to, and its objective', () => {
    expect(run(['three'], [0]).verdict).toMatch(
      /^The service “write” is available 99\.99\d+ % of the time \((99\.99\d+ to 99\.99\d+|± 0\.00\d+) %\): \d m .* is lost a year \(.* to .*, 95 %\), most of it \(\d+ %\) from zone failures; it meets its objective of 99.95 %\.$/,
    )
    expect(run(['three'], [0], { ...LAW, median: 3 * HOUR }).verdict).toMatch(/; it misses its objective of 99.95 %\.$/)
    expect(run(['three'], [0], { ...LAW, rate: 0 }, 100).verdict).toMatch(
      /^No writes were lost in 100 years \(at most one outage in 33 years, 95 %\)/,
    )
    const { variants } = run(['three'], [0])
    const near = 1 - variants[0]!.services['write']!.unavailability.mean * 1.01
    expect(run(['three'], [0], LAW, 400, near).verdict).toMatch(
      /; it seems to meet its objective of .*, but that is within the uncertainty\.$/,
    )
  })
})
