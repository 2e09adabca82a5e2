import erfc from '@stdlib/math-base-special-erfc'
import gamma from '@stdlib/math-base-special-gamma'
import chisquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile'
import { LEVEL } from './interval.ts'

/**
 * A time that was watched, `weight` times: it ended at `from` (`to` equal), some time in (`from`, `to`], or, `to` infinite,
 * had not ended by `from` when the watch did.
 */
export interface Lifetime {
  readonly from: number
  readonly to: number
  readonly weight: number
}

export const ended = (time: number): Lifetime => ({ from: time, to: time, weight: 1 })
export const stillGoing = (time: number): Lifetime => ({ from: time, to: Number.POSITIVE_INFINITY, weight: 1 })

export type LawName = 'exponential' | 'weibull' | 'lognormal'
export const LAWS: readonly LawName[] = ['exponential', 'weibull', 'lognormal']

/** A law by its mean and its shape: of a Weibull the shape, of a lognormal the sigma; of an exponential 1, always. */
export interface FittedLaw {
  readonly law: LawName
  readonly mean: number
  readonly shape: number
  readonly logLikelihood: number
  /** Akaike's criterion: smaller is better. */
  readonly aic: number
  /** Profile likelihood-ratio intervals: all values that the data do not reject. hi null: there is no bound. */
  readonly meanInterval: { readonly lo: number; readonly hi: number | null }
  readonly shapeInterval: { readonly lo: number; readonly hi: number } | null
  /** Greatest distance of the law's distribution function to the product-limit estimate (Kaplan and Meier 1958). */
  readonly distance: number
}

/** Shapes beyond these are no failure law that anyone has seen. */
const SHAPES: { readonly [law in LawName]: readonly [number, number] } = {
  exponential: [1, 1],
  weibull: [0.1, 30],
  lognormal: [0.01, 6],
}

/**
 * Maximum likelihood for times of which some are censored (Lawless, Statistical Models and Methods for Lifetime Data, 2nd
 * ed., chapters 4 and 5), with intervals by likelihood ratio.
 * @throws RangeError when no time ended: there is nothing to fit
 */
export function fitLaw(law: LawName, times: readonly Lifetime[], level: number = LEVEL): FittedLaw {
  const events = times.reduce((sum, { to, weight }) => sum + (Number.isFinite(to) ? weight : 0), 0)
  if (events === 0) throw new RangeError('no time ended')
  const scale = times.reduce((sum, { from, weight }) => sum + from * weight, 0) / events
  const unit = times.map(({ from, to, weight }) => ({ from: from / scale, to: to / scale, weight }))
  const at = (logMean: number, logShape: number): number => likelihood(law, Math.exp(logMean), Math.exp(logShape), unit)
  const [least, most] = SHAPES[law].map(Math.log) as [number, number]
  const overShape = (logMean: number): number => (least === most ? least : maximum((s) => at(logMean, s), least, most))
  const profileOfMean = (logMean: number): number => at(logMean, overShape(logMean))
  const logMean = maximum(profileOfMean, -12, 12)
  const logShape = overShape(logMean)
  const best = at(logMean, logShape)
  const drop = chisquareQuantile(level, 1) / 2
  const profileOfShape = (s: number): number =>
    at(
      maximum((m) => at(m, s), -12, 12),
      s,
    )
  const lo = crossing(profileOfMean, best - drop, logMean, -1)
  const hi = crossing(profileOfMean, best - drop, logMean, 1)
  return {
    law,
    mean: Math.exp(logMean) * scale,
    shape: Math.exp(logShape),
    // A density in other units: its logarithm is shifted once for each time that ended at an instant.
    logLikelihood:
      best - unit.reduce((sum, { from, to, weight }) => sum + (from === to ? weight : 0), 0) * Math.log(scale),
    aic: 2 * (law === 'exponential' ? 1 : 2) - 2 * best,
    meanInterval: { lo: Math.exp(lo) * scale, hi: hi > WIDEST ? null : Math.exp(hi) * scale },
    shapeInterval:
      least === most
        ? null
        : {
            lo: Math.exp(Math.max(least, crossing(profileOfShape, best - drop, logShape, -1, least))),
            hi: Math.exp(Math.min(most, crossing(profileOfShape, best - drop, logShape, 1, most))),
          },
    distance: distanceToProductLimit(law, Math.exp(logMean), Math.exp(logShape), unit),
  }
}

/** Means so many e-folds from the best are as good as without a bound. */
const WIDEST = 25

