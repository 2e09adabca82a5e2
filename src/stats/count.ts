import betaQuantile from '@stdlib/stats-base-dists-beta-quantile'
import chisquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile'
import { type Estimate, LEVEL } from './interval.ts'

/**
 * A rate from `count` events in `exposure` (any unit of time), with Garwood's exact Poisson interval (1936,
 * Biometrika 28). No event: the one-sided bound −ln(1 − level) / exposure.
 */
export function rateInterval(count: number, exposure: number, n: number, level: number = LEVEL): Estimate {
  if (!(exposure > 0)) return { mean: 0, lo: 0, hi: null, level, n, method: 'no observations' }
  const mean = count / exposure
  if (count === 0) {
    const hi = -Math.log1p(-level) / exposure
    return { mean, lo: 0, hi, level, n, method: 'none seen: one-sided exact Poisson bound, -ln(1 - level) / exposure' }
  }
  const alpha = (1 - level) / 2
  return {
    mean,
    lo: chisquareQuantile(alpha, 2 * count) / 2 / exposure,
    hi: chisquareQuantile(1 - alpha, 2 * count + 2) / 2 / exposure,
    level,
    n,
    method: 'Garwood exact Poisson',
  }
}

/**
 * A probability from `hits` in `n` trials, with the exact interval of Clopper and Pearson (1934, Biometrika 26): at
 * least the level for every probability. No hit, or nothing but hits: one-sided at the full level.
 */
export function probabilityInterval(hits: number, n: number, level: number = LEVEL): Estimate {
  if (n === 0) return { mean: 0, lo: 0, hi: 1, level, n, method: 'no observations' }
  const mean = hits / n
  // (1 − level)^(1/n), and its distance to 1 without cancellation.
  const exponent = Math.log1p(-level) / n
  if (hits === 0)
    return { mean, lo: 0, hi: -Math.expm1(exponent), level, n, method: 'none seen: one-sided exact binomial bound' }
  if (hits === n)
    return { mean, lo: Math.exp(exponent), hi: 1, level, n, method: 'always seen: one-sided exact binomial bound' }
  const alpha = (1 - level) / 2
  return {
    mean,
    lo: betaQuantile(alpha, hits, n - hits + 1),
    hi: betaQuantile(1 - alpha, hits + 1, n - hits),
    level,
    n,
    method: 'Clopper-Pearson exact binomial',
  }
}

/**
 * The mean of an exponential time of which `events` ended within a total `exposure`, watching the others to a fixed
 * end: exposure / events with the chi-square interval of censoring by time (Epstein 1960), conservative on both sides.
 * undefined without events.
 */
export function exponentialMeanInterval(
  events: number,
  exposure: number,
  n: number,
  level: number = LEVEL,
): Estimate | undefined {
  if (events === 0) return undefined
  const alpha = (1 - level) / 2
  return {
    mean: exposure / events,
    lo: (2 * exposure) / chisquareQuantile(1 - alpha, 2 * events + 2),
    hi: (2 * exposure) / chisquareQuantile(alpha, 2 * events),
    level,
    n,
    method: 'exposure / events (censored at the horizon): chi-square of an exponential time',
  }
}
