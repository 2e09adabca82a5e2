import { describe, expect, it } from 'vitest'
import { type Random, randomFrom } from '../../src/engine/random.ts'
import { orderStatistics } from '../../src/stats/sketch.ts'
import {
  addLengthsTo,
  newWeightedLengths,
  WALKS_KEPT,
  type WeightedLengths,
  WeightedQuantiles,
} from '../../src/stats/weighted-lengths.ts'
import { normal } from '../experiment/synthetic.ts'
import { coverage, holds } from './laws.ts'

const exponential = (random: Random) => -Math.log1p(-random.next())

/** A walk: its weight, and lengths that are exponential with mean 1 once they are weighted. */
type Walk = (random: Random) => readonly [weight: number, lengths: readonly number[]]

const WALKS: { readonly [name: string]: Walk } = {
  'one length a walk, all alike': (random) => [1, [exponential(random)]],
  'long ones drawn more often': (random) => {
    const length = 2 * exponential(random)
    return [2 * Math.exp(-length / 2), [length]]
  },
  'several lengths a walk': (random) => {
    const count = 1 + Math.floor(4 * random.next())
    return [random.next() < 0.1 ? 5 : 0.5, Array.from({ length: count }, () => exponential(random))]
  },
  'weights of any size': (random) => [Math.exp(2 * normal(random)), [exponential(random)]],
}

function drawn(walk: Walk, count: number, random: Random): WeightedLengths {
  const lengths = newWeightedLengths()
  for (let i = 0; i < count; i++) addLengthsTo(lengths, ...walk(random))
  return lengths
}

describe('quantiles of weighted lengths', () => {
  it('are those of a plain sample where all weigh the same', () => {
    const lengths = drawn(WALKS['one length a walk, all alike']!, 500, randomFrom('weighted/plain'))
    const sorted = [...lengths.values].sort((a, b) => a - b)
    for (const p of [0.5, 0.9, 0.99]) {
      const { value, lo, hi } = new WeightedQuantiles(lengths).bounds(p)!
      const { lower, upper } = orderStatistics(500, p, 0.95)
      expect(value).toBe(sorted[Math.ceil(500 * p) - 1])
      expect(lo).toBe(sorted[lower])
      expect(hi).toBe(upper >= 500 ? null : sorted[upper])
    }
  })

  it('count a length as often as its walk weighs', () => {
    const lengths = newWeightedLengths()
    addLengthsTo(lengths, 1, [10])
    addLengthsTo(lengths, 3, [20, 5])
    // Of 7 in all, 3 are at most 5, 4 at most 10.
    const quantiles = new WeightedQuantiles(lengths)
    expect([0.4, 0.5, 0.58, 0.99].map((p) => quantiles.bounds(p)!.value)).toEqual([5, 10, 20, 20])
    expect(quantiles.cumulative()).toEqual([
      { edge: 5, count: 3 },
      { edge: 10, count: 4 },
      { edge: 20, count: 7 },
    ])
  })

  it.each(Object.keys(WALKS))('have intervals that cover: %s', (name) => {
    for (const p of [0.5, 0.9]) {
      const truth = -Math.log1p(-p)
      const { share } = coverage(`weighted/${name}/${p}`, 300, (random) =>
        holds(new WeightedQuantiles(drawn(WALKS[name]!, 300, random)).bounds(p)!, truth),
      )
      // Of 300 runs three standard errors are 3.8 %.
      expect(share, `${p}`).toBeGreaterThan(0.915)
    }
  })

  it('have no upper bound where a few make nearly all of the weight', () => {
    const lengths = drawn(() => [1e-6, [1]], 1000, randomFrom('weighted/few'))
    addLengthsTo(lengths, 1, [2])
    addLengthsTo(lengths, 1, [3])
    expect(new WeightedQuantiles(lengths).bounds(0.5)).toEqual({ value: 2, lo: 0, hi: null })
  })

  it('are not told of nothing', () => {
    const lengths = newWeightedLengths()
    addLengthsTo(lengths, 1, [])
    expect(new WeightedQuantiles(lengths).bounds(0.5)).toBeUndefined()
    expect(new WeightedQuantiles(lengths).cumulative()).toEqual([])
  })

  it('are made of the first walks where there are very many', () => {
    const lengths = newWeightedLengths()
    for (let i = 0; i <= WALKS_KEPT; i++) addLengthsTo(lengths, 1, [i])
    expect(lengths.weights).toHaveLength(WALKS_KEPT)
    expect(lengths.values.at(-1)).toBe(WALKS_KEPT - 1)
  })
})