function likelihood(law: LawName, mean: number, shape: number, times: readonly Lifetime[]): number {
  let sum = 0
  const scale = scaleOf(law, mean, shape)
  for (const { from, to, weight } of times) {
    if (from === to) sum += weight * logDensity(law, from, scale, shape)
    else if (to === Number.POSITIVE_INFINITY) sum += weight * Math.log(lasting(law, from, scale, shape))
    else
      sum +=
        weight * Math.log(Math.max(lasting(law, from, scale, shape) - lasting(law, to, scale, shape), Number.MIN_VALUE))
  }
  return Number.isNaN(sum) ? Number.NEGATIVE_INFINITY : sum
}

/** Of a Weibull its scale, of a lognormal its median, of an exponential its mean. */
function scaleOf(law: LawName, mean: number, shape: number): number {
  if (law === 'weibull') return mean / gamma(1 + 1 / shape)
  return law === 'lognormal' ? mean * Math.exp((-shape * shape) / 2) : mean
}

function logDensity(law: LawName, time: number, scale: number, shape: number): number {
  const t = Math.max(time, 1e-12)
  switch (law) {
    case 'exponential':
      return -Math.log(scale) - t / scale
    case 'weibull':
      return Math.log(shape / scale) + (shape - 1) * Math.log(t / scale) - (t / scale) ** shape
    case 'lognormal': {
      const z = Math.log(t / scale) / shape
      return -Math.log(t * shape * Math.sqrt(2 * Math.PI)) - (z * z) / 2
    }
  }
}

/** Probability to last longer than a time. */
export function survival(law: LawName, time: number, mean: number, shape: number): number {
  return lasting(law, time, scaleOf(law, mean, shape), shape)
}

function lasting(law: LawName, time: number, scale: number, shape: number): number {
  if (time <= 0) return 1
  switch (law) {
    case 'exponential':
      return Math.exp(-time / scale)
    case 'weibull':
      return Math.exp(-((time / scale) ** shape))
    case 'lognormal':
      return erfc(Math.log(time / scale) / shape / Math.SQRT2) / 2
  }
}

const GOLDEN = (Math.sqrt(5) - 1) / 2
const STEPS = 42

/** Where a function with one peak is greatest, by golden sections. */
function maximum(f: (x: number) => number, from: number, to: number): number {
  let [a, b] = [from, to]
  let [x, y] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)]
  let [fx, fy] = [f(x), f(y)]
  for (let step = 0; step < STEPS; step++) {
    if (fx >= fy) {
      ;[b, y, fy] = [y, x, fx]
      x = b - GOLDEN * (b - a)
      fx = f(x)
    } else {
      ;[a, x, fx] = [x, y, fy]
      y = a + GOLDEN * (b - a)
      fy = f(y)
    }
  }
  return (a + b) / 2
}

/** Where a function falls to a level, to the left (−1) or right (1) of its peak, not beyond `bound`. */
function crossing(f: (x: number) => number, level: number, peak: number, side: 1 | -1, bound = side * 1e3): number {
  let step = 0.25
  let inside = peak
  let outside = peak + side * step
  while (f(outside) > level) {
    if (Math.abs(outside) >= Math.abs(bound) && side * outside >= side * bound) return bound
    if (Math.abs(outside - peak) > WIDEST) return side * (WIDEST + 1)
    inside = outside
    step *= 1.6
    outside = peak + side * step
  }
  for (let k = 0; k < 50; k++) {
    const middle = (inside + outside) / 2
    if (f(middle) > level) inside = middle
    else outside = middle
  }
  return (inside + outside) / 2
}

function distanceToProductLimit(law: LawName, mean: number, shape: number, times: readonly Lifetime[]): number {
  const sorted = [...times].sort((a, b) => a.to - b.to || a.from - b.from)
  let [surviving, distance] = [1, 0]
  for (let i = 0; i < sorted.length && Number.isFinite(sorted[i]!.to); ) {
    const at = sorted[i]!.to
    let gone = 0
    for (; i < sorted.length && sorted[i]!.to === at; i++) gone += sorted[i]!.weight
    const exposed = times.reduce(
      (sum, one) => sum + (one.to >= at && (one.from >= at || one.to !== Number.POSITIVE_INFINITY) ? one.weight : 0),
      0,
    )
    const predicted = survival(law, at, mean, shape)
    distance = Math.max(distance, Math.abs(surviving - predicted))
    surviving *= 1 - gone / exposed
    distance = Math.max(distance, Math.abs(surviving - predicted))
  }
  return distance
}
