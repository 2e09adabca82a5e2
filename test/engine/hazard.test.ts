import { describe, expect, it } from 'vitest'
import {
  type Distribution,
  exponential,
  fixed,
  lognormalOfMean,
  residualSamplerOf,
  weibullOfMean,
} from '../../src/engine/distribution.ts'
import { ageOf, hazardOf } from '../../src/engine/hazard.ts'
import { randomFrom } from '../../src/engine/random.ts'
import { survivalAt } from '../../src/engine/survival.ts'

const LAWS: readonly Distribution[] = [
  exponential(100),
  weibullOfMean(100, 0.6),
  weibullOfMean(100, 3),
  lognormalOfMean(100, 1),
  { kind: 'gamma', mean: 100, shape: 4 },
]

describe('cumulative hazards', () => {
  it.each(LAWS)('are minus the logarithm of survival, and can be turned round: %o', (of) => {
    const { cumulative, at } = hazardOf(of)!
    for (const x of [0.5, 20, 100, 400]) {
      expect(cumulative(x) / -Math.log(survivalAt(of, x))).toBeCloseTo(1, 9)
      expect(at(cumulative(x)) / x).toBeCloseTo(1, 7)
    }
    expect(cumulative(0)).toBeCloseTo(0, 12)
    expect(at(0)).toBe(0)
  })

  it.each(LAWS)('tell how long a duration has run, of which what is left is known: %o', (of) => {
    const random = randomFrom('ages')
    const residual = residualSamplerOf(of)
    const n = 20_000
    // Age and rest are alike: means of squares over twice the mean.
    let [ages, rests] = [0, 0]
    for (let i = 0; i < n; i++) {
      const left = residual(random)
      rests += left / n
      ages += ageOf(of, left, random) / n
    }
    expect(ages / rests).toBeGreaterThan(0.95)
    expect(ages / rests).toBeLessThan(1.05)
  })

  it('are not to be had of a fixed time', () => {
    expect(hazardOf(fixed(100))).toBeNull()
  })
})
