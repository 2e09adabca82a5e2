import type { Chain } from './chain.ts'
import { excessTime, longestLife } from './deviation.ts'
import { canLeap, Leaps, shouldLeap } from './leaps.ts'
import { Trail } from './trail.ts'
import { firstStep, lastStep, type Steps, stepsOf, timeAfterStep } from './uniform.ts'
import { Walk } from './walk.ts'

/** What a service does over time from a given start. */
export interface Course {
  /** P(down at `time`). */
  down(time: number): number
  /** Expected time down in [0, time]. */
  lost(time: number): number
  /** Expected number of outages that begin in [0, time]. */
  outages(time: number): number
  /** Expected time spent in each state over [0, `latest`]. */
  readonly occupancy: Float64Array
}

/** Long-run values that a course ends in, where they are known. */
export interface Settled {
  readonly shares: Float64Array
  readonly down: number
  /** Outages that begin per millisecond. */
  readonly outages: number
}

/** Multiplications after which a course that does not settle is given up on. */
const WORK_MAX = 4e9
const STEPS_MAX = 4_000_000
/** Looks whether it has settled are this far apart, relative to the way so far. */
const SPACING = 1.05

/**
 * Follows all states from the start by uniformisation, as far as some time asked about needs it. Times by which the
 * long run is reached need no steps: what they differ by until then solves linear equations.
 *
 * @param times all times that will be asked about (ms); the occupancy is over the last
 * @returns null when that would take too long
 */
export function courseOf(
  chain: Chain,
  up: Uint8Array,
  start: Float64Array,
  times: readonly number[],
  settled: Settled | null,
): Course | null {
  const numbers = Int32Array.from({ length: chain.size }, (_, i) => i)
  const steps = stepsOf(chain, numbers, chain.size)
  const { pace } = steps
  const watch = watchOf(chain, up)
  const latest = Math.max(...times)
  const most = lastStep(pace, latest)
  if (shouldLeap(steps, most)) return leapingCourse(steps, watch, start, latest)
  const weightOf = timeAfterStep(pace, latest)
  const downs = new Trail(settled?.down ?? null)
  const losses = new Trail(settled?.outages ?? null)
  const walk = new Walk(steps, start, { first: watch.down, second: watch.losses })
  let covered = 0
  let look = 64
  let rest: { readonly time: number; readonly excess: Float64Array } | null = null
  let life: number | null = null
  let mayEnd = settled !== null
  for (let k = 0; k <= most; k++) {
    if (k > STEPS_MAX || k * (chain.size + steps.sources.length) > WORK_MAX)
      return canLeap(steps, most) ? leapingCourse(steps, watch, start, latest) : null
    const weight = weightOf(k)
    walk.step(weight)
    covered += weight
    downs.push(walk.first)
    losses.push(walk.second)
    if (k < look) continue
    look = Math.ceil(k * SPACING)
    // Rounding makes the whole drift away from one; everything else forgets its rounding as it mixes.
    rescale(walk.mass)
    const soonest = Math.min(...times.filter((time) => lastStep(pace, time) >= k))
    const ahead = firstStep(pace, soonest) - k
    if (!mayEnd || settled === null || !downs.seemsSpent(ahead) || !losses.seemsSpent(ahead)) continue
    life ??= longestLife(chain, settled.shares)
    mayEnd = life !== null
    if (life === null || !downs.isSpent(ahead, pace * life) || !losses.isSpent(ahead, pace * life)) continue
    // What is spent until this step is in the sums already: the rest begins with the next.
    const { shares } = settled
    const excess = excessTime(
      chain,
      shares,
      walk.mass.map((mass, i) => mass - shares[i]!),
    )
    mayEnd = excess !== null
    if (excess === null) continue
    downs.cut(sumOf(watch.down, excess))
    losses.cut(sumOf(watch.losses, excess))
    rest = { time: Math.max(0, latest - covered), excess }
    break
  }
  const occupancy = walk.spent()
  if (rest !== null)
    for (let i = 0; i < chain.size; i++) occupancy[i]! += rest.time * settled!.shares[i]! + rest.excess[i]!
  return {
    down: (time) => downs.at(pace, time),
    lost: (time) => downs.integral(pace, time),
    outages: (time) => losses.integral(pace, time),
    occupancy,
  }
}

function leapingCourse(steps: Steps, watch: Watch, start: Float64Array, latest: number): Course {
  const leaps = new Leaps(steps, new Float64Array(steps.size), [watch.down, watch.losses])
  return {
    down: (time) => sumOf(watch.down, leaps.land(start, time).mass),
    lost: (time) => leaps.land(start, time).earned[0]!,
    outages: (time) => leaps.land(start, time).earned[1]!,
    occupancy: leaps.spent(start, latest),
  }
}

function rescale(mass: Float64Array): void {
  let total = 0
  for (let i = 0; i < mass.length; i++) total += mass[i]!
  for (let i = 0; i < mass.length; i++) mass[i]! /= total
}

/** Per state: whether it is down, and the rate at which the service is lost from it. */
interface Watch {
  readonly down: Float64Array
  readonly losses: Float64Array
}

function watchOf(chain: Chain, up: Uint8Array): Watch {
  const { rates, size } = chain
  const down = new Float64Array(size)
  const losses = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    if (up[i] === 0) {
      down[i] = 1
      continue
    }
    for (let k = rates.starts[i]!; k < rates.starts[i + 1]!; k++) {
      if (up[rates.columns[k]!] === 0) losses[i]! += rates.values[k]!
    }
  }
  return { down, losses }
}

function sumOf(weights: Float64Array, of: Float64Array): number {
  let sum = 0
  for (let i = 0; i < of.length; i++) sum += weights[i]! * of[i]!
  return sum
}
