import type { ExactQuantiles } from './answer.ts'
import type { Chain } from './chain.ts'
import { inOrderOf } from './in-order.ts'
import { Leaps, shouldLeap } from './leaps.ts'
import { quantilesBy } from './quantiles.ts'
import { Settling } from './settling.ts'
import { atTime, firstStep, stepsOf } from './uniform.ts'
import { Walk } from './walk.ts'

/**
 * The law of the length of an outage that begins in the given states: a phase-type law on the states that are down.
 *
 * @param entries per state: how much of all outages begins there (any scale)
 */
export function outageQuantiles(chain: Chain, up: Uint8Array, entries: Float64Array): ExactQuantiles | null {
  const numbers = new Int32Array(chain.size).fill(-1)
  let size = 0
  for (let i = 0; i < chain.size; i++) if (up[i] === 0) numbers[i] = size++
  let total = 0
  for (let i = 0; i < chain.size; i++) if (up[i] === 0) total += entries[i]!
  if (!(total > 0)) return null
  for (let i = 0; i < chain.size; i++) if (up[i] === 0 && chain.general[i]! >= 0) return null
  const from = new Float64Array(size)
  for (let i = 0; i < chain.size; i++) if (up[i] === 0) from[numbers[i]!] = entries[i]! / total
  const survival = survivalOf(chain, numbers, size, from)
  if (survival === null) return null
  const quantiles = quantilesBy((share) => survival.beyond(1 - share))
  return Number.isFinite(quantiles.p99) ? quantiles : null
}

/**
 * Mean time until the service is up again, from each state that is down (ms; 0 for states that are up). Solved by
 * sweeps from what is nearly repaired to what is not: sums of positive terms only.
 */
export function meanRest(chain: Chain, up: Uint8Array): Float64Array {
  const { rates, exits, size, depths } = chain
  const rest = new Float64Array(size)
  const down = inOrderOf(depths).filter((i) => up[i] === 0)
  for (let sweeps = 0; sweeps < 100_000; sweeps++) {
    let change = 0
    for (const i of down) {
      let sum = 1
      for (let k = rates.starts[i]!; k < rates.starts[i + 1]!; k++) sum += rates.values[k]! * rest[rates.columns[k]!]!
      const value = sum / exits[i]!
      change = Math.max(change, Math.abs(value - rest[i]!) / value)
      rest[i] = value
    }
    if (!(change > 4e-16)) break
  }
  return rest
}

/** Per state that is down: how often an outage begins there, when time is spent as in `shares`. */
export function entriesOf(chain: Chain, up: Uint8Array, shares: Float64Array): Float64Array {
  const { size } = chain
  const { starts, columns, values } = chain.rates
  const entries = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const share = shares[i]!
    if (up[i] === 0 || share === 0) continue
    const end = starts[i + 1]!
    for (let k = starts[i]!; k < end; k++) {
      const to = columns[k]!
      if (up[to] === 0) entries[to]! += share * values[k]!
    }
  }
  return entries
}

/** Per state that is down: the rate at which the service comes back. */
function returnRates({ rates, size: all }: Chain, numbers: Int32Array, size: number): Float64Array {
  const back = new Float64Array(size)
  for (let i = 0; i < all; i++) {
    const number = numbers[i]!
    if (number < 0) continue
    for (let k = rates.starts[i]!; k < rates.starts[i + 1]!; k++) {
      if (numbers[rates.columns[k]!]! < 0) back[number]! += rates.values[k]!
    }
  }
  return back
}

/** Steps, and multiplications, after which a law that still has not taken its final shape is given up on. */
const STEPS_MAX = 10_000_000
const WORK_MAX = 4e9

function survivalOf(chain: Chain, numbers: Int32Array, size: number, from: Float64Array) {
  const steps = stepsOf(chain, numbers, size)
  const { pace } = steps
  if (pace === 0) return null
  const returns = returnRates(chain, numbers, size)
  if (shouldLeap(steps, Number.POSITIVE_INFINITY)) {
    const leaps = new Leaps(steps, returns)
    return { beyond: (probability: number) => leaps.timeUntilLeft(from, probability) }
  }
  const walk = new Walk(steps, from, { first: new Float64Array(size).fill(1), second: returns })
  const left: number[] = []
  // The share that ends with a step, not the share that stays: next to one, that would look calm whatever it does.
  let hazard = 0
  let enough = 0
  const settling = new Settling()
  let isCalm = false
  for (let k = 0; ; k++) {
    if (k > STEPS_MAX || k * (size + steps.sources.length) > WORK_MAX) return null
    walk.step()
    const mass = walk.first
    // Beyond the 99th percentile, and far enough for the spread of the number of steps at that time.
    if (mass <= 0.01 && enough === 0) enough = k + 12 * Math.sqrt(k) + 40
    if (enough > 0 && k > enough) break
    left.push(mass)
    hazard = mass > 0 ? Math.min(1, walk.second / pace / mass) : 1
    isCalm = settling.isCalm(k, hazard)
    if (isCalm) break
  }
  const last = left.length - 1
  // Beyond the last step of a law that has its final shape it is exponential: no need to weigh the steps, of which there may be any number.
  const lastShare = Math.log(left[last]!) - last * Math.log1p(-hazard)
  const longer = (time: number) =>
    isCalm && firstStep(pace, time) > last ? Math.exp(lastShare - pace * time * hazard) : atTime(pace, time, after)
  const after = (k: number) => (k <= last ? left[k]! : left[last]! * Math.exp((k - last) * Math.log1p(-hazard)))
  return {
    /** The length that is exceeded with this probability (ms). */
    beyond(probability: number): number {
      let high = 1 / pace
      while (longer(high) > probability) high *= 2
      let low = 0
      for (let i = 0; i < 80; i++) {
        const middle = (low + high) / 2
        if (middle === low || middle === high) break
        if (longer(middle) > probability) low = middle
        else high = middle
      }
      return (low + high) / 2
    },
  }
}
