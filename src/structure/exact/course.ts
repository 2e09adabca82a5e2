import type { Chain } from './chain.ts'
import { Settling } from './settling.ts'
import { atTime, lastStep, step, stepsOf, timeAfterStep } from './uniform.ts'

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
const WORK_MAX = 2e10

/**
 * Follows all states from the start by uniformisation. Once the probability of being down and the frequency of outages
 * have come to rest, the rest of the way is the long run.
 *
 * @param latest the largest time that will be asked about (ms)
 * @returns null when that would take too long
 */
export function courseOf(
  chain: Chain,
  up: Uint8Array,
  start: Float64Array,
  latest: number,
  settled: Settled | null,
): Course | null {
  const numbers = Int32Array.from({ length: chain.size }, (_, i) => i)
  const steps = stepsOf(chain, numbers, chain.size)
  const { pace } = steps
  const lossRates = lossRatesOf(chain, up)
  const most = lastStep(pace, latest)
  const weightOf = timeAfterStep(pace, latest)
  let now: Float64Array = start.slice()
  let next: Float64Array = new Float64Array(chain.size)
  const occupancy = new Float64Array(chain.size)
  const downs: number[] = []
  const losses: number[] = []
  let covered = 0
  const settling = new Settling()
  for (let k = 0; k <= most; k++) {
    if (k * (chain.size + steps.sources.length) > WORK_MAX) return null
    let down = 0
    let loses = 0
    const weight = weightOf(k)
    for (let i = 0; i < chain.size; i++) {
      const mass = now[i]!
      occupancy[i]! += weight * mass
      if (up[i] === 0) down += mass
      else loses += mass * lossRates[i]!
    }
    covered += weight
    downs.push(down)
    losses.push(loses)
    if (settled !== null && settling.isCalm(k, down, loses)) break
    step(steps, now, next)
    const kept = now
    now = next
    next = kept
  }
  const last = downs.length - 1
  if (settled !== null && last < most) {
    const rest = Math.max(0, latest - covered)
    for (let i = 0; i < chain.size; i++) occupancy[i]! += rest * settled.shares[i]!
  }
  const integral = (values: readonly number[], final: number) => (time: number) => {
    const after = timeAfterStep(pace, time)
    const end = Math.min(last, lastStep(pace, time))
    let sum = 0
    let known = 0
    for (let k = 0; k <= end; k++) {
      const weight = after(k)
      sum += weight * values[k]!
      known += weight
    }
    return sum + Math.max(0, time - known) * (last < most ? final : 0)
  }
  return {
    down: (time) => atTime(pace, time, (k) => (k <= last ? downs[k]! : (settled?.down ?? downs[last]!))),
    lost: integral(downs, settled?.down ?? 0),
    outages: integral(losses, settled?.outages ?? 0),
    occupancy,
  }
}

/** Per state that is up: the rate at which the service is lost from it. */
function lossRatesOf(chain: Chain, up: Uint8Array): Float64Array {
  const { rates, size } = chain
  const losses = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    if (up[i] === 0) continue
    for (let k = rates.starts[i]!; k < rates.starts[i + 1]!; k++)
      if (up[rates.columns[k]!] === 0) losses[i]! += rates.values[k]!
  }
  return losses
}
