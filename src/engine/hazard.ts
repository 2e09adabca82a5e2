import gammaQuantile from '@stdlib/math-base-special-gammaincinv'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { type Distribution, meanOf } from './distribution.ts'
import type { Random } from './random.ts'
import { survivalAt } from './survival.ts'

/** The cumulative hazard H(x) = −ln P(X > x) of a duration, and back; x in milliseconds. */
export interface Hazard {
  cumulative(x: number): number
  /** The x at which the cumulative hazard is `h`. */
  at(h: number): number
}

/** The hazard of a law whose inverse is at hand; null: of another law. */
export function hazardOf(of: Distribution): Hazard | null {
  switch (of.kind) {
    case 'exponential':
      return { cumulative: (x) => x / of.mean, at: (h) => h * of.mean }
    case 'weibull':
      return { cumulative: (x) => (x / of.scale) ** of.shape, at: (h) => of.scale * h ** (1 / of.shape) }
    case 'lognormal':
      return {
        cumulative: (x) => -Math.log(survivalAt(of, x)),
        at: (h) => (h === 0 ? 0 : Math.exp(of.mu - of.sigma * normalQuantile(Math.exp(-h), 0, 1))),
      }
    case 'gamma':
      return {
        cumulative: (x) => -Math.log(survivalAt(of, x)),
        at: (h) => (h === 0 ? 0 : (of.mean / of.shape) * gammaQuantile(Math.exp(-h), of.shape, true)),
      }
    default:
      return null
  }
}

/**
 * How long a duration of a stationary process has run, of which so much is left: both together have the density f(age +
 * left) / mean, so their sum is a duration that lasted longer than what is left. Without a hazard at hand, as if it had no
 * memory.
 */
export function ageOf(of: Distribution, left: number, random: Random): number {
  if (of.kind === 'fixed') return of.value - left
  const hazard = hazardOf(of)
  const drawn = -Math.log1p(-random.next())
  return hazard === null ? drawn * meanOf(of) : hazard.at(hazard.cumulative(left) + drawn) - left
}
