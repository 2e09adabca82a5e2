import type { Chain } from './chain.ts'
import { excessTime } from './deviation.ts'
import { Trail } from './trail.ts'
import { firstStep, lastStep, step, stepsOf, timeAfterStep } from './uniform.ts'

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
const STEPS_MAX = 1_000_000
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
  const weightOf = timeAfterStep(pace, latest)
  const downs = new Trail(settled?.down ?? null)
  const losses = new Trail(settled?.outages ?? null)
  const occupancy = new Float64Array(chain.size)
  let now: Float64Array = start.slice()
  let next: Float64Array = new Float64Array(chain.size)
  let covered = 0
  let look = 64
  for (let k = 0; k <= most; k++) {
    if (k > STEPS_MAX || k * (chain.size + steps.sources.length) > WORK_MAX) return null
    const weight = weightOf(k)
    for (let i = 0; i < chain.size; i++) occupancy[i]! += weight * now[i]!
    covered += weight
    downs.push(sumOver(watch.down, null, now))
    losses.push(sumOver(watch.exits, watch.rates, now))
    if (k >= look) {
      look = Math.ceil(k * SPACING)
      // Rounding makes the whole drift away from one; everything else forgets its rounding as it mixes.
      rescale(now)
      const soonest = Math.min(...times.filter((time) => lastStep(pace, time) >= k))
      const ahead = firstStep(pace, soonest) - k
      if (settled !== null && downs.canBeCut(ahead) && losses.canBeCut(ahead)) {
        // What is spent in this step is in the sums already: the rest begins where the next would.
        step(steps, now, next)
        const { shares } = settled
        const excess = excessTime(
          chain,
          shares,
          next.map((mass, i) => mass - shares[i]!),
        )
        if (excess !== null) {
          downs.cut(sumOver(watch.down, null, excess))
          losses.cut(sumOver(watch.exits, watch.rates, excess))
          const rest = Math.max(0, latest - covered)
          for (let i = 0; i < chain.size; i++) occupancy[i]! += rest * shares[i]! + excess[i]!
          break
        }
      }
    }
    step(steps, now, next)
    const kept = now
    now = next
    next = kept
  }
  return {
    down: (time) => downs.at(pace, time),
    lost: (time) => downs.integral(pace, time),
    outages: (time) => losses.integral(pace, time),
    occupancy,
  }
}

function rescale(mass: Float64Array): void {
  let total = 0
  for (let i = 0; i < mass.length; i++) total += mass[i]!
  for (let i = 0; i < mass.length; i++) mass[i]! /= total
}

/** States that are down, and states from which the service is lost, with the rate at which it is. */
function watchOf(chain: Chain, up: Uint8Array) {
  const { rates, size } = chain
  const down: number[] = []
  const exits: number[] = []
  const lossRates: number[] = []
  for (let i = 0; i < size; i++) {
    if (up[i] === 0) {
      down.push(i)
      continue
    }
    let loss = 0
    for (let k = rates.starts[i]!; k < rates.starts[i + 1]!; k++) {
      if (up[rates.columns[k]!] === 0) loss += rates.values[k]!
    }
    if (loss === 0) continue
    exits.push(i)
    lossRates.push(loss)
  }
  return { down: Int32Array.from(down), exits: Int32Array.from(exits), rates: Float64Array.from(lossRates) }
}

function sumOver(states: Int32Array, factors: Float64Array | null, of: Float64Array): number {
  let sum = 0
  if (factors === null) for (let s = 0; s < states.length; s++) sum += of[states[s]!]!
  else for (let s = 0; s < states.length; s++) sum += of[states[s]!]! * factors[s]!
  return sum
}
