import { type Downtime, downtimeByTransform } from './downtime-transform.ts'
import { poissonWeights } from './poisson.ts'
import { lastStep, type Steps, step, stepsOf } from './uniform.ts'

/** Probability that may be dropped at each count of visits: next to what doubles cannot hold. */
const DROPPED = 1e-280

/** Multiplications that counting visits may take before the other way is tried: a tenth of a second. */
const QUICK = 1e7

/**
 * P(more than `allowed` ms of [0, time] are spent down): by counting visits, every term of which is positive, and where that
 * takes long by a transform.
 *
 * @param work multiplications after which it is given up
 * @returns null where a hand-over without phases can run, or the work is too much
 */
export function downtimeBeyond(of: Downtime, work: number): number | null {
  const { chain, time, allowed } = of
  if (chain.general.some((role) => role >= 0)) return null
  if (allowed >= time) return 0
  return downtimeByCounting(of, Math.min(QUICK, work)) ?? downtimeByTransform(of, work) ?? downtimeByCounting(of, work)
}

/**
 * P(more than `allowed` ms of [0, time] are spent down), without hand-overs.
 *
 * By uniformisation (de Souza e Silva and Gail 1986, IEEE Trans. Computers C-35, 322–332): with n steps in [0, time],
 * k of the n + 1 stretches between them spent down, the time down is the sum of k of n + 1 exchangeable spacings of n
 * uniform points, which exceeds `allowed` with the probability that fewer than k of n points fall below allowed / time.
 * Every term is positive. What has so many visits that no n leaves a doubt is not carried on: it has exceeded.
 *
 * @returns null: the work is too much
 */
export function downtimeByCounting({ chain, up, start, time, allowed }: Downtime, work: number): number | null {
  const steps = stepsOf(
    chain,
    Int32Array.from(up, (_, i) => i),
    chain.size,
  )
  const mean = steps.pace * time
  const { first, weights } = poissonWeights(mean)
  const last = first + weights.length - 1
  // What falls below the share of `last` points is as good as Poisson, and never wider.
  const most = lastStep(steps.pace, allowed * (last / mean || 1))
  const perCount = steps.size + steps.sources.length
  // A handful of counts is always carried.
  if (Math.min(4, most) * last * perCount > work) return null
  const counts = new VisitCounts(steps, up, start, most)
  let sum = 0
  for (let n = 0, done = 0; n <= last; n++) {
    if (n >= first) sum += weights[n - first]! * beyondGiven(counts, n, allowed / time)
    if (n === last) break
    done += counts.carried * perCount
    if (done > work) return null
    counts.step()
  }
  return sum
}

/** Distribution of (state, number of visits to down states so far), up to a number of visits. */
class VisitCounts {
  readonly #steps: Steps
  readonly #up: Uint8Array
  readonly #scratch: Float64Array
  readonly #most: number
  /** By number of visits. */
  readonly #levels: Float64Array[]
  /** Probability of more visits than are ever carried. */
  beyond = 0

  constructor(steps: Steps, up: Uint8Array, start: Float64Array, most: number) {
    this.#steps = steps
    this.#up = up
    this.#scratch = new Float64Array(steps.size)
    this.#most = Math.max(1, most)
    this.#levels = [start.map((mass, i) => (up[i] === 1 ? mass : 0)), start.map((mass, i) => (up[i] === 1 ? 0 : mass))]
  }

  /** Numbers of visits that are carried: 0 to one less. */
  get carried(): number {
    return this.#levels.length
  }

  /** Probability of so many visits. */
  mass(visits: number): number {
    return this.#levels[visits]!.reduce((sum, mass) => sum + mass, 0)
  }

  /** From the most visits to none, in place: only the next number of visits takes from one, and it is done. */
  step(): void {
    const { size } = this.#steps
    const up = this.#up
    const scratch = this.#scratch
    const levels = this.#levels
    if (levels.length <= this.#most) levels.push(new Float64Array(size))
    // The last may be new and empty; what leaves it is counted with all that is beyond.
    for (let k = levels.length - 1; k >= 0; k--) {
      const stays = levels[k]!
      const counts = levels[k + 1]
      step(this.#steps, stays, scratch)
      for (let i = 0; i < size; i++) {
        if (up[i] === 1) stays[i] = scratch[i]!
        else if (counts === undefined) this.beyond += scratch[i]!
        else counts[i] = scratch[i]!
      }
    }
    while (levels.length > 2 && levels.at(-1)!.every((mass) => mass < DROPPED)) levels.pop()
  }
}

/** P(time down > share of the whole | n steps). */
function beyondGiven(counts: VisitCounts, n: number, share: number): number {
  const logMiss = Math.log1p(-share)
  const logOdds = Math.log(share) - logMiss
  // P(exactly j of n points fall below the share), for j = 0, 1, …; and their sums.
  let exactly = Math.exp(n * logMiss)
  let logExactly = n * logMiss
  let fewer = exactly
  let sum = counts.beyond
  for (let k = 1; k < counts.carried; k++) {
    sum += counts.mass(k) * (k > n ? 1 : Math.min(1, fewer))
    logExactly += Math.log((n - k + 1) / k) + logOdds
    exactly = k > n ? 0 : Math.exp(logExactly)
    fewer += exactly
  }
  return sum
}
