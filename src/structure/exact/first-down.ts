import type { Chain } from './chain.ts'
import { inOrderOf } from './in-order.ts'
import { Leaps, shouldLeap } from './leaps.ts'
import { Settling } from './settling.ts'
import { balanceOf } from './stationary.ts'
import { atTime, lastStep, type Steps, stepsOf } from './uniform.ts'
import { Walk } from './walk.ts'

/** When a service is first down, from a given start. */
export interface FirstDown {
  /** Mean time until then (ms); infinite: never. */
  readonly mean: number
  /** P(down at some instant of [0, time]). */
  by(time: number): number
  /** P(up throughout [0, time]). */
  notBy(time: number): number
}

/**
 * The first passage into being down: exact as long as no law without phases is at work while the service is up.
 *
 * @param start probability of each state at t = 0
 * @param latest the largest time that will be asked about (ms)
 * @returns null where a hand-over without phases runs while the service is up, or it would take too long
 */
export function firstDownOf(chain: Chain, up: Uint8Array, start: Float64Array, latest: number): FirstDown | null {
  const numbers = upReachable(chain, up, start)
  for (let i = 0; i < chain.size; i++) if (numbers[i]! >= 0 && chain.general[i]! >= 0) return null
  let size = 0
  for (let i = 0; i < chain.size; i++) if (numbers[i]! >= 0) size++
  const kept = new Int32Array(size)
  const from = new Float64Array(size)
  for (let i = 0; i < chain.size; i++) {
    const number = numbers[i]!
    if (number < 0) continue
    kept[number] = i
    from[number] = start[i]!
  }
  let isUp = 0
  for (const share of from) isUp += share
  let isDown = 0
  for (let i = 0; i < chain.size; i++) if (up[i] === 0) isDown += start[i]!
  const losses = lossRates(chain, up, kept)
  const mean = isUp === 0 ? 0 : isUp * meanTime(chain, numbers, kept, from, losses)
  const steps = stepsOf(chain, numbers, kept.length)
  const most = lastStep(steps.pace, latest)
  if (shouldLeap(steps, most)) {
    const leaps = new Leaps(steps, losses)
    return {
      mean,
      by: (time) => isDown + leaps.land(from, time).gone,
      notBy: (time) => leaps.land(from, time).mass.reduce((sum, one) => sum + one, 0),
    }
  }
  const path = pathOf(steps, most, from, losses)
  if (path === null) return null
  return {
    mean,
    by: (time) => isDown + atTime(path.pace, time, path.gone),
    notBy: (time) => leftAt(path, time),
  }
}

/** Per kept state: the rate at which the service is lost from it. */
function lossRates(chain: Chain, up: Uint8Array, kept: Int32Array): Float64Array {
  const { starts, columns, values } = chain.rates
  const losses = new Float64Array(kept.length)
  for (let n = 0; n < kept.length; n++) {
    const i = kept[n]!
    const end = starts[i + 1]!
    let loss = 0
    for (let k = starts[i]!; k < end; k++) if (up[columns[k]!] === 0) loss += values[k]!
    losses[n] = loss
  }
  return losses
}

/** Numbers of the up states that are reached from the start without the service being lost. */
function upReachable(chain: Chain, up: Uint8Array, start: Float64Array): Int32Array {
  const { size } = chain
  const { starts, columns } = chain.rates
  const seen = new Uint8Array(size)
  const open: number[] = []
  for (let i = 0; i < size; i++) {
    if (up[i] === 0 || start[i] === 0) continue
    seen[i] = 1
    open.push(i)
  }
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const end = starts[state + 1]!
    for (let k = starts[state]!; k < end; k++) {
      const to = columns[k]!
      if (up[to] === 0 || seen[to] === 1) continue
      seen[to] = 1
      open.push(to)
    }
  }
  let next = 0
  const numbers = new Int32Array(size)
  for (let i = 0; i < size; i++) numbers[i] = seen[i] === 1 ? next++ : -1
  return numbers
}

/**
 * The mean by a detour that needs no subtraction: whoever loses the service starts anew at once. In the long run of
 * that chain losses come once a mean time.
 */
