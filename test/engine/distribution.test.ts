import gamma from '@stdlib/math-base-special-gamma'
import { describe, expect, it } from 'vitest'
import {
  type Distribution,
  exponential,
  fixed,
  lognormalOfMean,
  lognormalOfQuantiles,
  meanOf,
  residualSamplerOf,
  samplerOf,
  uniform,
  weibullOfMean,
} from '../../src/engine/distribution.ts'
import { randomFrom } from '../../src/engine/random.ts'

const DRAWS = 40_000

/** Each kind with its mean and second moment, from textbooks. */
const CASES: readonly { name: string; of: Distribution; mean: number; second: number }[] = [
  { name: 'exponential', of: exponential(1000), mean: 1000, second: 2e6 },
  { name: 'fixed', of: fixed(500), mean: 500, second: 250_000 },
  { name: 'uniform', of: uniform(100, 400), mean: 250, second: 70_000 },
  { name: 'gamma', of: { kind: 'gamma', mean: 800, shape: 2 }, mean: 800, second: 960_000 },
  {
    name: 'weibull',
    of: weibullOfMean(1000, 1.5),
    mean: 1000,
    second: (1000 / gamma(1 + 1 / 1.5)) ** 2 * gamma(1 + 2 / 1.5),
  },
  { name: 'lognormal', of: lognormalOfMean(1000, 0.6), mean: 1000, second: 1e6 * Math.exp(0.36) },
  { name: 'empirical', of: { kind: 'empirical', values: [100, 200, 600] }, mean: 300, second: 410_000 / 3 },
  {
    name: 'mixture',
    of: {
      kind: 'mixture',
      parts: [
        { weight: 3, of: fixed(100) },
        { weight: 1, of: exponential(1000) },
      ],
    },
    mean: 325,
    second: 0.75 * 10_000 + 0.25 * 2e6,
  },
]

/** Mean of many draws, and how far from it chance alone may lead (four standard errors). */
function meanOfDraws(draw: (random: ReturnType<typeof randomFrom>) => number, seed: string): [number, number] {
  const random = randomFrom(seed)
  let sum = 0
  let squares = 0
  for (let i = 0; i < DRAWS; i++) {
    const x = draw(random)
    sum += x
    squares += x * x
  }
  const mean = sum / DRAWS
  return [mean, 4 * Math.sqrt(Math.max(0, squares / DRAWS - mean * mean) / DRAWS) + 1e-3]
}

describe.each(CASES)('$name', ({ name, of, mean, second }) => {
  it('knows its mean', () => {
    expect(meanOf(of)).toBeCloseTo(mean, 6)
  })

  it('is drawn with its mean and second moment', () => {
    const [drawn, margin] = meanOfDraws(samplerOf(of), `mean of ${name}`)
    expect(Math.abs(drawn - mean)).toBeLessThan(margin)
    const draw = samplerOf(of)
    const [squares, wide] = meanOfDraws((random) => draw(random) ** 2, `second of ${name}`)
    expect(Math.abs(squares - second)).toBeLessThan(wide)
  })

  it('leaves E[X²] / 2E[X] of a duration found running', () => {
    const [left, margin] = meanOfDraws(residualSamplerOf(of), `residual of ${name}`)
    expect(Math.abs(left - second / (2 * mean))).toBeLessThan(margin)
  })

  it('draws multiples of 1/1024 ms', () => {
    const random = randomFrom('quanta')
    const draw = samplerOf(of)
    for (let i = 0; i < 100; i++) expect((draw(random) * 1024) % 1).toBe(0)
  })
})

describe('a lognormal by median and 95th percentile', () => {
  it('has them', () => {
    const draw = samplerOf(lognormalOfQuantiles(240, 1800))
    const random = randomFrom('quantiles')
    const draws = Array.from({ length: DRAWS }, () => draw(random)).sort((a, b) => a - b)
    expect(draws[DRAWS / 2]! / 240).toBeCloseTo(1, 1)
    expect(draws[Math.floor(DRAWS * 0.95)]! / 1800).toBeCloseTo(1, 1)
  })
})
