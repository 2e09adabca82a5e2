import gamma from '@stdlib/math-base-special-gamma'
import gammainc from '@stdlib/math-base-special-gammainc'
import { assertNever } from '../base/assert.ts'
import { type Distribution, meanOf } from './distribution.ts'
import { normalAbove, survivalAt } from './survival.ts'

/**
 * Score functions of a duration to its scale: derivatives of log likelihoods to the logarithm of the mean, the shape
 * kept. Of what was seen of a duration: that it ended at x (ms), or that it still ran at x; and both again of what is left
 * of a duration that a stationary process is found in. Each pair has mean zero, whenever looking ends.
 */
export interface ScoreFunctions {
  ended(x: number): number
  running(x: number): number
  residualEnded(x: number): number
  residualRunning(x: number): number
}

/** Why a law has no score, in words; null: it has. */
export function whyNoScore(of: Distribution): string | null {
  switch (of.kind) {
    case 'exponential':
    case 'weibull':
    case 'lognormal':
    case 'gamma':
      return null
    case 'uniform':
      return 'the ends of a uniform law move with its mean: no likelihood ratio'
    case 'fixed':
      return 'a fixed time has no density: no likelihood ratio'
    case 'empirical':
      return 'values from a list have no density: no likelihood ratio'
    case 'mixture':
      return of.parts.reduce<string | null>((why, part) => why ?? whyNoScore(part.of), null)
    default:
      return assertNever(of)
  }
}

/** Half of the clock's grid: a draw rounded to zero was somewhere below it. */
const LEAST = 1 / 2048

/** Score functions of a law that {@link whyNoScore} has nothing against. */
export function scoresOf(of: Distribution): ScoreFunctions {
  if (of.kind === 'exponential') {
    const { mean } = of
    const ended = (x: number) => x / mean - 1
    const running = (x: number) => x / mean
    return { ended, running, residualEnded: ended, residualRunning: running }
  }
  const running = (x: number) => hazardTimes(of, Math.max(x, LEAST))
  return {
    ended: (x) => endedScore(of, Math.max(x, LEAST)),
    running,
    // What is left has the density S(x) / mean, whose logarithmic slope is minus the hazard.
    residualEnded: (x) => running(x) - 1,
    residualRunning: (x) => (x * survivalAt(of, x)) / excess(of, x),
  }
}

/** −1 − x f′(x) / f(x). */
function endedScore(of: Distribution, x: number): number {
  switch (of.kind) {
    case 'exponential':
      return x / of.mean - 1
    case 'weibull':
      return of.shape * ((x / of.scale) ** of.shape - 1)
    case 'lognormal':
      return (Math.log(x) - of.mu) / (of.sigma * of.sigma)
    case 'gamma':
      return (x * of.shape) / of.mean - of.shape
    case 'mixture': {
      let [sum, total] = [0, 0]
      for (const part of of.parts) {
        const share = part.weight * densityTimes(part.of, x)
        total += share
        if (share > 0) sum += share * endedScore(part.of, x)
      }
      return sum / total
    }
    default:
      return Number.NaN
  }
}

/** x f(x) / S(x): the hazard, by time run. */
function hazardTimes(of: Distribution, x: number): number {
  if (of.kind === 'exponential') return x / of.mean
  if (of.kind === 'weibull') return of.shape * (x / of.scale) ** of.shape
  return densityTimes(of, x) / survivalAt(of, x)
}

/** x f(x), free of units. */
function densityTimes(of: Distribution, x: number): number {
  switch (of.kind) {
    case 'exponential':
      return (x / of.mean) * Math.exp(-x / of.mean)
    case 'weibull': {
      const power = (x / of.scale) ** of.shape
      return of.shape * power * Math.exp(-power)
    }
    case 'lognormal': {
      const u = (Math.log(x) - of.mu) / of.sigma
      return Math.exp(-(u * u) / 2) / (of.sigma * Math.sqrt(2 * Math.PI))
    }
    case 'gamma': {
      const z = (x * of.shape) / of.mean
      return Math.exp(of.shape * Math.log(z) - z) / gamma(of.shape)
    }
    case 'mixture': {
      const total = of.parts.reduce((sum, { weight }) => sum + weight, 0)
      return of.parts.reduce((sum, part) => sum + (part.weight / total) * densityTimes(part.of, x), 0)
    }
    default:
      return Number.NaN
  }
}

/** P(what is left of a stationary process's duration > x), of a law that {@link whyNoScore} has nothing against. */
export function residualSurvivalAt(of: Distribution, x: number): number {
  return excess(of, x) / meanOf(of)
}

/** E[(X − x)⁺], the integral of the survival function beyond x. */
function excess(of: Distribution, x: number): number {
  if (of.kind === 'exponential') return of.mean * Math.exp(-x / of.mean)
  if (of.kind === 'mixture') {
    const total = of.parts.reduce((sum, { weight }) => sum + weight, 0)
    return of.parts.reduce((sum, part) => sum + (part.weight / total) * excess(part.of, x), 0)
  }
  return meanOf(of) * lengthBiasedSurvival(of, x) - x * survivalAt(of, x)
}

/** P(X > x) where durations count by their length: E[X; X > x] / E[X]. */
function lengthBiasedSurvival(of: Distribution, x: number): number {
  switch (of.kind) {
    case 'weibull':
      return gammainc((x / of.scale) ** of.shape, 1 + 1 / of.shape, true, true)
    case 'lognormal':
      return x === 0 ? 1 : normalAbove((Math.log(x) - of.mu) / of.sigma - of.sigma)
    case 'gamma':
      return gammainc((x * of.shape) / of.mean, 1 + of.shape, true, true)
    default:
      return Number.NaN
  }
}
