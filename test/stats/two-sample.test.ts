import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../src/engine/random.ts'
import { kolmogorovSmirnov } from '../../src/stats/two-sample.ts'

describe('two-sample Kolmogorov–Smirnov', () => {
  it('has the exact distribution of small samples', () => {
    // Apart altogether: 2 of the C(6, 3) = 20 orders are as extreme.
    expect(kolmogorovSmirnov([1, 2, 3], [4, 5, 6])).toEqual({ distance: 1, p: expect.closeTo(0.1, 12) })
    // 20 against 20 at 9/20: p = 0.0335 (tables of the exact two-sided test).
    const a = Array.from({ length: 20 }, (_, i) => i)
    const b = Array.from({ length: 20 }, (_, i) => i + 8.5)
    const { distance, p } = kolmogorovSmirnov(a, b)
    expect(distance).toBeCloseTo(0.45, 12)
    expect(p).toBeCloseTo(0.0335, 4)
  })

  it('of a sample with itself finds nothing', () => {
    expect(kolmogorovSmirnov([3, 1, 2, 2], [2, 3, 2, 1])).toEqual({ distance: 0, p: 1 })
  })

  it('rejects like samples as often as it says, exact and asymptotic', () => {
    for (const [m, n] of [
      [30, 100],
      [1100, 1000],
    ] as const) {
      let rejected = 0
      for (let i = 0; i < 300; i++) {
        const random = randomFrom(`ks/${m}/${i}`)
        const draw = (k: number): number[] => Array.from({ length: k }, () => random.next())
        if (kolmogorovSmirnov(draw(m), draw(n)).p < 0.05) rejected += 1
      }
      expect(rejected / 300).toBeGreaterThan(0.015)
      expect(rejected / 300).toBeLessThan(0.085)
    }
  })

  it('tells unlike samples apart', () => {
    const random = randomFrom('ks')
    const a = Array.from({ length: 200 }, () => random.next())
    const b = Array.from({ length: 200 }, () => random.next() ** 2)
    expect(kolmogorovSmirnov(a, b).p).toBeLessThan(1e-5)
  })
})
