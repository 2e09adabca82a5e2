import type { Estimate } from '../../stats/interval.ts'
import { ratioInterval } from '../../stats/ratio.ts'
import type { CycleSums } from './cycles.ts'

/**
 * The mean time from a random instant of the long run to the next loss, 0 while the service is down: by renewal reward
 * (m E[A] + E[B]) / E[L], L being the length of a cycle, A its time up that no loss comes after, from the end of which it is
 * another m, and B the integral over its time up of how long it is until the next loss or the end of the cycle.
 *
 * @param fresh m: the mean time to the first loss from everything up and new (ms)
 * @returns limits of m and of the two ratios put together (MOVER; Donner and Zou 2012); those of the ratios, which come from
 * the same cycles and rise together where repairs last long, are added
 */
export function firstLossInLongRun(fresh: Estimate, { open, waits, cycleLengths }: CycleSums): Estimate {
  // No cycle is known to be longer: what all of one could come to.
  const share = ratioInterval(open, { ceiling: cycleLengths.max })
  const within = ratioInterval(waits)
  // One cycle tells no ratio.
  if (share === undefined || within === undefined) return { ...fresh, lo: 0, hi: null }
  const mean = fresh.mean * share.mean + within.mean
  const down = fresh.mean * (share.mean - share.lo) + within.mean - within.lo
  const up = fresh.mean * rise(share) + rise(within)
  const hi = mean + Math.hypot(share.mean * rise(fresh), up)
  return {
    ...fresh,
    mean,
    lo: Math.max(0, mean - Math.hypot(share.mean * (fresh.mean - fresh.lo), down)),
    hi: Number.isFinite(hi) ? hi : null,
  }
}

function rise({ mean, hi }: Estimate): number {
  return hi === null ? Number.POSITIVE_INFINITY : hi - mean
}
