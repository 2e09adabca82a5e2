import type { ExactQuantiles } from './answer.ts'
import type { Chain } from './chain.ts'
import { FinalShape } from './final-shape.ts'
import { canLeap, isFar, Leaps, shouldLeap } from './leaps.ts'
import { quantilesBy } from './quantiles.ts'
import { meanStay, type Within, withinOf } from './stay.ts'
import { atTime, firstStep, stepsOf } from './uniform.ts'
import { Walk } from './walk.ts'

/**
 * The law of the length of an outage that begins in the given states: a phase-type law on the states that are down.
 *
 * @param entries per state: how much of all outages begins there (any scale)
 */
export function outageQuantiles(chain: Chain, up: Uint8Array, entries: Float64Array): ExactQuantiles | null {
  const begin = beginnings(chain, up, entries)
  if (begin === null) return null
  const { within, from } = begin
  if (within.kept.some((state) => chain.general[state]! >= 0)) return null
  const survival = survivalOf(chain, within, from)
  if (survival === null) return null
  const quantiles = quantilesBy((share) => survival.beyond(1 - share))
  return Number.isFinite(quantiles.p99) ? quantiles : null
}

/** The mean length of outages that begin in the given states (ms, any scale); null: there are none, or it does not settle. */
export function meanOutage(chain: Chain, up: Uint8Array, entries: Float64Array): number | null {
  const begin = beginnings(chain, up, entries)
  return begin === null ? null : meanStay(chain, begin.within, begin.from)
}

/** The states that are down, and the share of outages that begins in each; null: none begins. */
function beginnings(
  chain: Chain,
  up: Uint8Array,
  entries: Float64Array,
): { readonly within: Within; readonly from: Float64Array } | null {
  const within = withinOf(chain, (state) => up[state] === 0)
  let total = 0
  for (const state of within.kept) total += entries[state]!
  return total > 0 ? { within, from: Float64Array.from(within.kept, (state) => entries[state]! / total) } : null
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

/** Steps, and multiplications, after which a law that still has not taken its final shape is given up on. */
const STEPS_MAX = 10_000_000
const WORK_MAX = 4e9
/** The least share of outages that is asked about: the longest in a hundred. */
const TAIL = 0.01

/** The survival function of the length of an outage; it is asked about from all down to {@link TAIL}. */
function survivalOf(chain: Chain, within: Within, from: Float64Array) {
  const { numbers, kept, leaving: returns } = within
  const size = kept.length
  const steps = stepsOf(chain, numbers, size)
  const { pace } = steps
  if (pace === 0) return null
  const byLeaps = () => {
    const leaps = new Leaps(steps, returns)
    return { beyond: (probability: number) => leaps.timeUntilLeft(from, probability) }
  }
  if (shouldLeap(steps, Number.POSITIVE_INFINITY)) return byLeaps()
  const walk = new Walk(steps, from, { first: new Float64Array(size).fill(1), second: returns })
  const left: number[] = []
  // The share that ends with a step, not the share that stays: next to one, that would look calm whatever it does.
  let hazard: number | null = null
  let enough = 0
  const shape = new FinalShape(chain, within, pace)
  for (let k = 0; ; k++) {
    if (k > STEPS_MAX || k * (size + steps.sources.length) > WORK_MAX) return canLeap(steps, k) ? byLeaps() : null
    walk.step()
    const mass = walk.first
    // Far enough for the spread of the number of steps at that time.
    if (mass <= TAIL && enough === 0) enough = k + 12 * Math.sqrt(k) + 40
    if (enough > 0 && k > enough) break
    left.push(mass)
    const ends = mass > 0 ? Math.min(1, walk.second / pace / mass) : 1
    const far = () => ({ steps: Math.log(Math.max(1, mass / TAIL)) / ends, least: () => Math.min(1, TAIL / mass) })
    hazard = shape.after(k, ends, () => walk.mass, far)
    if (hazard !== null) break
    if (shape.isDeceptive && isFar(far().steps) && canLeap(steps, far().steps)) return byLeaps()
  }
  const last = left.length - 1
  // Beyond the last step of a law that has its final shape it is exponential: no need to weigh the steps, of which there may be any number.
  const keeps = Math.log1p(-(hazard ?? 0))
  const lastShare = Math.log(left[last]!) - last * keeps
  const longer = (time: number) =>
    hazard !== null && firstStep(pace, time) > last
      ? Math.exp(lastShare - pace * time * hazard)
      : atTime(pace, time, after)
  const after = (k: number) => (k <= last ? left[k]! : left[last]! * Math.exp((k - last) * keeps))
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
