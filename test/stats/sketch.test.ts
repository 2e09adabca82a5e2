import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../src/engine/random.ts'
import { orderStatistics, QuantileSketch, SKETCH_ACCURACY } from '../../src/stats/sketch.ts'

function values(n: number): number[] {
  const random = randomFrom('sketch')
  // From microseconds to years, with zeros and with values about 1, where the bucket number is 0.
  return Array.from({ length: n }, (_, i) => (i % 50 === 0 ? 0 : i % 7 === 0 ? 1 : 1e-3 * 1e13 ** random.next()))
}

function sketchOf(list: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch()
  for (const value of list) sketch.add(value)
  return sketch
}

describe('quantile sketch', () => {
  const all = values(5000)
  const sorted = [...all].sort((a, b) => a - b)

  it('is right to its accuracy at every rank, and exact at the ends', () => {
    const sketch = sketchOf(all)
    sorted.forEach((value, rank) => {
      expect(Math.abs(sketch.atRank(rank) - value)).toBeLessThanOrEqual(value * SKETCH_ACCURACY * 1.000001)
    })
    expect(sketch.min).toBe(sorted[0])
    expect(sketch.max).toBe(sorted.at(-1))
    expect(sketch.cumulative().at(-1)).toEqual({ edge: sorted.at(-1), count: 5000 })
  })

  it('does not depend on the order of adding or on how it was merged', () => {
    const expected = JSON.stringify(sketchOf(all))
    expect(JSON.stringify(sketchOf([...all].reverse()))).toBe(expected)
    expect(JSON.stringify(sketchOf(sorted))).toBe(expected)
    const merged = new QuantileSketch()
    for (let i = 0; i < 5; i++) merged.merge(sketchOf(all.filter((_, k) => k % 5 === i)))
    expect(JSON.stringify(merged)).toBe(expected)
    const small = sketchOf([0.001])
    small.merge(sketchOf([1]))
    expect(small.toJSON().counts).toEqual([1, 1])
  })

  it('is read back from JSON and goes on to the same state', () => {
    const half = sketchOf(all.slice(0, 2500))
    const resumed = QuantileSketch.fromJSON(JSON.parse(JSON.stringify(half)))
    for (const value of all.slice(2500)) resumed.add(value)
    expect(resumed.toJSON()).toEqual(sketchOf(all).toJSON())
    expect(QuantileSketch.fromJSON(new QuantileSketch().toJSON()).count).toBe(0)
  })

  it('says where there are too few values for a bound', () => {
    const sketch = sketchOf([1, 2, 3, 4, 5])
    expect(sketch.quantileBounds(0.5)).toMatchObject({ lo: 0, hi: null })
    expect(sketch.quantile(0.5)).toBeCloseTo(3, 1)
    expect(new QuantileSketch().quantileBounds(0.5)).toBeUndefined()
  })

  it('takes the ranks of printed tables: the median of 10 lies between the 2nd and the 9th', () => {
    expect(orderStatistics(10, 0.5, 0.95)).toEqual({ lower: 1, upper: 8 })
    expect(orderStatistics(5, 0.5, 0.95)).toEqual({ lower: -1, upper: 5 })
    const exact = orderStatistics(1000, 0.9, 0.95)
    const normal = orderStatistics(1001, 0.9, 0.95)
    expect(Math.abs(exact.lower - normal.lower)).toBeLessThanOrEqual(3)
    expect(Math.abs(exact.upper - normal.upper)).toBeLessThanOrEqual(3)
  })
})
