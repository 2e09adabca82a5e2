import type { Chain, Rows } from './chain.ts'
import { inOrderOf } from './in-order.ts'
import { type Balance, balanceOf, sweep } from './stationary.ts'

/** States of a chain that it may stay in until it leaves them for good. */
export interface Within {
  /** Per state of the chain: its number here; −1: not one of these. */
  readonly numbers: Int32Array
  /** Their states of the chain. */
  readonly kept: Int32Array
  /** Per number: the rate at which these states are left. */
  readonly leaving: Float64Array
}

/** What is not solved better than this is not known. */
const ENOUGH = 1e-10

/** Numbers the states that are marked, as they stand. */
export function withinOf(chain: Chain, isKept: (state: number) => boolean): Within {
  const numbers = new Int32Array(chain.size).fill(-1)
  const kept: number[] = []
  for (let i = 0; i < chain.size; i++) {
    if (!isKept(i)) continue
    numbers[i] = kept.length
    kept.push(i)
  }
  const { starts, columns, values } = chain.rates
  const leaving = new Float64Array(kept.length)
  kept.forEach((state, number) => {
    let sum = 0
    for (let k = starts[state]!; k < starts[state + 1]!; k++) if (numbers[columns[k]!]! < 0) sum += values[k]!
    leaving[number] = sum
  })
  return { numbers, kept: Int32Array.from(kept), leaving }
}

/**
 * Mean time until these states are left (ms; infinite: never), by a detour that needs no subtraction: whoever leaves
 * starts anew at once. In the long run of that chain somebody leaves once a mean time.
 *
 * @param from how much of it begins in which of these states (any scale)
 * @returns null: the solution does not settle
 */
export function meanStay(chain: Chain, within: Within, from: Float64Array): number | null {
  const { leaving, kept } = within
  if (!leaving.some((rate) => rate > 0)) return Number.POSITIVE_INFINITY
  const balance = balanceOf(anew(chain, within, from, leaving), orderOf(chain, kept, from))
  if (!(balance.relativeError <= ENOUGH)) return null
  const { time, lost } = totals(balance, leaving)
  return time / lost
}

/**
 * The shares of time that are spent in these states by whoever, left or called off, starts anew at once.
 *
 * @param callOff the rate at which they are called off, wherever they are
 * @returns null: the solution does not settle
 */
export function sharesOfStay(
  chain: Chain,
  within: Within,
  from: Float64Array,
  callOff: number,
): { readonly shares: Float64Array; readonly rate: number } | null {
  const { kept, leaving } = within
  const ends = leaving.map((rate) => rate + callOff)
  const balance = sweep(anew(chain, within, from, ends), orderOf(chain, kept, from))
  if (!(balance.relativeError <= ENOUGH)) return null
  const { time, lost } = totals(balance, leaving)
  return { shares: balance.weights.subarray(0, kept.length).map((weight) => weight / time), rate: lost / time }
}

/** The order of sweeps, which count in what comes first; whoever starts anew comes last. */
function orderOf(chain: Chain, kept: Int32Array, from: Float64Array): Int32Array {
  let likeliest = 0
  for (let i = 0; i < from.length; i++) if (from[i]! > from[likeliest]!) likeliest = i
  const depths = new Int32Array(kept.length + 1)
  for (let i = 0; i < kept.length; i++) depths[i] = 1 + chain.depths[kept[i]!]!
  depths[likeliest] = 0
  depths[kept.length] = chain.layout.entities.length + 2
  return inOrderOf(depths)
}

function totals({ weights }: Balance, leaving: Float64Array): { readonly time: number; readonly lost: number } {
  let time = 0
  let lost = 0
  for (let i = 0; i < leaving.length; i++) {
    time += weights[i]!
    lost += weights[i]! * leaving[i]!
  }
  return { time, lost }
}

/** The chain of these states and, last, one through which whoever leaves them goes back to where it began. */
function anew(chain: Chain, { numbers, kept }: Within, from: Float64Array, ends: Float64Array): Rows {
  const { starts: rows, columns: targets, values: rates } = chain.rates
  const restart = kept.length
  const starts = new Int32Array(restart + 2)
  // As many entries as there may be, for those that start anew and those that leave.
  const columns = new Int32Array(rates.length + 2 * restart)
  const values = new Float64Array(columns.length)
  let used = 0
  for (let i = 0; i < restart; i++) {
    const state = kept[i]!
    const end = rows[state + 1]!
    for (let k = rows[state]!; k < end; k++) {
      const to = numbers[targets[k]!]!
      if (to < 0) continue
      columns[used] = to
      values[used++] = rates[k]!
    }
    if (ends[i]! > 0) {
      columns[used] = restart
      values[used++] = ends[i]!
    }
    starts[i + 1] = used
  }
  // At the pace of the rest, so that this detour does not look like something far quicker: how fast it is does not matter.
  const pace = chain.exits.reduce((most, rate) => Math.max(most, rate), 0) / from.reduce((sum, share) => sum + share, 0)
  for (let i = 0; i < restart; i++) {
    if (from[i] === 0) continue
    columns[used] = i
    values[used++] = from[i]! * pace
  }
  starts[restart + 1] = used
  return { starts, columns: columns.subarray(0, used), values: values.subarray(0, used) }
}
