import gammaQuantile from '@stdlib/math-base-special-gammaincinv'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import type { Distribution } from './distribution.ts'
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
