import type { Chain } from './chain.ts'
import { poissonWeights } from './poisson.ts'
import { type Steps, step, stepsOf } from './uniform.ts'

/** Multiplications after which the law is given up on. */
const WORK_MAX = 1e8
/** Probability that may be dropped at each count. */
const DROPPED = 1e-24

/**
 * P(more than `allowed` ms of [0, time] are spent down).
 *
 * By uniformisation (de Souza e Silva and Gail 1986, IEEE Trans. Computers C-35, 322–332): with n steps in [0, time],
 * k of the n + 1 stretches between them spent down, the time down is the sum of k of n + 1 exchangeable spacings of n
 * uniform points, which exceeds `allowed` with the probability that fewer than k of n points fall below allowed / time.
 * Every term is positive.
 *
 * @returns null where a hand-over without phases can run, or the work is too much
 */
export function downtimeBeyond(
  chain: Chain,
  up: Uint8Array,
  start: Float64Array,
  time: number,
  allowed: number,
): number | null {
  if (chain.general.some((role) => role >= 0)) return null
  if (allowed >= time) return 0
  const steps = stepsOf(
    chain,
    Int32Array.from(up, (_, i) => i),
    chain.size,
  )
  const { first, weights } = poissonWeights(steps.pace * time)
  const last = first + weights.length - 1
  // A handful of counts is always carried.
  if (4 * last * (steps.size + steps.sources.length) > WORK_MAX) return null
  const counts = new VisitCounts(steps, up, start)
  let sum = 0
  for (let n = 0; n <= last; n++) {
    if (n >= first) sum += weights[n - first]! * beyondGiven(counts, n, allowed / time)
    if (n === last) break
    if (!counts.step()) return null
  }
  return sum
}

/** Distribution of (state, number of visits to down states so far). */
class VisitCounts {
  readonly #steps: Steps
  readonly #up: Uint8Array
  readonly #scratch: Float64Array
  /** By number of visits. */
  #levels: Float64Array[]
  #work = 0

  constructor(steps: Steps, up: Uint8Array, start: Float64Array) {
    this.#steps = steps
    this.#up = up
    this.#scratch = new Float64Array(steps.size)
    this.#levels = [start.map((mass, i) => (up[i] === 1 ? mass : 0)), start.map((mass, i) => (up[i] === 1 ? 0 : mass))]
  }

  /** Probability of each number of visits. */
  masses(): number[] {
    return this.#levels.map((level) => level.reduce((sum, mass) => sum + mass, 0))
  }

  /** @returns false: too much work */
  step(): boolean {
    const { size, sources } = this.#steps
    this.#work += this.#levels.length * (size + sources.length)
    if (this.#work > WORK_MAX) return false
    const next = Array.from({ length: this.#levels.length + 1 }, () => new Float64Array(size))
    this.#levels.forEach((level, k) => {
      step(this.#steps, level, this.#scratch)
      const stays = next[k]!
      const counts = next[k + 1]!
      for (let i = 0; i < size; i++) {
        if (this.#up[i] === 1) stays[i]! += this.#scratch[i]!
        else counts[i]! += this.#scratch[i]!
      }
    })
    while (next.length > 2 && next.at(-1)!.every((mass) => mass < DROPPED)) next.pop()
    this.#levels = next
    return true
  }
}

/** P(time down > share of the whole | n steps). */
function beyondGiven(counts: VisitCounts, n: number, share: number): number {
  const masses = counts.masses()
  const logMiss = Math.log1p(-share)
  // P(exactly j of n points fall below the share), for j = 0, 1, …; and their sums.
  let exactly = Math.exp(n * logMiss)
  let logExactly = n * logMiss
  let fewer = exactly
  let sum = 0
  for (let k = 1; k < masses.length; k++) {
    sum += masses[k]! * (k > n ? 1 : Math.min(1, fewer))
    logExactly += Math.log((n - k + 1) / k) + Math.log(share) - logMiss
    exactly = k > n ? 0 : Math.exp(logExactly)
    fewer += exactly
  }
  return sum
}
