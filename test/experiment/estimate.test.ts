import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR, YEAR } from '../../src/base/units.ts'
import { randomFrom } from '../../src/engine/random.ts'
import { VariantAccumulator } from '../../src/experiment/accumulate.ts'
import { partsOf, variantResult } from '../../src/experiment/estimate.ts'
import { outageId } from '../../src/experiment/outage-id.ts'
import type { ServiceResult } from '../../src/experiment/result.ts'
import { simulate } from '../../src/experiment/runner.ts'
import type { Sample } from '../../src/experiment/sample.ts'
import { type Law, meanLength, syntheticConfig, syntheticSample } from './synthetic.ts'

const FACTS = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }
const LAW: Law = { rate: 2, median: HOUR, sigma: 1 }
const config = syntheticConfig({ replications: 300 }, ['one'])
const samples = Array.from({ length: 300 }, (_, r) => syntheticSample(config, 0, r, LAW))

const SIMULATED = { solver: 'simulate', reason: 'asked for', solved: null, refused: null } as const

function accumulated(list: readonly Sample[]): VariantAccumulator {
  const sums = new VariantAccumulator(config)
  for (const sample of list) sums.fold(sample)
  return sums
}

function resultOf(list: readonly Sample[]): ServiceResult {
  return variantResult(config, config.variants[0]!, accumulated(list), 'replications', SIMULATED).services['write']!
}

describe('estimates', () => {
  const result = resultOf(samples)
  const lengths = samples.flatMap((sample) => [...sample.services[0]!.outageMs])

  it('are the plain averages of the samples', () => {
    const lostMs = samples.reduce((sum, sample) => sum + sample.services[0]!.lostMs, 0)
    expect(result.lostSecondsPerYear.mean).toBeCloseTo(lostMs / 1000 / 300, 6)
    expect(result.unavailability.mean).toBeCloseTo(lostMs / (300 * YEAR), 15)
    expect(result.outagesPerYear.mean).toBeCloseTo(lengths.length / 300, 12)
    expect(result.outageSeconds.mean?.mean).toBeCloseTo(lengths.reduce((s, x) => s + x, 0) / lengths.length / 1000, 6)
    expect(result.outageSeconds.mean?.n).toBe(lengths.length)
    expect(result.outageSeconds.max).toBe(Math.max(...lengths) / 1000)
    const none = samples.filter((sample) => sample.services[0]!.outages === 0).length
    expect(result.noOutageInHorizon!.mean).toBe(none / 300)
    const firsts = samples.map(({ services: [s0] }) => (s0!.firstOutageMs < 0 ? YEAR : s0!.firstOutageMs))
    const late = firsts.filter((first) => first >= YEAR / 4)
    const watchedLate = late.reduce((sum, first) => sum + first - YEAR / 4, 0)
    const beyond = (none / 300) * (watchedLate / (late.length - none))
    const watched = firsts.reduce((sum, first) => sum + first, 0) / 300
    expect(result.firstOutageSeconds?.mean).toBeCloseTo((watched + beyond) / 1000, 3)
    expect(result.at[0]?.hadOutage.mean).toBeGreaterThan(result.at[0]!.down.mean)
    expect(result.structure?.unavailability.mean).toBeCloseTo(result.unavailability.mean / 2, 12)
  })

  it('give quantiles and the curve of lengths within the accuracy of the sketch', () => {
    const sorted = [...lengths].sort((a, b) => a - b)
    const p90 = sorted[Math.ceil(0.9 * sorted.length) - 1]! / 1000
    expect(Math.abs(result.outageSeconds.p90!.value / p90 - 1)).toBeLessThan(0.006)
    const curve = result.outageCurve
    expect(curve.at(-1)).toEqual({ seconds: result.outageSeconds.max, share: 1 })
    expect(curve.length).toBeLessThan(140)
    curve.slice(1).forEach((point, i) => {
      expect(point.seconds).toBeGreaterThan(curve[i]!.seconds)
      expect(point.share).toBeGreaterThanOrEqual(curve[i]!.share)
      const share = lengths.filter((length) => length <= point.seconds * 1000 * (1 + 1e-9)).length / lengths.length
      expect(Math.abs(point.share - share)).toBeLessThan(0.01)
    })
  })

  it('count the months that miss the objective', () => {
    const allowed = 0.0005 * (YEAR / 12)
    const months = samples.flatMap((sample) => [...sample.services[0]!.monthLostMs])
    const missed = months.filter((lost) => lost > allowed).length
    expect(months).toHaveLength(3600)
    expect(result.slo).toMatchObject({ target: 0.9995, probabilityOfMissInAMonth: missed / 3600 })
    expect(missed).toBeGreaterThan(0)
  })

  it('of nothing but quiet are bounds, and what does not exist is null', () => {
    const quiet = resultOf(Array.from({ length: 50 }, (_, r) => syntheticSample(config, 0, r, { ...LAW, rate: 0 })))
    expect(quiet.outageSeconds).toEqual({ mean: null, p50: null, p90: null, p99: null, max: null })
    expect(quiet.firstOutageSeconds).toBeNull()
    expect(quiet.lostSecondsPerYear).toMatchObject({ mean: 0, lo: 0 })
    expect(quiet.outagesPerYear.hi).toBeCloseTo(-Math.log(0.05) / 50, 9)
    expect(quiet.noOutageInHorizon).toMatchObject({ mean: 1, hi: 1 })
    expect(quiet.mechanisms).toEqual([])
    expect(quiet.outageCurve).toEqual([])
  })

  it('do not count as begun an outage that was running at the start', () => {
    const running = syntheticSample(config, 0, 0, { ...LAW, rate: 0 })
    const service = {
      ...running.services[0]!,
      lostMs: HOUR,
      downMs: HOUR,
      firstOutageMs: 0,
      mechanisms: { start: HOUR },
      causes: { start: HOUR },
    }
    const result1 = resultOf([{ ...running, services: [service, service] }])
    expect(result1.outagesPerYear.mean).toBe(0)
    expect(result1.lostSecondsPerYear.mean).toBe(3600)
    expect(result1.noOutageInHorizon!.mean).toBe(0)
    expect(result1.firstOutageSeconds?.mean).toBe(0)
  })
})

