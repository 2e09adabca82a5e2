import { YEAR } from '../base/units.ts'
import { type Moments, standardErrorOf } from '../stats/moments.ts'
import type { ExactService } from '../structure/exact/answer.ts'
import type { RunConfig } from './config.ts'
import type { Estimate, ExactValues } from './result.ts'

/** Time degraded of a service of parts, whatever their laws and however it is answered: it is up or down. */
export const NEVER_DEGRADED: Estimate = { mean: 0, lo: 0, hi: 0, level: 1, n: 0, method: 'exact: parts are up or down' }

/** The exact values of a service in the terms of a result: of the long run, or from all up over the horizon. */
export function exactValues(run: RunConfig, solved: ExactService): ExactValues | null {
  const { longRun, interval } = solved
  const at = (solved.at ?? []).map(({ down, hadOutage, lostMs }, i) => ({
    seconds: (run.at[i] ?? 0) / 1000,
    down,
    hadOutage,
    lostSeconds: lostMs / 1000,
  }))
  const common = { firstOutageSeconds: secondsOf(solved.firstOutageMs), at, z: null, method: methodOf(solved) }
  if (run.start === 'steady') {
    return {
      unavailability: longRun.unavailability,
      outagesPerYear: longRun.outagesPerMs * YEAR,
      meanOutageSeconds: secondsOf(longRun.meanOutageMs),
      ...common,
    }
  }
  if (interval === null) return null
  return {
    unavailability: interval.lostMs / run.horizon,
    outagesPerYear: (interval.outages * YEAR) / run.horizon,
    meanOutageSeconds: secondsOf(interval.meanOutageMs),
    ...common,
  }
}

/** Replications that lost something, below which there is no score. */
const LOSSES_MIN = 30

/**
 * The exact values beside an estimate, with how many of its standard errors the estimate is off.
 *
 * @param lost what the replications lost (ms each)
 */
export function exactBeside(run: RunConfig, solved: ExactService | null, lost: Moments): ExactValues | null {
  const exact = solved === null ? null : exactValues(run, solved)
  if (exact === null) return null
  // The error of a few losses says little: with them a score would look like a verdict.
  const error = lost.hits < LOSSES_MIN ? 0 : standardErrorOf(lost) / run.horizon
  return { ...exact, z: error > 0 ? (lost.mean / run.horizon - exact.unavailability) / error : null }
}

/** How it was found, and what of it could not be. */
export function methodOf({ method, notes, fit }: ExactService): string {
  return [fit === null ? 'exact' : 'fitted', method, ...notes].join(': ').replace(': over time', '; not over time')
}

function secondsOf(ms: number | null): number | null {
  return ms === null || !Number.isFinite(ms) ? null : ms / 1000
}
