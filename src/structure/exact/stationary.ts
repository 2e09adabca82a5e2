import { assert } from '../../base/assert.ts'
import { type Rows, transposed } from './chain.ts'

/** A non-negative solution of x R = x · diag(row sums of R), up to a factor, with what is known of its error. */
export interface Balance {
  readonly weights: Float64Array
  /** Bound of the relative error of each weight that the method leaves, rounding aside. */
  readonly relativeError: number
  readonly method: string
}

/** Up to this many states elimination is quicker than sweeps, and always sure. */
const DIRECT_MAX = 400
/** Sweeps change nothing any more. */
const TOLERANCE = 2e-16
const SWEEPS_MAX = 20_000

/**
 * The balance of a chain: how much each state weighs if what flows into it flows out of it. Every state must be
 * reachable from every other. No subtraction takes part, so small weights are as exact as large ones.
 *
 * @param order states in the order of sweeps: from the likely to the unlikely
 */
export function balanceOf(flows: Rows, order: Int32Array): Balance {
  const size = flows.starts.length - 1
  return size <= DIRECT_MAX ? eliminate(flows, size) : sweep(flows, size, order)
}

/** State reduction of Grassmann, Taksar and Heyman (1985, Operations Research 33, 1107–1116). */
function eliminate(flows: Rows, size: number): Balance {
  const a = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let k = flows.starts[i]!; k < flows.starts[i + 1]!; k++) a[i * size + flows.columns[k]!]! += flows.values[k]!
  }
  // Where the last state leads: most states lead to few others, and what is zero adds nothing.
  const targets = new Int32Array(size)
  for (let n = size - 1; n > 0; n--) {
    const last = n * size
    let out = 0
    let count = 0
    for (let j = 0; j < n; j++) {
      const rate = a[last + j]!
      if (rate === 0) continue
      out += rate
      targets[count++] = j
    }
    assert(out > 0, 'every state of a chain leads to those before it')
    for (let i = 0; i < n; i++) {
      const share = a[i * size + n]! / out
      if (share === 0) continue
      a[i * size + n] = share
      const row = i * size
      for (let t = 0; t < count; t++) a[row + targets[t]!]! += share * a[last + targets[t]!]!
    }
  }
  const weights = new Float64Array(size)
  weights[0] = 1
  for (let n = 1; n < size; n++) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += weights[i]! * a[i * size + n]!
    weights[n] = sum
  }
  return { weights, relativeError: 0, method: 'state reduction (Grassmann, Taksar, Heyman)' }
}

/**
 * Gauss–Seidel sweeps. States in order of what has failed: what flows up from rarer states hardly matters, so few
 * sweeps are enough. Stops when no weight changes by more than rounding, or when the changes no longer fall; the bound
 * is that of a geometric series with the ratio last seen.
 */
function sweep(flows: Rows, size: number, order: Int32Array): Balance {
  const rows = inOrder(flows, size, order)
  const ordered = new Float64Array(size)
  ordered[0] = 1
  let change = Number.POSITIVE_INFINITY
  let ratio = 0
  let sweeps = 0
  let stuck = 0
  while (change > TOLERANCE && sweeps < SWEEPS_MAX && stuck < 4) {
    const before = change
    change = sweepOnce(rows, ordered)
    sweeps++
    ratio = before === Number.POSITIVE_INFINITY ? 0 : change / before
    // Below 1e-14 nothing but rounding is left to move.
    stuck = change < 1e-14 && ratio > 0.9 ? stuck + 1 : 0
  }
  const rest = change > TOLERANCE ? (change * ratio) / Math.max(1e-3, 1 - Math.min(ratio, 0.999)) : 0
  const weights = new Float64Array(size)
  for (let place = 0; place < size; place++) weights[order[place]!] = ordered[place]!
  return { weights, relativeError: rest, method: `Gauss–Seidel, ${sweeps} sweeps` }
}

