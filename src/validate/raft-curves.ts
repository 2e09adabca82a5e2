import { type Distribution, fixed, uniform } from '../engine/distribution.ts'
import type { ElectionSetting } from './election-lab.ts'
import type { Curve, Reference } from './expected.ts'

/** Raft as in the paper: no pre-vote, no leases, one timer of a real number of milliseconds. */
const PLAIN = { preVote: false, checkQuorum: false, asks: 'meanwhile' } as const

/** The thesis' simulated wide-area cluster with 0, 1 or 2 of its five servers failed. */
export function wanSetting(failed: number): ElectionSetting {
  return {
    ...PLAIN,
    members: 5,
    alive: 5 - failed,
    timers: { kind: 'continuous', timeout: uniform(300, 600) },
    latency: uniform(30, 40),
    fsync: fixed(0),
    logs: 'equal',
    start: { kind: 'fresh' },
    until: 'elected',
  }
}

/**
 * Fitted, not measured: one way uniform on 1 to 5 ms, and 2 ms until a vote is durable, while a candidate already asks.
 * The thesis tells but a broadcast time of about 15 ms. The fit is to medians and 90th percentiles of the six curves whose
 * timeouts are at least 25 ms apart.
 */
const FITTED_LATENCY: Distribution = uniform(1, 5)
/** See {@link FITTED_LATENCY} (ms). */
const FITTED_FSYNC_MS = 2

/** The thesis' measured cluster on a local network, timeouts uniform on low to high (ms). */
export function lanSetting(low: number, high: number, latency: Distribution = FITTED_LATENCY): ElectionSetting {
  return {
    ...PLAIN,
    members: 5,
    alive: 4,
    timers: { kind: 'continuous', timeout: uniform(low, high) },
    latency,
    fsync: fixed(FITTED_FSYNC_MS),
    logs: 'unequal',
    start: { kind: 'crash', heartbeatMs: low / 2 },
    until: 'heard',
  }
}

/** Elections with etcd's timers: 100 ms ticks, ten to nineteen of them; 1 ms one way, 1 ms fsync before asking. */
export function tickSetting(
  members: number,
  lease: boolean,
  preVote: boolean,
  since: 'heartbeat' | 'crash',
): ElectionSetting {
  return {
    members,
    alive: members - 1,
    timers: { kind: 'ticks', tickMs: 100, electionTicks: 10 },
    latency: fixed(1),
    fsync: fixed(1),
    asks: 'after-write',
    preVote,
    checkQuorum: lease,
    logs: 'equal',
    start: since === 'crash' ? { kind: 'crash', heartbeatMs: 100 } : { kind: 'fresh' },
    until: 'elected',
  }
}

/**
 * The first timeout of all but one of `members` with etcd's timers, from the leader's last word: a phase and whole ticks
 * together are uniform on 9 to 19 ticks, so that this is the least of independent uniforms.
 */
export function firstTimeout(members: number): Reference {
  const survivors = members - 1
  const quantile = (p: number) => 900 + 1000 * (1 - (1 - p) ** (1 / survivors))
  return {
    mean: 900 + 1000 / (survivors + 1),
    quantiles: [0.1, 0.5, 0.9, 0.99].map((p) => [p, quantile(p)] as const),
    elections: Number.POSITIVE_INFINITY,
  }
}

/** Share of an ascending sample that is at most `limit`. */
function shareUpTo(sorted: readonly number[], limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! <= limit) low = middle + 1
    else high = middle
  }
  return low / sorted.length
}

/** Largest distance of an ascending sample's distribution function to a curve, at the points where that is known. */
export function distanceTo(sorted: readonly number[], curve: Curve): number {
  return Math.max(...curve.map(([p, at]) => Math.abs(shareUpTo(sorted, at) - p)))
}

/** Largest deviation from a reference in standard errors, of the mean, each quantile's share and the split votes. */
export function deviationFrom(sorted: readonly number[], splits: number, of: Reference): number {
  const n = sorted.length
  const scale = Math.sqrt(1 / n + 1 / of.elections)
  const mean = meanOf(sorted)
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  const share = (seen: number, p: number) => Math.abs(seen - p) / (Math.sqrt(p * (1 - p)) * scale)
  return Math.max(
    Math.abs(mean - of.mean) / (Math.sqrt(variance) * scale),
    ...of.quantiles.map(([p, at]) => share(shareUpTo(sorted, at), p)),
    of.split === undefined ? 0 : share(splits / n, of.split),
  )
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The quantile of an ascending sample. */
export function quantileOf(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]!
}
