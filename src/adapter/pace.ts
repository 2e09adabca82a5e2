/** So many restarts before the first trial; one more before each of the others, so that they meet the machine as those do. */
export const FIRST_RESTARTS = 5
/** A few restarts say little of their spread: it is taken to be at least this (of the logarithm). */
const LEAST_SIGMA = 0.25

/** What was learnt of a cluster's pace, as `--set` takes it. */
export interface Pace {
  readonly path: string
  readonly value: string
}

/** How long a balancer takes to start, from restarts (ms). */
export function paceOf(starts: readonly number[]): readonly Pace[] {
  return starts.length === 0 ? [] : [{ path: 'load-balancer.start', value: lawOfStarts(starts) }]
}

/**
 * A lognormal law for the next start by those that were seen, as a model writes it: the mean of their logarithms, and
 * their standard deviation widened by the mean's own uncertainty.
 */
export function lawOfStarts(starts: readonly number[]): string {
  const logs = starts.map(Math.log)
  const n = logs.length
  const mu = logs.reduce((sum, x) => sum + x, 0) / n
  const variance = logs.reduce((sum, x) => sum + (x - mu) ** 2, 0) / Math.max(1, n - 1)
  const sigma = Math.max(LEAST_SIGMA, Math.sqrt(variance * (1 + 1 / n)))
  const median = Math.exp(mu)
  // The 95th percentile of a standard normal is 1.6449.
  return `lognormal(median ${median.toFixed(1)}ms, p95 ${(median * Math.exp(1.6449 * sigma)).toFixed(1)}ms)`
}
