import { describe, expect, it } from 'vitest'
import { type Distribution, lognormalOfMean, samplerOf, weibullOfMean } from '../../src/engine/distribution.ts'
import { randomFrom } from '../../src/engine/random.ts'
import { ended, fitLaw, LAWS, type LawName, type Lifetime, stillGoing, survival } from '../../src/stats/lifetimes.ts'

const FULL = process.env['HASIM_FULL'] === '1'
const MEAN = 100
const SHAPE: { readonly [law in LawName]: number } = { exponential: 1, weibull: 1.7, lognormal: 0.8 }
const TRUTH: { readonly [law in LawName]: Distribution } = {
  exponential: { kind: 'exponential', mean: MEAN },
  weibull: weibullOfMean(MEAN, SHAPE.weibull),
  lognormal: lognormalOfMean(MEAN, SHAPE.lognormal),
}

/** Times of a law, watched for at most 150: about a fifth are cut off. */
function watched(law: LawName, seed: number, n = 60): Lifetime[] {
  const random = randomFrom(`lifetimes/${law}/${seed}`)
  const draw = samplerOf(TRUTH[law])
  return Array.from({ length: n }, () => {
    const time = draw(random)
    return time > 150 ? stillGoing(150) : ended(time)
  })
}

/** The same likelihood, the slow way. */
function logLikelihood(law: LawName, mean: number, shape: number, times: readonly Lifetime[]): number {
  const step = 1e-5
  return times.reduce((sum, { from, to }) => {
    if (to === Number.POSITIVE_INFINITY) return sum + Math.log(survival(law, from, mean, shape))
    const [before, after] = [survival(law, from - step, mean, shape), survival(law, from + step, mean, shape)]
    return sum + Math.log((before - after) / (2 * step))
  }, 0)
}

describe('fits of lifetimes', () => {
  it('of an exponential: total time by ended times', () => {
    const times = [ended(3), ended(5), stillGoing(10), ended(2)]
    const { mean, logLikelihood: best } = fitLaw('exponential', times)
    expect(mean).toBeCloseTo(20 / 3, 5)
    expect(best).toBeCloseTo(-3 * Math.log(20 / 3) - 3, 5)
  })

  it('of a lognormal without censoring: moments of the logarithms', () => {
    const times = [1, 2, 5, 9, 30, 70].map(ended)
    const logs = times.map(({ from }) => Math.log(from))
    const mu = logs.reduce((sum, x) => sum + x, 0) / logs.length
    const variance = logs.reduce((sum, x) => sum + (x - mu) ** 2, 0) / logs.length
    const { mean, shape } = fitLaw('lognormal', times)
    expect(shape).toBeCloseTo(Math.sqrt(variance), 3)
    expect(Math.log(mean)).toBeCloseTo(mu + variance / 2, 3)
  })

  it.each(LAWS)('of a %s: no parameters nearby are more likely, by an independent likelihood', (law) => {
    const times = watched(law, 1)
    const { mean, shape, logLikelihood: best } = fitLaw(law, times)
    expect(logLikelihood(law, mean, shape, times)).toBeCloseTo(best, 3)
    for (const m of [0.97, 1, 1.03]) {
      for (const s of law === 'exponential' ? [1] : [0.97, 1, 1.03]) {
        expect(logLikelihood(law, mean * m, shape * s, times)).toBeLessThanOrEqual(best + 1e-6)
      }
    }
  })

  it.each(LAWS)('of a %s: intervals of likelihood ratios hold the truth about as often as they say', (law) => {
    const seeds = FULL ? 1_000 : 80
    let [mean, shape] = [0, 0]
    for (let seed = 0; seed < seeds; seed++) {
      const fit = fitLaw(law, watched(law, seed))
      if (fit.meanInterval.lo <= MEAN && MEAN <= (fit.meanInterval.hi ?? Number.POSITIVE_INFINITY)) mean++
      const own = fit.shapeInterval
      if (own === null || (own.lo <= SHAPE[law] && SHAPE[law] <= own.hi)) shape++
    }
    // Three binomial standard errors, and two points for the likelihood ratio's own error at 60 times.
    const least = 0.95 - 0.02 - 3 * Math.sqrt((0.95 * 0.05) / seeds)
    expect(mean / seeds).toBeGreaterThan(least)
    expect(shape / seeds).toBeGreaterThan(least)
  })

  it('tells the law that made the times from the others, when there are enough', () => {
    for (const law of ['weibull', 'lognormal'] as const) {
      const times = watched(law, 7, 600)
      const [best] = LAWS.map((one) => fitLaw(one, times)).sort((a, b) => a.aic - b.aic)
      expect(best!.law).toBe(law)
      expect(best!.distance).toBeLessThan(0.05)
    }
  })

  it('reads counts between bounds, as histograms have them', () => {
    const draw = samplerOf(TRUTH.lognormal)
    const random = randomFrom('buckets')
    const times = Array.from({ length: 3_000 }, () => draw(random))
    const bounds = [0, 10, 20, 40, 80, 160, 320, 640, Number.POSITIVE_INFINITY]
    const buckets = bounds.slice(1).map((to, i) => {
      const from = bounds[i]!
      return { from, to, weight: times.filter((time) => time > from && time <= to).length }
    })
    const { mean, shape } = fitLaw(
      'lognormal',
      buckets.filter(({ weight }) => weight > 0),
    )
    expect(Math.abs(mean / MEAN - 1)).toBeLessThan(0.06)
    expect(Math.abs(shape / SHAPE.lognormal - 1)).toBeLessThan(0.06)
  })

  it('has nothing to say of times of which none ended', () => {
    expect(() => fitLaw('exponential', [stillGoing(3)])).toThrow(RangeError)
  })
})