describe('counts', () => {
  it('hold their means, of counts that are all alike too', () => {
    const short = syntheticConfig({ replications: 1000, horizon: 300_000 }, ['one'])
    const once = samples.find((sample) => sample.services.every(({ outages }) => outages === 1))!
    const sums = new VariantAccumulator(short)
    for (let i = 0; i < 1000; i++) sums.fold({ ...once, replication: i })
    const { services } = variantResult(short, short.variants[0]!, sums, 'replications', SIMULATED)
    const { mean, lo, hi } = services['write']!.outagesPerYear
    expect(mean).toBeCloseTo(YEAR / 300_000, 8)
    expect([lo <= mean, mean <= hi!]).toEqual([true, true])
  })
})

describe('parts of lost time', () => {
  it('sum to the whole to the last bit, descending', () => {
    const positive = fc.double({ min: 1e-9, max: 1e12, noNaN: true })
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1, maxLength: 12 }), positive, (parts, whole) => {
        const list = partsOf(new Map(parts.map((part, i) => [`p${i}`, part])), whole)
        expect(list.reduce((sum, [, value]) => sum + value, 0)).toBe(whole)
        expect(list.reduceRight((sum, [, value]) => sum + value, 0)).toBe(whole)
        const total = parts.reduce((sum, part) => sum + part, 0)
        for (const [name, value] of list) {
          const share = parts[Number(name.slice(1))]! / total
          expect(Math.abs(value / whole - share)).toBeLessThan(1e-14)
        }
        list.slice(1).forEach(([, value], i) => {
          expect(value).toBeLessThanOrEqual(list[i]![1])
        })
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  it('make up the lost time in a result', () => {
    const { lostSecondsPerYear, mechanisms, causes } = resultOf(samples)
    expect(mechanisms.reduce((sum, part) => sum + part.secondsPerYear, 0)).toBe(lostSecondsPerYear.mean)
    expect(causes.reduce((sum, part) => sum + part.secondsPerYear, 0)).toBe(lostSecondsPerYear.mean)
    expect(mechanisms.map((part) => part.mechanism).sort()).toEqual(['election', 'health-check', 'quorum-lost'])
  })

  it('that do not make up the lost time of a sample are a bug, and said so', () => {
    const sample = samples.find((s) => s.services[0]!.lostMs > 0)!
    const broken = { ...sample.services[0]!, mechanisms: { election: 1 } }
    expect(() => accumulated([{ ...sample, replication: 0, services: [broken, broken] }])).toThrow(/mechanisms make up/)
  })
})

describe('memory and checkpoints', () => {
  it('folds two million outages into what fits in a small file, quickly', () => {
    const sums = new VariantAccumulator(config)
    const random = randomFrom('many')
    const outageMs = Float64Array.from({ length: 20_000 }, () => Math.round(1e6 * random.next() ** 8) + 1)
    const total = outageMs.reduce((sum, x) => sum + x, 0)
    const base = syntheticSample(config, 0, 0, { ...LAW, rate: 0 })
    const service = {
      ...base.services[0]!,
      lostMs: total,
      downMs: total,
      outages: outageMs.length,
      outageMs,
      firstOutageMs: 1,
      mechanisms: { election: total },
      causes: { node: total },
    }
    for (let replication = 0; replication < 50; replication++) {
      sums.fold({ ...base, replication, services: [service, service] })
    }
    const state = JSON.stringify(sums)
    expect(state.length).toBeLessThan(100_000)
    expect(sums.service(0).lengths.count).toBe(1_000_000)
    expect(JSON.stringify(VariantAccumulator.fromJSON(config, JSON.parse(state)))).toBe(state)
  })

  it('keeps the ten longest outages by the ids that replay them', () => {
    const { worstOutages } = variantResult(config, config.variants[0]!, accumulated(samples), 'replications', SIMULATED)
    const longest = samples.flatMap((s) => [...s.services[0]!.outageMs]).sort((a, b) => b - a)
    const seconds = longest.slice(0, 10).map((ms) => Math.round(ms))
    expect(worstOutages.map((outage) => Math.round(outage.seconds * 1000))).toEqual(seconds)
    for (const { id, fromSeconds } of worstOutages) {
      const [variant, replication] = id.split('/')
      const sample = samples[Number(replication)]!
      const outage = sample.worst.find((w) => outageId('one', sample.replication, w, config.services.length) === id)
      expect(variant).toBe('one')
      expect(outage!.fromMs / 1000).toBeCloseTo(fromSeconds, 6)
    }
  })
})

describe('ids of outages', () => {
  it('tell the services of a replication apart', () => {
    const ids = [0, 1, 2].flatMap((service) => [0, 1, 2, 3].map((ordinal) => outageId('a', 1, { service, ordinal }, 3)))
    expect(new Set(ids).size).toBe(12)
    expect(outageId('a', 1, { service: 2, ordinal: 3 }, 3)).toBe('a/1/11')
  })
})

describe('stopping by the data', () => {
  it('still covers: intervals of runs that stopped at their precision hold the truth', () => {
    const law: Law = { rate: 1, median: HOUR, sigma: 1 }
    const truth = (law.rate * meanLength(law)) / 1000
    let held = 0
    for (let i = 0; i < 150; i++) {
      const seeded = { ...syntheticConfig({ precision: 0.25, maxYears: 3000 }, ['one']), seed: `stop/${i}` }
      const { variants } = simulate(seeded, (c, v, r) => syntheticSample(c, v, r, law), FACTS)
      expect(variants[0]!.stopReason).toBe('precision')
      const { lo, hi } = variants[0]!.services['write']!.lostSecondsPerYear
      if (lo <= truth && hi !== null && truth <= hi) held += 1
    }
    expect(held / 150).toBeGreaterThanOrEqual(0.93)
  })
})
