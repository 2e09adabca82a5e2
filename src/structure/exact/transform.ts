import { type Distribution, quantileOf } from '../../engine/distribution.ts'
import { normalAbove } from '../../engine/survival.ts'

/** A complex number. */
export interface Complex {
  readonly re: number
  readonly im: number
}

/** E[e^(−sX)] of a duration, for Re s > 0 (per millisecond). */
export type Transform = (s: Complex) => Complex

/** Half-width of the trapezoidal rule over a standard normal: its tails hold below 1e-18. */
const REACH = 9
/** Steps: fine ones follow what turns quickly, where durations are not much shorter than the time asked about. */
const FINE = 1 / 320
const COARSE = 1 / 40
/** From this many medians on, coarse steps are enough. */
const LONG = 30

/** The Laplace transform of a duration's law; null: it jumps, and inverting it would show only the jumps. */
export function transformOf(of: Distribution): Transform | null {
  switch (of.kind) {
    case 'exponential':
      return (s) => power({ re: 1 + s.re * of.mean, im: s.im * of.mean }, -1)
    case 'gamma': {
      const scale = of.mean / of.shape
      return (s) => power({ re: 1 + s.re * scale, im: s.im * scale }, -of.shape)
    }
    case 'fixed':
    case 'empirical':
    case 'uniform':
      return null
    case 'mixture': {
      const total = of.parts.reduce((sum, { weight }) => sum + weight, 0)
      const parts = of.parts.map((part) => ({ share: part.weight / total, of: transformOf(part.of) }))
      if (parts.some((part) => part.of === null)) return null
      return (s) => {
        const values = parts.map((part) => part.of!(s))
        return {
          re: values.reduce((sum, value, i) => sum + parts[i]!.share * value.re, 0),
          im: values.reduce((sum, value, i) => sum + parts[i]!.share * value.im, 0),
        }
      }
    }
    default:
      return byQuadrature(of)
  }
}

/**
 * The expectation of e^(−sX) with X a function of a standard normal variable: the trapezoidal rule, which for such
 * smooth and quickly falling integrands is exact to all digits that count (Trefethen and Weideman 2014, SIAM Review 56).
 */
function byQuadrature(of: Distribution): Transform {
  const fine = nodesOf(of, FINE)
  const coarse = nodesOf(of, COARSE)
  const median = fine.values[(fine.values.length - 1) / 2]!
  return (s) => {
    // Times asked about are A / 2 over the real part.
    const { values, weights } = A / (2 * s.re) > LONG * median ? coarse : fine
    let re = 0
    let im = 0
    for (let i = 0; i < values.length; i++) {
      const size = weights[i]! * Math.exp(-s.re * values[i]!)
      if (size < 1e-19) continue
      const angle = s.im * values[i]!
      re += size * Math.cos(angle)
      im -= size * Math.sin(angle)
    }
    return { re, im }
  }
}

function nodesOf(of: Distribution, step: number) {
  const values: number[] = []
  const weights: number[] = []
  const quantile = of.kind === 'lognormal' ? null : quantileOf(of)
  for (let k = -REACH / step; k <= REACH / step; k++) {
    const z = k * step
    weights.push((step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI))
    if (of.kind === 'lognormal') values.push(Math.exp(of.mu + of.sigma * z))
    // Φ(z) where it is small, its complement where that is: neither loses digits.
    else if (of.kind === 'weibull') {
      const hazard = z < 0 ? -Math.log1p(-normalAbove(-z)) : -Math.log(normalAbove(z))
      values.push(of.scale * hazard ** (1 / of.shape))
    } else values.push(quantile!(1 - normalAbove(z), { next: () => 0 }))
  }
  return { values: Float64Array.from(values), weights: Float64Array.from(weights) }
}

export function times(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re }
}

export function over(a: Complex, b: Complex): Complex {
  const size = b.re * b.re + b.im * b.im
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size }
}

function power({ re, im }: Complex, exponent: number): Complex {
  const size = Math.hypot(re, im) ** exponent
  const angle = Math.atan2(im, re) * exponent
  return { re: size * Math.cos(angle), im: size * Math.sin(angle) }
}

/** Discretisation error e^−A of the inversion below, relative. */
const A = 20
/** Terms before Euler's summation sets in, and terms that it averages over. */
const TERMS = 24
const AVERAGED = 14

/**
 * The function whose transform is given, at t > 0, by the Fourier series method with Euler summation (Abate and Whitt
 * 1995, ORSA Journal on Computing 7, 36–43); good to some eight digits where it is smooth.
 */
export function inverted(transform: Transform, t: number): number {
  const term = (k: number) => {
    const { re } = transform({ re: A / (2 * t), im: (k * Math.PI) / t })
    return k === 0 ? re / 2 : k % 2 === 0 ? re : -re
  }
  let sum = 0
  for (let k = 0; k <= TERMS; k++) sum += term(k)
  let mean = 0
  let binomial = 1
  for (let j = 0; j <= AVERAGED; j++) {
    if (j > 0) {
      sum += term(TERMS + j)
      binomial *= (AVERAGED - j + 1) / j
    }
    mean += (binomial / 2 ** AVERAGED) * sum
  }
  return (Math.exp(A / 2) / t) * mean
}
