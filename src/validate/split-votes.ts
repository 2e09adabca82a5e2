import { fixed, uniform } from '../engine/distribution.ts'
import { type ElectionSetting, playElections } from './election-lab.ts'

/**
 * The chance of a split vote when timeouts are uniform on a range of width 1 and every message takes `latency`: that so
 * many servers time out within one latency of the first that the others are no majority any more (Ongaro's thesis,
 * section 9.2).
 */
export function splitVoteOdds(members: number, alive: number, latency: number): number {
  const enough = alive - Math.floor(members / 2) + 1
  let odds = 0
  for (let k = enough - 1; k <= alive; k++) {
    odds += choose(alive, k) * latency ** k * (1 - latency) ** (alive - k)
  }
  return odds
}

/** The chance that the first of `servers` timeouts, uniform on a range of width 1, comes within `share` of it. */
export function firstTimeoutWithin(servers: number, share: number): number {
  return 1 - (1 - share) ** servers
}

/** How many of `count` elections over the core needed more than one term. */
export function countSplitVotes(members: number, alive: number, latency: number, seed: string, count: number): number {
  const setting: ElectionSetting = {
    members,
    alive,
    timers: { kind: 'continuous', timeout: uniform(RANGE_MS, 2 * RANGE_MS) },
    latency: fixed(latency * RANGE_MS),
    fsync: fixed(0),
    asks: 'meanwhile',
    preVote: false,
    checkQuorum: false,
    logs: 'equal',
    start: { kind: 'fresh' },
    until: 'elected',
  }
  return playElections(setting, seed, count).filter(({ terms }) => terms > 1).length
}

const RANGE_MS = 1000

function choose(n: number, k: number): number {
  let product = 1
  for (let i = 1; i <= k; i++) product *= (n - k + i) / i
  return product
}
