import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../src/engine/random.ts'
import {
  addPairTo,
  addTo,
  correlationOf,
  newMoments,
  newPairMoments,
  scaled,
  skewnessOf,
  varianceOf,
} from '../../src/stats/moments.ts'

describe('moments', () => {
  it('are those of two passes over the data', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 }), (xs) => {
        const moments = newMoments()
        for (const x of xs) addTo(moments, x)
        const mean = xs.reduce((s, x) => s + x, 0) / xs.length
        const central = (k: number): number => xs.reduce((s, x) => s + (x - mean) ** k, 0)
        expect(moments.mean).toBeCloseTo(mean, 6)
        expect(Math.abs(moments.m2 - central(2))).toBeLessThanOrEqual(1e-9 * (1 + central(2)))
        expect(Math.abs(moments.m3 - central(3))).toBeLessThanOrEqual(1e-9 * (1 + central(2) ** 1.5))
        expect(moments.max).toBe(Math.max(...xs))
        expect(moments.min).toBe(Math.min(...xs))
        expect(moments.hits).toBe(xs.filter((x) => x !== 0).length)
      }),
      { seed: 1 },
    )
  })

  it('are read back from JSON to the same bits and go on so', () => {
    const random = randomFrom('moments')
    const whole = newMoments()
    let halves = newMoments()
    for (let i = 0; i < 1000; i++) {
      const x = random.next() ** 5
      addTo(whole, x)
      addTo(halves, x)
      if (i === 500) halves = JSON.parse(JSON.stringify(halves))
    }
    expect(halves).toEqual(whole)
  })

  it('scale with the unit', () => {
    const seconds = newMoments()
    const millis = newMoments()
    for (const x of [1, 2, 4, 8]) {
      addTo(seconds, x)
      addTo(millis, 1000 * x)
    }
    expect(varianceOf(scaled(millis, 0.001))).toBeCloseTo(varianceOf(seconds), 12)
    expect(skewnessOf(scaled(millis, 0.001))).toBeCloseTo(skewnessOf(seconds), 12)
  })

  it('know pairs: correlation and both signs of the difference', () => {
    const pairs = newPairMoments()
    for (const [x, y] of [
      [1, 2],
      [2, 4],
      [3, 6],
      [4, 8],
    ] as const)
      addPairTo(pairs, x, y)
    expect(correlationOf(pairs)).toBeCloseTo(1, 12)
    addPairTo(pairs, 10, 0)
    expect(pairs.above.hits).toBe(4)
    expect(pairs.below.max).toBe(10)
    expect(pairs.above.mean - pairs.below.mean).toBeCloseTo(pairs.difference.mean, 12)
  })
})
