import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { describe, expect, it } from 'vitest'
import { exponentialMeanInterval, probabilityInterval, rateInterval } from '../../src/stats/count.ts'
import { differenceInterval, meanInterval, relativeHalfWidth } from '../../src/stats/interval.ts'
import {
  addPairTo,
  addTo,
  type Moments,
  newMoments,
  newPairMoments,
  type PairMoments,
} from '../../src/stats/moments.ts'
import { ratioInterval } from '../../src/stats/ratio.ts'

function momentsOf(values: readonly number[]): Moments {
  const moments = newMoments()
  for (const value of values) addTo(moments, value)
  return moments
}

function pairsOf(values: readonly (readonly [number, number])[]): PairMoments {
  const pairs = newPairMoments()
  for (const [x, y] of values) addPairTo(pairs, x, y)
  return pairs
}

const zeros = (n: number): number[] => Array.from({ length: n }, () => 0)

describe('exact intervals, against printed tables', () => {
  it('Garwood for 0, 1, 10 and 100 events', () => {
    expect(rateInterval(0, 1, 1).hi).toBeCloseTo(2.995732, 6)
    expect(rateInterval(0, 1, 1).method).toContain('one-sided')
    expect(rateInterval(1, 1, 1)).toMatchObject({ lo: expect.closeTo(0.025318, 6), hi: expect.closeTo(5.571643, 6) })
    expect(rateInterval(10, 2, 1)).toMatchObject({
      lo: expect.closeTo(4.795389 / 2, 5),
      hi: expect.closeTo(18.390356 / 2, 5),
    })
    expect(rateInterval(100, 1, 1)).toMatchObject({ lo: expect.closeTo(81.3639, 3), hi: expect.closeTo(121.6269, 3) })
  })

  it('Clopper–Pearson for 0, 3 and 10 of 10', () => {
    expect(probabilityInterval(3, 10)).toMatchObject({
      lo: expect.closeTo(0.0667395, 6),
      hi: expect.closeTo(0.652453, 6),
    })
    expect(probabilityInterval(0, 10)).toMatchObject({ mean: 0, lo: 0, hi: expect.closeTo(0.258866, 6) })
    expect(probabilityInterval(10, 10)).toMatchObject({ mean: 1, lo: expect.closeTo(0.741134, 6), hi: 1 })
  })

  it('the chi-square interval of an exponential mean', () => {
    expect(exponentialMeanInterval(0, 10, 1)).toBeUndefined()
    const one = exponentialMeanInterval(1, 10, 1)!
    expect(one.mean).toBe(10)
    expect(one.hi).toBeCloseTo(10 / 0.025318, 1)
    expect(one.lo).toBeCloseTo(10 / 5.571643, 5)
  })
})

describe('means', () => {
  it('without skewness and with few gaps are close to Student', () => {
    const values = Array.from({ length: 200 }, (_, i) => 100 + (i % 5) - 2)
    const moments = momentsOf(values)
    const t = tQuantile(0.975, 199) * Math.sqrt(moments.m2 / 199 / 200)
    const interval = meanInterval(moments)
    expect(100 - interval.lo).toBeCloseTo(t, 3)
    expect(interval.hi! - 100).toBeGreaterThanOrEqual(t - 1e-9)
    expect(interval.hi! - 100).toBeLessThan(1.2 * t)
  })

  it('of equal rare losses are never surer than Garwood', () => {
    for (const k of [1, 3, 10, 30]) {
      const interval = meanInterval(momentsOf([...zeros(100_000 - k), ...Array.from({ length: k }, () => 7)]))
      const garwood = rateInterval(k, 100_000 / 7, 1)
      expect(interval.lo).toBeLessThanOrEqual(garwood.lo * 1.001)
      expect(interval.hi).toBeGreaterThanOrEqual(garwood.hi! * 0.999)
    }
  })

  it('with nothing seen are a one-sided bound of the largest loss possible', () => {
    const none = meanInterval(momentsOf(zeros(1000)), { ceiling: 50 })
    expect(none).toMatchObject({ mean: 0, lo: 0, hi: expect.closeTo(50 * (1 - 0.05 ** 0.001), 9) })
    expect(none.method).toContain('one-sided')
    expect(meanInterval(momentsOf(zeros(1000))).hi).toBeNull()
    expect(meanInterval(newMoments()).hi).toBeNull()
  })

  it('without chance have no width, and of one observation no upper bound', () => {
    expect(meanInterval(momentsOf([3, 3, 3]))).toMatchObject({ mean: 3, lo: 3, hi: 3 })
    expect(meanInterval(momentsOf([3]))).toMatchObject({ lo: 0, hi: null })
    expect(relativeHalfWidth({ mean: 3, lo: 3, hi: 3 })).toBe(0)
    expect(relativeHalfWidth({ mean: 0, lo: 0, hi: 3 })).toBe(Infinity)
  })

  it('stay within what is possible, and finite, at any size', () => {
    for (const n of [2, 3, 10, 1e5]) {
      for (const spike of [1e-9, 1, 1e9]) {
        const { lo, hi, mean } = meanInterval(momentsOf([...zeros(n - 1), spike]), { ceiling: 1e9 })
        expect(lo).toBeGreaterThanOrEqual(0)
        expect(lo).toBeLessThanOrEqual(mean)
        expect(hi).toBeGreaterThanOrEqual(mean)
        expect(hi).toBeLessThanOrEqual(1e9)
      }
    }
  })
})

describe('pairs', () => {
  it('that never differed, or lost nothing, have a bound', () => {
    const same = pairsOf([
      [1, 1],
      [2, 2],
      [0, 0],
    ])
    // One of three that differs by 2 is missed with probability 5 % where it comes with 1 − 0.05^(1/3).
    const most = 2 * (1 - 0.05 ** (1 / 3))
    const alike = differenceInterval(same, { ceiling: 9 })
    expect(alike).toMatchObject({ mean: 0, lo: expect.closeTo(-most, 12), hi: expect.closeTo(most, 12), n: 3 })
    expect(alike.method).toContain('no replication differed')
    expect(ratioInterval(same)).toMatchObject({ mean: 1, lo: 1 / (1 + most), hi: 1 + most })
    const none = pairsOf([
      [0, 0],
      [0, 0],
    ])
    const bounded = differenceInterval(none, { ceiling: 9 })
    expect(bounded.hi).toBeGreaterThan(0)
    expect(bounded.lo).toBe(-bounded.hi!)
    expect(ratioInterval(none)).toBeUndefined()
  })

  it('of which the second lost nothing have a ratio of 0 with a bound', () => {
    const ratio = ratioInterval(pairsOf(Array.from({ length: 100 }, (_, i) => [i % 3, 0] as const)), { ceiling: 5 })!
    expect(ratio).toMatchObject({ mean: 0, lo: 0 })
    expect(ratio.hi).toBeGreaterThan(0)
  })

  it('mirror: the difference turned is the difference of the turned', () => {
    const values = Array.from({ length: 60 }, (_, i) => [i % 7 === 0 ? i : 0, i % 11 === 0 ? 2 * i : 0] as const)
    const forth = differenceInterval(pairsOf(values))
    const back = differenceInterval(pairsOf(values.map(([x, y]) => [y, x] as const)))
    expect(back.mean).toBeCloseTo(-forth.mean, 12)
    expect(back.lo).toBeCloseTo(-forth.hi!, 9)
    expect(back.hi).toBeCloseTo(-forth.lo, 9)
  })
})
