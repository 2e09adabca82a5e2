import gamma from '@stdlib/math-base-special-gamma'
import { describe, expect, it } from 'vitest'
import {
  type Distribution,
  exponential,
  fixed,
  lognormalOfMean,
  meanOf,
  uniform,
  weibullOfMean,
} from '../../src/engine/distribution.ts'
import { scoresOf, whyNoScore } from '../../src/engine/score.ts'
import { survivalAt } from '../../src/engine/survival.ts'
import { scaled } from '../../src/structure/moments.ts'

const LAWS: readonly (readonly [string, Distribution])[] = [
  ['exponential', exponential(1000)],
  ['weibull 0.7', weibullOfMean(1000, 0.7)],
  ['weibull 2.5', weibullOfMean(1000, 2.5)],
  ['lognormal 0.4', lognormalOfMean(1000, 0.4)],
  ['lognormal 1.5', lognormalOfMean(1000, 1.5)],
  ['gamma 0.5', { kind: 'gamma', mean: 1000, shape: 0.5 }],
  ['gamma 4', { kind: 'gamma', mean: 1000, shape: 4 }],
  [
    'mixture',
    {
      kind: 'mixture',
      parts: [
        { weight: 3, of: lognormalOfMean(300, 0.8) },
        { weight: 1, of: exponential(3000) },
        { weight: 2, of: { kind: 'gamma', mean: 700, shape: 2 } },
        { weight: 1, of: weibullOfMean(500, 1.4) },
      ],
    },
  ],
]

/** Densities as textbooks have them. */
function density(of: Distribution, x: number): number {
  switch (of.kind) {
    case 'exponential':
      return Math.exp(-x / of.mean) / of.mean
    case 'weibull':
      return (of.shape / of.scale) * (x / of.scale) ** (of.shape - 1) * Math.exp(-((x / of.scale) ** of.shape))
    case 'lognormal':
      return Math.exp(-((Math.log(x) - of.mu) ** 2) / (2 * of.sigma ** 2)) / (x * of.sigma * Math.sqrt(2 * Math.PI))
    case 'gamma': {
      const scale = of.mean / of.shape
      return (x ** (of.shape - 1) * Math.exp(-x / scale)) / (gamma(of.shape) * scale ** of.shape)
    }
    case 'mixture': {
      const total = of.parts.reduce((sum, { weight }) => sum + weight, 0)
      return of.parts.reduce((sum, part) => sum + (part.weight / total) * density(part.of, x), 0)
    }
    default:
      throw new Error(of.kind)
  }
}

/** ∫ from x to ∞ of the survival function, by Simpson's rule on the logarithm of time. */
function excess(of: Distribution, x: number): number {
  const [from, to, steps] = [Math.log(x), Math.log(1e9), 20_000]
  const step = (to - from) / steps
  let sum = 0
  for (let i = 0; i <= steps; i++) {
    const t = Math.exp(from + i * step)
    sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * survivalAt(of, t) * t
  }
  return (sum * step) / 3
}

/** d/d ln mean of a logarithm, the shape kept, by central differences of fourth order. */
function slope(of: Distribution, logOf: (of: Distribution) => number): number {
  const step = 2e-3
  const difference = (by: number) => (logOf(scaled(of, Math.exp(by))) - logOf(scaled(of, Math.exp(-by)))) / (2 * by)
  return (4 * difference(step) - difference(2 * step)) / 3
}

describe.each(LAWS)('the score of %s', (_, of) => {
  const scores = scoresOf(of)

  it.each([3, 80, 700, 2000, 4500])('is the derivative of the log likelihood, at %d ms', (x) => {
    expect(scores.ended(x)).toBeCloseTo(
      slope(of, (law) => Math.log(density(law, x))),
      6,
    )
    expect(scores.running(x)).toBeCloseTo(
      slope(of, (law) => Math.log(survivalAt(law, x))),
      6,
    )
  })

  it.each([3, 80, 700, 2000])('of what is left of a duration, at %d ms', (x) => {
    expect(scores.residualEnded(x)).toBeCloseTo(
      slope(of, (law) => Math.log(survivalAt(law, x) / meanOf(law))),
      6,
    )
    expect(scores.residualRunning(x)).toBeCloseTo(
      slope(of, (law) => Math.log(excess(law, x) / meanOf(law))),
      5,
    )
  })

  it('has mean zero however long is looked', () => {
    const until = 900
    const steps = 40_000
    let [sum, residual] = [0, 0]
    // Midpoints of the eighth root of time: densities may be infinite at zero.
    for (let i = 0; i < steps; i++) {
      const u = ((i + 0.5) / steps) * until ** 0.125
      const x = u ** 8
      const weight = 8 * u ** 7 * (until ** 0.125 / steps)
      sum += weight * density(of, x) * scores.ended(x)
      residual += weight * (survivalAt(of, x) / meanOf(of)) * scores.residualEnded(x)
    }
    expect(sum + survivalAt(of, until) * scores.running(until)).toBeCloseTo(0, 3)
    expect(residual + (excess(of, until) / meanOf(of)) * scores.residualRunning(until)).toBeCloseTo(0, 3)
  })

  it('is finite for a draw rounded to zero', () => {
    for (const score of Object.values(scores)) expect(Number.isFinite(score(0))).toBe(true)
  })
})

describe('laws without a score', () => {
  it.each([
    ['fixed', fixed(5)],
    ['uniform', uniform(1, 2)],
    ['empirical', { kind: 'empirical', values: [1, 2] }],
    [
      'mixture',
      {
        kind: 'mixture',
        parts: [
          { weight: 1, of: exponential(1) },
          { weight: 1, of: fixed(1) },
        ],
      },
    ],
  ] as const)('%s: says why', (_, of) => {
    expect(whyNoScore(of)).toMatch(/no likelihood ratio/)
  })

  it('the others have one', () => {
    for (const [, of] of LAWS) expect(whyNoScore(of)).toBeNull()
  })
})
