import type { Chain } from './chain.ts'
import { type ComplexRow, ShiftedRates, type Sparse, zeros } from './complex-solve.ts'
import { inOrderOf } from './in-order.ts'
import { type Complex, over, times } from './transform.ts'
import { lastStep } from './uniform.ts'

/** Nodes of the contour, half of which are the conjugates of the others: each number is checked by the one before. */
const NODES = [24, 32]
/** How many are more, where that is not enough, than would cross the real axis at the saddle. */
const NODES_MORE = [16, 32, 48]
/** Relative difference to the answer with fewer nodes, which is the worse by far. */
const AGREED = 1e-11

/** What is asked of a chain: whether it is down for more than `allowed` ms of [0, time]. */
export interface Downtime {
  readonly chain: Chain
  readonly up: Uint8Array
  /** Probability of each state at t = 0. */
  readonly start: Float64Array
  readonly time: number
  readonly allowed: number
}

/**
 * P(more than `allowed` of [0, time] is spent down), where a step for every event would be too many.
 *
 * By a change of clock: let U be the time spent up until `allowed` has been spent down; more than that is lost in [0, time]
 * exactly if U < time − allowed. While the clock of down time runs, each visit to the up states is an instant at which U grows,
 * so E[e^(−sU)] = a(s) exp(allowed · (Q_dd + Q_du (sI − Q_uu)^−1 Q_ud)) 1, with a(s) = π_d + π_u (sI − Q_uu)^−1 Q_ud
 * (uniformised: down states take few steps in so little time). Its inversion goes along a contour around the negative
 * real axis (Talbot's, in the form of Trefethen, Weideman and Schmelzer 2006, BIT 46, 653–670; error 3.89^−nodes); what is
 * rare has a transform as small, so that small probabilities keep their digits.
 *
 * @returns null where the numbers of nodes do not agree, or the work (multiplications) is too much
 */
export function downtimeByTransform({ chain, up, start, time, allowed }: Downtime, work: number): number | null {
  const blocks = blocksOf(chain, up, start)
  if (lastStep(blocks.pace, allowed) > work) return null
  const weights = allPoissonWeights(blocks.pace, allowed)
  const budget = { left: work }
  const transform: MaybeTransform = (s) => transformOf(blocks, weights, s, budget)
  const t = time - allowed
  const value = agreed(NODES, (nodes) => inverted(transform, t, nodes))
  if (value !== null || budget.left < 0) return value
  const saddle = saddleOf(transform, t)
  if (saddle === null) return null
  const least = 2 * Math.ceil(saddle / CROSSING / 2)
  return agreed(
    NODES_MORE.map((more) => least + more),
    (nodes) => inverted(transform, t, nodes),
  )
}

/** A transform that may not be had. */
type MaybeTransform = (s: Complex) => Complex | null

/** The first value that fewer nodes gave as well. */
function agreed(counts: readonly number[], valueBy: (nodes: number) => number | null): number | null {
  let known: number | null = null
  for (const nodes of counts) {
    const value = valueBy(nodes)
    if (value === null) return null
    if (known !== null && Math.abs(value - known) <= AGREED * Math.abs(value)) return Math.min(1, value)
    known = value
  }
  return null
}

/** Where the contour crosses the real axis, per node. */
const CROSSING = 0.5017 / 0.6407 - 0.6122
/** The golden section, and how often the search for the saddle divides by it: to one in a thousand. */
const GOLDEN = (Math.sqrt(5) - 1) / 2
const DIVISIONS = 24

/**
 * The point z = st of the positive axis at which e^z F(z / t) / z has its only minimum. With many outages in [0, time] it lies
 * far to the right: a contour that is not as wide sums numbers far larger than their sum.
 */
function saddleOf(transform: MaybeTransform, t: number): number | null {
  const height = (log: number): number | null => {
    const z = Math.exp(log)
    const at = transform({ re: z / t, im: 0 })
    return at === null ? null : z - log + Math.log(at.re)
  }
  let [low, high] = [Math.log(0.1), Math.log(1e5)]
  for (let k = 0; k < DIVISIONS; k++) {
    const step = GOLDEN * (high - low)
    const [left, right] = [height(high - step), height(low + step)]
    if (left === null || right === null) return null
    if (left < right) high = low + step
    else low = high - step
  }
  return Math.exp((low + high) / 2)
}

/** The function at t > 0 of which `transform(s)` / s is the Laplace transform. */
function inverted(transform: MaybeTransform, t: number, nodes: number): number | null {
  let sum = 0
  // Midpoints in the upper half; the lower has the conjugates.
  for (let k = 0; k < nodes / 2; k++) {
    const theta = ((2 * k + 1) * Math.PI) / nodes
    const cot = 1 / Math.tan(0.6407 * theta)
    const z = { re: nodes * (0.5017 * theta * cot - 0.6122), im: nodes * 0.2645 * theta }
    const turn = 0.5017 * (cot - 0.6407 * theta * (1 + cot * cot))
    const slope = { re: nodes * turn, im: nodes * 0.2645 }
    const size = Math.exp(z.re)
    const power = { re: size * Math.cos(z.im), im: size * Math.sin(z.im) }
    const at = transform({ re: z.re / t, im: z.im / t })
    if (at === null) return null
    // The integral is over e^z F(z) z′(θ) dθ / 2πi, with steps of 2π / nodes: the imaginary part of half of them counts twice.
    sum += times(times(power, over(at, z)), slope).im
  }
  return (2 * sum) / nodes
}

