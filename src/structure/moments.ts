import gamma from '@stdlib/math-base-special-gamma'
import { assertNever } from '../base/assert.ts'
import { type Distribution, meanOf } from '../engine/distribution.ts'

/** The distribution of `factor` times a draw: a failure rate divided by `factor`, in the same shape. */
export function scaled(of: Distribution, factor: number): Distribution {
  switch (of.kind) {
    case 'exponential':
      return { kind: 'exponential', mean: of.mean * factor }
    case 'gamma':
      return { kind: 'gamma', mean: of.mean * factor, shape: of.shape }
    case 'weibull':
      return { kind: 'weibull', scale: of.scale * factor, shape: of.shape }
    case 'lognormal':
      return { kind: 'lognormal', mu: of.mu + Math.log(factor), sigma: of.sigma }
    case 'uniform':
      return { kind: 'uniform', low: of.low * factor, high: of.high * factor }
    case 'fixed':
      return { kind: 'fixed', value: of.value * factor }
    case 'empirical':
      return { kind: 'empirical', values: of.values.map((value) => value * factor) }
    case 'mixture':
      return {
        kind: 'mixture',
        parts: of.parts.map((part) => ({ weight: part.weight, of: scaled(part.of, factor) })),
      }
    default:
      return assertNever(of)
  }
}

/** E[X²] in square milliseconds. */
export function secondMomentOf(of: Distribution): number {
  switch (of.kind) {
    case 'exponential':
      return 2 * of.mean ** 2
    case 'gamma':
      return of.mean ** 2 * (1 + 1 / of.shape)
    case 'weibull':
      return of.scale ** 2 * gamma(1 + 2 / of.shape)
    case 'lognormal':
      return Math.exp(2 * of.mu + 2 * of.sigma ** 2)
    case 'uniform':
      return (of.low ** 2 + of.low * of.high + of.high ** 2) / 3
    case 'fixed':
      return of.value ** 2
    case 'empirical':
      return of.values.reduce((sum, value) => sum + value ** 2, 0) / of.values.length
    case 'mixture': {
      const total = of.parts.reduce((sum, part) => sum + part.weight, 0)
      return of.parts.reduce((sum, part) => sum + (part.weight / total) * secondMomentOf(part.of), 0)
    }
    default:
      return assertNever(of)
  }
}

/** E[X³] in cubic milliseconds. */
export function thirdMomentOf(of: Distribution): number {
  switch (of.kind) {
    case 'exponential':
      return 6 * of.mean ** 3
    case 'gamma':
      return of.mean ** 3 * (1 + 1 / of.shape) * (1 + 2 / of.shape)
    case 'weibull':
      return of.scale ** 3 * gamma(1 + 3 / of.shape)
    case 'lognormal':
      return Math.exp(3 * of.mu + 4.5 * of.sigma ** 2)
    case 'uniform':
      return ((of.low + of.high) * (of.low ** 2 + of.high ** 2)) / 4
    case 'fixed':
      return of.value ** 3
    case 'empirical':
      return of.values.reduce((sum, value) => sum + value ** 3, 0) / of.values.length
    case 'mixture': {
      const total = of.parts.reduce((sum, part) => sum + part.weight, 0)
      return of.parts.reduce((sum, part) => sum + (part.weight / total) * thirdMomentOf(part.of), 0)
    }
    default:
      return assertNever(of)
  }
}

/**
 * Mean of what is left of a duration found running at a random instant: E[X²] / (2 E[X]). It exceeds the mean where
 * draws are spread widely, because a random instant falls into long ones.
 */
export function meanResidualOf(of: Distribution): number {
  const mean = meanOf(of)
  return mean === 0 ? 0 : secondMomentOf(of) / (2 * mean)
}