/** What flows into states, these by their places in the order of sweeps, and what flows out of them. */
interface Inflows {
  readonly starts: Int32Array
  readonly sources: Int32Array
  readonly values: Float64Array
  readonly outs: Float64Array
}

/** Laid out as sweeps go through them, so that memory is read from one end to the other. */
function inOrder({ starts: from, columns, values: rates }: Rows, size: number, order: Int32Array): Inflows {
  const places = new Int32Array(size)
  for (let place = 0; place < size; place++) places[order[place]!] = place
  const starts = new Int32Array(size + 1)
  for (let k = 0; k < columns.length; k++) starts[places[columns[k]!]! + 1]!++
  for (let place = 0; place < size; place++) starts[place + 1]! += starts[place]!
  const next = starts.slice()
  const sources = new Int32Array(columns.length)
  const values = new Float64Array(columns.length)
  const outs = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const place = places[i]!
    let out = 0
    for (let k = from[i]!; k < from[i + 1]!; k++) {
      const to = places[columns[k]!]!
      const entry = next[to]!++
      sources[entry] = place
      // What flows back into the state that it comes from weighs nothing.
      values[entry] = to === place ? 0 : rates[k]!
      out += values[entry]!
    }
    outs[place] = out
  }
  return { starts, sources, values, outs }
}

/** Apart, so that what is compiled during one sweep serves the next. @returns the largest relative change of a weight */
function sweepOnce({ starts, sources, values, outs }: Inflows, weights: Float64Array): number {
  let change = 0
  for (let place = 1; place < weights.length; place++) {
    let sum = 0
    const end = starts[place + 1]!
    for (let k = starts[place]!; k < end; k++) sum += weights[sources[k]!]! * values[k]!
    const weight = sum / outs[place]!
    const off = Math.abs(weight - weights[place]!)
    if (off > change * weight) change = weight > 0 ? off / weight : off
    weights[place] = weight
  }
  return change
}

/** States that the process returns to for ever; null: there is more than one set of these. */
export function recurrentStates(flows: Rows, size: number): Int32Array | null {
  const backward = transposed(flows, size)
  let root = 0
  for (;;) {
    const ahead = reachable(flows, root, size)
    const behind = reachable(backward, root, size)
    const lost = firstWhere(size, (i) => ahead[i] === 1 && behind[i] === 0)
    if (lost >= 0) {
      root = lost
      continue
    }
    if (firstWhere(size, (i) => behind[i] === 0) >= 0) return null
    return Int32Array.from(range(size).filter((i) => ahead[i] === 1))
  }
}

/** The rows and columns of these states, numbered as they stand. */
export function restricted(rows: Rows, states: Int32Array, size: number): Rows {
  const numbers = new Int32Array(size).fill(-1)
  states.forEach((state, number) => {
    numbers[state] = number
  })
  const starts = new Int32Array(states.length + 1)
  const columns = new Int32Array(rows.columns.length)
  const values = new Float64Array(rows.columns.length)
  let used = 0
  for (let number = 0; number < states.length; number++) {
    const state = states[number]!
    for (let k = rows.starts[state]!; k < rows.starts[state + 1]!; k++) {
      const to = numbers[rows.columns[k]!]!
      if (to < 0) continue
      columns[used] = to
      values[used++] = rows.values[k]!
    }
    starts[number + 1] = used
  }
  return { starts, columns: columns.slice(0, used), values: values.slice(0, used) }
}

function reachable(rows: Rows, from: number, size: number): Uint8Array {
  const seen = new Uint8Array(size)
  const open = [from]
  seen[from] = 1
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (let k = rows.starts[state]!; k < rows.starts[state + 1]!; k++) {
      const to = rows.columns[k]!
      if (seen[to] === 1 || rows.values[k] === 0) continue
      seen[to] = 1
      open.push(to)
    }
  }
  return seen
}

function firstWhere(size: number, is: (i: number) => boolean): number {
  for (let i = 0; i < size; i++) if (is(i)) return i
  return -1
}

function range(size: number): number[] {
  return Array.from({ length: size }, (_, i) => i)
}