/** A chain in four blocks: rates among up states, from up to down, and the uniformised down states. */
interface Blocks {
  readonly pace: number
  readonly among: Sparse
  readonly upExits: Float64Array
  readonly lost: Sparse
  /** Probabilities of a step among down states (staying included), and from down to up. */
  readonly stays: Sparse
  readonly back: Sparse
  readonly upStart: Float64Array
  readonly downStart: Float64Array
}

function blocksOf(chain: Chain, up: Uint8Array, start: Float64Array): Blocks {
  // What is deepest goes first: the factors then have few numbers, and little is subtracted.
  const order = [...inOrderOf(chain.depths)].reverse()
  const ups = order.filter((i) => up[i] === 1)
  const downs = order.filter((i) => up[i] !== 1)
  let pace = 0
  for (const i of downs) pace = Math.max(pace, chain.exits[i]!)
  const [toUp, toDown] = [ups, downs].map((list) => {
    const numbers = new Int32Array(chain.size).fill(-1)
    list.forEach((state, number) => {
      numbers[state] = number
    })
    return numbers
  }) as [Int32Array, Int32Array]
  const stay = (i: number) => 1 - (pace === 0 ? 0 : chain.exits[i]! / pace)
  return {
    pace,
    among: blockOf(chain, ups, toUp, 1),
    upExits: Float64Array.from(ups, (i) => chain.exits[i]!),
    lost: blockOf(chain, ups, toDown, 1),
    stays: blockOf(chain, downs, toDown, pace, stay),
    back: blockOf(chain, downs, toUp, pace),
    upStart: Float64Array.from(ups, (i) => start[i]!),
    downStart: Float64Array.from(downs, (i) => start[i]!),
  }
}

/** Rates from some states to those that have numbers, over `unit`; with `diagonal`, that as well. */
function blockOf(
  { rates }: Chain,
  from: readonly number[],
  numbers: Int32Array,
  unit: number,
  diagonal?: (state: number) => number,
): Sparse {
  const starts = new Int32Array(from.length + 1)
  const columns: number[] = []
  const values: number[] = []
  from.forEach((state, row) => {
    if (diagonal !== undefined) {
      columns.push(row)
      values.push(diagonal(state))
    }
    for (let k = rates.starts[state]!; k < rates.starts[state + 1]!; k++) {
      const to = numbers[rates.columns[k]!]!
      if (to < 0) continue
      columns.push(to)
      values.push(rates.values[k]! / unit)
    }
    starts[row + 1] = columns.length
  })
  return { starts, columns: Int32Array.from(columns), values: Float64Array.from(values) }
}

/**
 * P(N = n) of a Poisson number, from none on: what is rare is due to fewer steps than usual, so none of these is left out.
 */
function allPoissonWeights(pace: number, time: number): Float64Array {
  const mean = pace * time
  const last = lastStep(pace, time)
  const weights = new Float64Array(last + 1)
  let log = -mean
  for (let n = 0; n <= last; n++) {
    weights[n] = Math.exp(log)
    log += Math.log(mean / (n + 1))
  }
  return weights
}

/** E[e^(−sU)]; null: the budget of multiplications is spent. */
function transformOf(blocks: Blocks, weights: Float64Array, s: Complex, budget: { left: number }): Complex | null {
  const { among, upExits, lost, stays, back, upStart, downStart } = blocks
  // Elimination of a matrix that is mostly zeros.
  budget.left -= upExits.length ** 3 / 10
  if (budget.left < 0) return null
  const solver = new ShiftedRates(among, upExits, s)
  const perStep = 4 * solver.work + 2 * (lost.values.length + stays.values.length + back.values.length)
  budget.left -= weights.length * perStep
  if (budget.left < 0) return null
  const away = { re: upStart.slice(), im: new Float64Array(upStart.length) }
  solver.solve(away)
  let now: ComplexRow = { re: downStart.slice(), im: new Float64Array(downStart.length) }
  addProduct(away, lost, now)
  let next = zeros(downStart.length)
  let re = 0
  let im = 0
  for (let n = 0; n < weights.length; n++) {
    for (let i = 0; i < now.re.length; i++) {
      re += weights[n]! * now.re[i]!
      im += weights[n]! * now.im[i]!
    }
    if (n === weights.length - 1) break
    for (const row of [away, next]) {
      row.re.fill(0)
      row.im.fill(0)
    }
    addProduct(now, stays, next)
    addProduct(now, back, away)
    solver.solve(away)
    addProduct(away, lost, next)
    const kept = now
    now = next
    next = kept
  }
  return { re, im }
}

/** Adds row · matrix to `into`. */
function addProduct(row: ComplexRow, { starts, columns, values }: Sparse, into: ComplexRow): void {
  for (let i = 0; i < row.re.length; i++) {
    const [x, y] = [row.re[i]!, row.im[i]!]
    if (x === 0 && y === 0) continue
    for (let k = starts[i]!; k < starts[i + 1]!; k++) {
      into.re[columns[k]!]! += x * values[k]!
      into.im[columns[k]!]! += y * values[k]!
    }
  }
}
