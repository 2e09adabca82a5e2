import gamma from '@stdlib/math-base-special-gamma'
import gammaQuantile from '@stdlib/math-base-special-gammaincinv'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { assert, assertNever } from '../base/assert.ts'
import { type Ms, ms } from '../base/units.ts'
import type { Random } from './random.ts'

/** A distribution of durations, as data. All parameters with a unit are milliseconds. */
export type Distribution =
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'weibull'; readonly scale: number; readonly shape: number }
  | { readonly kind: 'lognormal'; readonly mu: number; readonly sigma: number }
  | { readonly kind: 'gamma'; readonly mean: number; readonly shape: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'empirical'; readonly values: readonly number[] }
  | { readonly kind: 'mixture'; readonly parts: readonly { readonly weight: number; readonly of: Distribution }[] }

/** Draws a duration, quantised to 1/1024 ms. */
export type Sampler = (random: Random) => Ms

export const exponential = (mean: number): Distribution => ({ kind: 'exponential', mean })
export const fixed = (value: number): Distribution => ({ kind: 'fixed', value })
export const uniform = (low: number, high: number): Distribution => ({ kind: 'uniform', low, high })

/** Weibull of a given mean: scale = mean / Γ(1 + 1/shape). */
export function weibullOfMean(mean: number, shape: number): Distribution {
  return { kind: 'weibull', scale: mean / gamma(1 + 1 / shape), shape }
}

/** Lognormal by mean and the standard deviation of the logarithm: mu = ln mean − sigma²/2. */
export function lognormalOfMean(mean: number, sigma: number): Distribution {
  return { kind: 'lognormal', mu: Math.log(mean) - (sigma * sigma) / 2, sigma }
}

/** Lognormal by median and 95th percentile: sigma = ln(p95 / median) / z(0.95). */
export function lognormalOfQuantiles(median: number, p95: number): Distribution {
  return { kind: 'lognormal', mu: Math.log(median), sigma: Math.log(p95 / median) / normalQuantile(0.95, 0, 1) }
}

/** The mean in milliseconds. */
export function meanOf(of: Distribution): number {
  switch (of.kind) {
    case 'exponential':
    case 'gamma':
      return of.mean
    case 'weibull':
      return of.scale * gamma(1 + 1 / of.shape)
    case 'lognormal':
      return Math.exp(of.mu + (of.sigma * of.sigma) / 2)
    case 'uniform':
      return (of.low + of.high) / 2
    case 'fixed':
      return of.value
    case 'empirical':
      return sumOver(of.values, (value) => value) / of.values.length
    case 'mixture':
      return sumOver(of.parts, (part) => part.weight * meanOf(part.of)) / sumOver(of.parts, (part) => part.weight)
    default:
      return assertNever(of)
  }
}

/**
 * A sampler by inverse transform: one uniform per draw (two for mixtures), so that variants that share a stream stay
 * aligned and a larger parameter gives a larger draw.
 */
export function samplerOf(of: Distribution): Sampler {
  const quantile = quantileOf(of)
  return (random) => ms(quantile(random.next(), random))
}

/**
 * Draws what is left of a duration that a stationary process is found in: U × (length-biased draw), whose density is
 * (1 − F(x)) / mean. Used to start a system in its long-run state.
 */
export function residualSamplerOf(of: Distribution): Sampler {
  if (of.kind === 'exponential') return samplerOf(of)
  const biased = lengthBiasedQuantileOf(of)
  return (random) => {
    const length = biased(random.next(), random)
    return ms(length * random.next())
  }
}

/**
 * Draws the whole of a duration that a stationary process is found in: its density is x f(x) / mean. Where in it the process
 * is found is uniform.
 */
export function lengthBiasedSamplerOf(of: Distribution): Sampler {
  const biased = lengthBiasedQuantileOf(of)
  return (random) => ms(biased(random.next(), random))
}

/** F⁻¹(u); mixtures take a second uniform from `random`. */
export type Quantile = (u: number, random: Random) => number

/** The quantile function F⁻¹(u); mixtures take their second uniform from `random`. */
export function quantileOf(of: Distribution): Quantile {
  switch (of.kind) {
    case 'exponential': {
      const { mean } = of
      // Uniforms are multiples of 2^-53, so 1 − u is exact, and log is quicker than log1p.
      return (u) => -mean * Math.log(1 - u)
    }
    case 'weibull': {
      const { scale, shape } = of
      return (u) => scale * (-Math.log1p(-u)) ** (1 / shape)
    }
    case 'lognormal': {
      const { mu, sigma } = of
      return (u) => Math.exp(mu + sigma * normalQuantile(u === 0 ? TINY : u, 0, 1))
    }
    case 'gamma': {
      const { mean, shape } = of
      return (u) => (mean / shape) * gammaQuantile(u, shape)
    }
    case 'uniform': {
      const { low, high } = of
      return (u) => low + u * (high - low)
    }
    case 'fixed': {
      const { value } = of
      return () => value
    }
    case 'empirical': {
      const values = [...of.values].sort((a, b) => a - b)
      assert(values.length > 0, 'an empirical distribution has values')
      return (u) => values[Math.floor(u * values.length)]!
    }
    case 'mixture': {
      const parts = of.parts.map((part) => ({ weight: part.weight, quantile: quantileOf(part.of) }))
      const pick = picker(parts.map((part) => part.weight))
      return (u, random) => parts[pick(u)]!.quantile(random.next(), random)
    }
    default:
      return assertNever(of)
  }
}

/**
 * The quantile function of the duration that covers a fixed instant, whose density is x f(x) / mean. For x = scale ·
 * g^(1/shape), a Weibull draw, length bias turns the exponential g into a Gamma(1 + 1/shape).
 */
function lengthBiasedQuantileOf(of: Distribution): Quantile {
  switch (of.kind) {
    case 'exponential':
      return quantileOf({ kind: 'gamma', mean: 2 * of.mean, shape: 2 })
    case 'gamma':
      return quantileOf({ kind: 'gamma', mean: (of.mean / of.shape) * (of.shape + 1), shape: of.shape + 1 })
    case 'lognormal':
      return quantileOf({ kind: 'lognormal', mu: of.mu + of.sigma * of.sigma, sigma: of.sigma })
    case 'fixed':
      return quantileOf(of)
    case 'weibull': {
      const { scale, shape } = of
      return (u) => scale * gammaQuantile(u, 1 + 1 / shape) ** (1 / shape)
    }
    case 'uniform': {
      const lowSquared = of.low * of.low
      const highSquared = of.high * of.high
      return (u) => Math.sqrt(lowSquared + u * (highSquared - lowSquared))
    }
    case 'empirical': {
      const { values } = of
      const pick = picker(values)
      return (u) => values[pick(u)]!
    }
    case 'mixture': {
      const quantiles = of.parts.map((part) => lengthBiasedQuantileOf(part.of))
      const pick = picker(of.parts.map((part) => part.weight * meanOf(part.of)))
      return (u, random) => quantiles[pick(u)]!(random.next(), random)
    }
    default:
      return assertNever(of)
  }
}

/** Turns a uniform into an index with probability proportional to its weight. */
function picker(weights: readonly number[]): (u: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  assert(total > 0, 'weights have a positive sum')
  let sum = 0
  const bounds = weights.map((weight) => {
    sum += weight / total
    return sum
  })
  return (u) => {
    let index = 0
    while (index < bounds.length - 1 && u >= bounds[index]!) index++
    return index
  }
}

function sumOver<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0)
}

/** The smallest uniform whose normal quantile is finite. */
const TINY = 2 ** -54