function meanTime(
  chain: Chain,
  numbers: Int32Array,
  kept: Int32Array,
  from: Float64Array,
  losses: Float64Array,
): number {
  if (!losses.some((rate) => rate > 0)) return Number.POSITIVE_INFINITY
  const { depths } = chain
  const { starts: rows, columns: targets, values: rates } = chain.rates
  const restart = kept.length
  const starts = new Int32Array(restart + 2)
  // As many entries as there may be, for those that start anew and those that lose the service.
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
    if (losses[i]! > 0) {
      columns[used] = restart
      values[used++] = losses[i]!
    }
    starts[i + 1] = used
  }
  for (let i = 0; i < restart; i++) {
    if (from[i] === 0) continue
    columns[used] = i
    values[used++] = from[i]!
  }
  starts[restart + 1] = used
  // Whoever starts anew comes last.
  const ordered = new Int32Array(restart + 1)
  for (let i = 0; i < restart; i++) ordered[i] = depths[kept[i]!]!
  ordered[restart] = chain.layout.entities.length + 1
  const order = inOrderOf(ordered)
  const flows = { starts, columns: columns.subarray(0, used), values: values.subarray(0, used) }
  const { weights } = balanceOf(flows, order)
  let time = 0
  let lost = 0
  for (let i = 0; i < restart; i++) {
    time += weights[i]!
    lost += weights[i]! * losses[i]!
  }
  return time / lost
}

/** Steps, and multiplications, after which a way that does not take its final shape is given up on. */
const STEPS_MAX = 1_000_000
const WORK_MAX = 4e9

interface Path {
  readonly pace: number
  /** The share that every step loses once what is left has its final shape; null: it has not come to that. */
  readonly hazard: number | null
  /** The last step that was walked. */
  readonly last: number
  /** After k steps: still up all along; down at some step. */
  readonly left: (k: number) => number
  readonly gone: (k: number) => number
}

/**
 * Walks the up states step by step. Once what is left has its final shape (quasi-stationary) every step loses the same
 * share, and the rest of the way is a power.
 */
function pathOf(steps: Steps, most: number, from: Float64Array, losses: Float64Array): Path | null {
  const { pace, size } = steps
  const walk = new Walk(steps, from, { first: new Float64Array(size).fill(1), second: losses })
  const left: number[] = []
  const gone: number[] = []
  let lost = 0
  let hazard = 0
  const settling = new Settling()
  let isCalm = false
  for (let k = 0; k <= most; k++) {
    if (k > STEPS_MAX || k * (size + steps.sources.length) > WORK_MAX) return null
    walk.step()
    const mass = walk.first
    const loses = walk.second
    left.push(mass)
    gone.push(lost)
    hazard = mass > 0 && pace > 0 ? loses / pace / mass : 0
    isCalm = settling.isCalm(k, hazard)
    // What is gone at once, as with a single part, leaves nothing to walk.
    if (isCalm || mass === 0) break
    lost += pace === 0 ? 0 : loses / pace
  }
  const last = left.length - 1
  return {
    pace,
    hazard: isCalm && hazard < 1 ? hazard : null,
    last,
    left: (k) => (k <= last ? left[k]! : left[last]! * Math.exp((k - last) * Math.log1p(-hazard))),
    gone: (k) => (k <= last ? gone[k]! : gone[last]! - left[last]! * Math.expm1((k - last) * Math.log1p(-hazard))),
  }
}

/**
 * P(still up at `time`). Where that is a rare thing it is due to fewer steps than usual, which weights around the usual
 * number leave out. So with a settled loss per step the weights are those of the steps that lose nothing, and with
 * nothing left after the last step all steps are summed.
 */
function leftAt({ pace, hazard, last, left }: Path, time: number): number {
  const mean = pace * time
  if (hazard !== null) {
    const keeps = Math.log1p(-hazard)
    const scaled = (k: number) => Math.exp(Math.log(left(Math.min(k, last))) - Math.min(k, last) * keeps)
    return Math.exp(-mean * hazard) * atTime(pace * (1 - hazard), time, scaled)
  }
  if (left(last) > 0 || mean === 0) return atTime(pace, time, left)
  let sum = 0
  let log = -mean
  for (let k = 0; k < last; k++) {
    sum += Math.exp(log) * left(k)
    log += Math.log(mean / (k + 1))
  }
  return sum
}
