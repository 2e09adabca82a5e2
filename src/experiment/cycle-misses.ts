import { MONTH } from '../base/units.ts'
import type { Excess } from '../structure/rare/exceedances.ts'
import type { Estimate } from './result.ts'

/** A stretch of time, and how much of it an objective allows to be lost (ms). */
export interface Window {
  readonly window: number
  readonly allowed: number
}

/** What an objective is asked of, besides the long run: a month, and the horizon. Nothing without an objective. */
export function windowsOf(horizon: number, target: number | null): readonly Window[] {
  if (target === null) return []
  return [MONTH, horizon].map((window) => ({ window, allowed: (1 - target) * window }))
}

/** What cycles tell of a service that may lose so much of a window. Times in milliseconds, rates per millisecond. */
export interface WindowLosses extends Window {
  /** Cycles that lose more than is allowed. */
  readonly excess: Excess
  /** Cycles that lose anything. */
  readonly losing: Estimate
  /** Share of the time that is lost. */
  readonly unavailability: Estimate
}

/**
 * The probability that a window of the long run loses more than is allowed, from cycles alone; null where it hangs on several
 * of them.
 *
 * Cycles that lose come as a Poisson process, nearly, and mostly one is enough: 1 − e^(−rate × window). The limits leave
 * open what that leaves out. Of a cycle at an edge of the window not all is lost within it: the window is counted shorter, or
 * longer, by the cycle's span. Two cycles that each lose less may come together: (rate of all × window)² / 2 at most. And a
 * window cannot lose more than is allowed more often than the mean loss over what is allowed (Markov's inequality).
 */
export function missInWindow(of: WindowLosses): Estimate | null {
  const { window, allowed, excess, losing, unavailability } = of
  const { rate: missing, span } = excess
  const [most, all] = [missing, losing].map(({ hi }) => hi ?? Number.POSITIVE_INFINITY)
  const together = (all! * window) ** 2 / 2
  const likeliest = Math.min(most!, all!)
  if (together > likeliest * window) return null
  const chance = (rate: number, time: number) => -Math.expm1(-rate * time)
  const mean = chance(missing.mean, window)
  const byMean = ((unavailability.hi ?? Number.POSITIVE_INFINITY) * window) / allowed
  return {
    ...missing,
    mean,
    lo: chance(missing.lo, Math.max(0, window - span)),
    hi: Math.max(mean, Math.min(1, byMean, likeliest * (window + span) + together)),
    method: `cycles that lose too much taken for a Poisson process: ${missing.method}`,
  }
}

/** How results name them. @param misses in the order of {@link windowsOf} */
export function missesOf([month = null, horizon = null]: readonly (Estimate | null)[]) {
  return { probabilityOfMissInAMonth: month?.mean ?? null, missInAMonth: month, missInHorizon: horizon }
}
