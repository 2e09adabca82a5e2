import gammainc from '@stdlib/math-base-special-gammainc'
import { assertNever } from '../base/assert.ts'
import type { Distribution } from './distribution.ts'

/** P(X > t) of a duration, t in milliseconds. */
export function survivalAt(of: Distribution, t: number): number {
  if (t < 0) return 1
  switch (of.kind) {
    case 'exponential':
      return Math.exp(-t / of.mean)
    case 'weibull':
      return Math.exp(-((t / of.scale) ** of.shape))
    case 'lognormal':
      return t === 0 ? 1 : normalAbove((Math.log(t) - of.mu) / of.sigma)
    case 'gamma':
      return gammainc((t * of.shape) / of.mean, of.shape, true, true)
    case 'uniform':
      return Math.max(0, Math.min(1, (of.high - t) / (of.high - of.low)))
    case 'fixed':
      return t < of.value ? 1 : 0
    case 'empirical':
      return of.values.filter((value) => value > t).length / of.values.length
    case 'mixture': {
      const total = of.parts.reduce((sum, { weight }) => sum + weight, 0)
      return of.parts.reduce((sum, part) => sum + (part.weight / total) * survivalAt(part.of, t), 0)
    }
    default:
      return assertNever(of)
  }
}

/** P(Z > z) of a standard normal, without loss of digits in the upper tail: erfc(x) = Γ(½, x²) / Γ(½). */
export function normalAbove(z: number): number {
  const beyond = gammainc((z * z) / 2, 0.5, true, true) / 2
  return z >= 0 ? beyond : 1 - beyond
}
