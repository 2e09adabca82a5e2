import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../src/engine/random.ts'
import {
  addDerivativeTo,
  DERIVATIVE_HITS_MIN,
  derivativeInterval,
  newDerivativeSums,
} from '../../src/stats/derivative.ts'
import { normal } from '../experiment/synthetic.ts'

/** Losses that are exponential of mean one half the time, with a score of which the loss explains a part. */
function sumsOf(seed: string, n: number) {
  const random = randomFrom(seed)
  const rows: [number, number, number][] = []
  const sums = newDerivativeSums()
  for (let i = 0; i < n; i++) {
    const length = -Math.log1p(-random.next())
    const isLost = random.next() < 0.5
    const score = length - 1 + normal(random)
    const row: [number, number, number] = isLost ? [length, length * score, score] : [0, 0, score]
    rows.push(row)
    addDerivativeTo(sums, ...row)
  }
  return { sums, rows }
}

describe('the derivative of a mean loss', () => {
  it('keeps central sums as they are by definition', () => {
    const { sums, rows } = sumsOf('sums', 200)
    const mean = (k: number) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length
    const means = [0, 1, 2].map(mean)
    const central = (...of: number[]) =>
      rows.reduce((sum, row) => sum + of.reduce((product, k) => product * (row[k]! - means[k]!), 1), 0)
    expect(sums.lost).toBeCloseTo(means[0]!, 12)
    expect(sums.productProduct).toBeCloseTo(central(1, 1), 8)
    expect(sums.lostProduct).toBeCloseTo(central(0, 1), 8)
    expect(sums.productScore).toBeCloseTo(central(1, 2), 8)
    expect(sums.lostScore).toBeCloseTo(central(0, 2), 8)
    expect(sums.lost3).toBeCloseTo(central(0, 0, 0), 8)
    expect(sums.lost2Product).toBeCloseTo(central(0, 0, 1), 7)
    expect(sums.lostProduct2).toBeCloseTo(central(0, 1, 1), 7)
    expect(sums.product3).toBeCloseTo(central(1, 1, 1), 6)
  })

  it('finds the elasticity of an exponential mean, which is one, and covers it', () => {
    let covered = 0
    for (let seed = 0; seed < 4000; seed++) {
      const { lo, hi, n } = derivativeInterval(sumsOf(`cover/${seed}`, 300).sums)!
      expect(n).toBe(300)
      if (lo <= 1 && hi! >= 1) covered++
    }
    expect(covered / 4000).toBeGreaterThan(0.93)
    expect(covered / 4000).toBeLessThan(0.98)
  })

  it('takes off what the score at the end explains', () => {
    const { sums } = sumsOf('control', 2000)
    const { lo, hi } = derivativeInterval(sums)!
    const plain = derivativeInterval({ ...sums, score: 0, scoreScore: 0, productScore: 0, lostScore: 0 })!
    expect(hi! - lo).toBeLessThan(0.97 * (plain.hi! - plain.lo))
  })

  it('says nothing of a few', () => {
    const { rows } = sumsOf('few', 400)
    const sums = newDerivativeSums()
    for (const row of rows) {
      if (sums.hits < DERIVATIVE_HITS_MIN) expect(derivativeInterval(sums)).toBeNull()
      addDerivativeTo(sums, ...row)
    }
    expect(derivativeInterval(sums)).not.toBeNull()
  })

  it('allows for one more loss that the input brought about, where none was seen', () => {
    const sums = newDerivativeSums()
    for (let i = 0; i < 400; i++) addDerivativeTo(sums, 1 + (i % 7), (1 + (i % 7)) * 0.004, 0)
    // The rule of three: three of so many losses.
    const { mean, lo, hi } = derivativeInterval(sums)!
    expect(mean).toBeCloseTo(0.004, 12)
    for (const beyond of [mean - lo, hi! - mean]) {
      expect(beyond).toBeGreaterThan(2 / 400)
      expect(beyond).toBeLessThan(8 / 400)
    }
  })
})
