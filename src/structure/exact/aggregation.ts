import { eliminated } from './elimination.ts'

/** What flows into states, these by their places in the order of sweeps, and what flows out of them. */
export interface Inflows {
  readonly starts: Int32Array
  readonly sources: Int32Array
  readonly values: Float64Array
  readonly outs: Float64Array
}

/** Up to this many aggregates their balance is found by elimination. */
const DIRECT_MAX = 100
/** Cycles after which it is given up, and the correction below which nothing but rounding is left. */
const CYCLES_MAX = 200
const ROUNDING = 4e-15
/** Cycles in a row that bring nothing. */
const STUCK_MAX = 6
/** Weights are kept above what doubles cannot divide by. */
const LEAST = 1e-280

/**
 * The balance of a chain in which some states exchange far more than others (seconds beside years), where sweeps alone
 * hardly move what goes to and fro between clusters: iterative aggregation (Takahashi 1975; on many levels Horton and
 * Leutenegger 1994, SIGMETRICS 22, 191–200). States that exchange most of what they have are taken as one, with the
 * weights they have so far; what flows between such aggregates is a chain of its own, half as large, solved the same
 * way, and corrects their weights. All sums are of positive terms, and flows within an aggregate take no part in the
 * balance between them, so what is slow keeps all its digits.
 *
 * @param weights where to begin; corrected in place
 * @returns the largest relative correction of the last cycle
 */
export function balanceByAggregates(flows: Inflows, weights: Float64Array): { error: number; cycles: number } {
  for (let i = 0; i < weights.length; i++) weights[i] = Math.max(LEAST, weights[i]!)
  let best = Number.POSITIVE_INFINITY
  let stuck = 0
  let error = best
  let cycles = 0
  for (; cycles < CYCLES_MAX && stuck < STUCK_MAX && error > ROUNDING; cycles++) {
    error = cycle(flows, weights)
    stuck = error < best / 2 ? 0 : stuck + 1
    best = Math.min(best, error)
  }
  return { error, cycles }
}

/** @returns the largest relative change of a weight */
function cycle(flows: Inflows, weights: Float64Array): number {
  const size = weights.length
  const before = weights.slice()
  if (size <= DIRECT_MAX) {
    weights.set(eliminated(dense(flows), size))
    return change(before, weights)
  }
  smooth(flows, weights)
  const { count, of } = pairs(flows, weights)
  if (count < size) {
    const { coarse, sums } = aggregated(flows, weights, of, count)
    // Twice, so that what the next levels leave is little.
    const corrected = new Float64Array(count).fill(1)
    corrected.set(sums)
    cycle(coarse, corrected)
    if (count > DIRECT_MAX) cycle(coarse, corrected)
    for (let i = 0; i < size; i++) weights[i]! *= corrected[of[i]!]! / sums[of[i]!]!
  }
  smooth(flows, weights)
  return change(before, weights)
}

function dense({ starts, sources, values }: Inflows): Float64Array {
  const size = starts.length - 1
  const rates = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let k = starts[i]!; k < starts[i + 1]!; k++) rates[sources[k]! * size + i]! += values[k]!
  return rates
}

/** Scales both to the same sum. @returns the largest relative difference */
function change(before: Float64Array, after: Float64Array): number {
  let [a, b] = [0, 0]
  for (let i = 0; i < after.length; i++) {
    a += before[i]!
    b += after[i]!
  }
  let most = 0
  for (let i = 0; i < after.length; i++) {
    after[i]! *= a / b
    most = Math.max(most, Math.abs(after[i]! - before[i]!) / after[i]!)
  }
  return most
}

/** A sweep there and one back. */
function smooth({ starts, sources, values, outs }: Inflows, weights: Float64Array): void {
  const size = weights.length
  for (let place = 0; place < 2 * size; place++) {
    const i = place < size ? place : 2 * size - 1 - place
    let sum = 0
    for (let k = starts[i]!; k < starts[i + 1]!; k++) sum += weights[sources[k]!]! * values[k]!
    weights[i] = Math.max(LEAST, sum / outs[i]!)
  }
}

/** Every state and the one that it exchanges most with, relative to what either has. */
function pairs({ starts, sources, values, outs }: Inflows, weights: Float64Array): { count: number; of: Int32Array } {
  const size = weights.length
  const strongest = new Float64Array(size)
  const partner = new Int32Array(size).fill(-1)
  const strength = (k: number, to: number) => {
    const from = sources[k]!
    const flow = weights[from]! * values[k]!
    // What is exchanged, as a share of all that the smaller of the two has.
    return flow / Math.min(weights[from]! * outs[from]!, weights[to]! * outs[to]!)
  }
  const of = new Int32Array(size).fill(-1)
  for (let to = 0; to < size; to++) {
    for (let k = starts[to]!; k < starts[to + 1]!; k++) {
      const from = sources[k]!
      if (from === to) continue
      const link = strength(k, to)
      if (link > strongest[to]!) {
        strongest[to] = link
        partner[to] = from
      }
      if (link > strongest[from]!) {
        strongest[from] = link
        partner[from] = to
      }
    }
  }
  let count = 0
  for (let i = 0; i < size; i++) {
    const other = partner[i]!
    if (of[i]! >= 0 || other < 0 || of[other]! >= 0) continue
    of[i] = count
    of[other] = count++
  }
  // Whose partner has one already joins it there.
  for (let i = 0; i < size; i++) if (of[i]! < 0) of[i] = partner[i]! >= 0 ? of[partner[i]!]! : count++
  return { count, of }
}

/** The chain of the aggregates, as their states are weighted now. */
function aggregated({ starts, sources, values }: Inflows, weights: Float64Array, of: Int32Array, count: number) {
  const size = weights.length
  const sums = new Float64Array(count)
  const members = new Int32Array(count + 1)
  for (let i = 0; i < size; i++) {
    sums[of[i]!]! += weights[i]!
    members[of[i]! + 1]!++
  }
  for (let a = 0; a < count; a++) members[a + 1]! += members[a]!
  const next = members.slice()
  const list = new Int32Array(size)
  for (let i = 0; i < size; i++) list[next[of[i]!]!++] = i
  const into = new Int32Array(count + 1)
  const from = new Int32Array(sources.length)
  const rates = new Float64Array(sources.length)
  const outs = new Float64Array(count)
  const entry = new Int32Array(count).fill(-1)
  let used = 0
  for (let a = 0; a < count; a++) {
    const first = used
    for (let m = members[a]!; m < members[a + 1]!; m++) {
      const i = list[m]!
      for (let k = starts[i]!; k < starts[i + 1]!; k++) {
        const source = of[sources[k]!]!
        if (source === a) continue
        const rate = (weights[sources[k]!]! * values[k]!) / sums[source]!
        if (entry[source]! < first) {
          entry[source] = used
          from[used] = source
          rates[used++] = 0
        }
        rates[entry[source]!]! += rate
        outs[source]! += rate
      }
    }
    into[a + 1] = used
  }
  return { coarse: { starts: into, sources: from.subarray(0, used), values: rates.subarray(0, used), outs }, sums }
}
