import type { Chain } from './chain.ts'
import { FinalShape } from './final-shape.ts'
import { canLeap, isFar, Leaps, shouldLeap } from './leaps.ts'
import { meanStay, type Within, withinOf } from './stay.ts'
import { atTime, lastStep, type Steps, stepsOf } from './uniform.ts'
import { Walk } from './walk.ts'

/** When a service is first down, from a given start. */
export interface FirstDown {
  /** Mean time until then (ms); infinite: never. */
  readonly mean: number
  /** null: it would take too long. */
  readonly law: {
    /** P(down at some instant of [0, time]). */
    by(time: number): number
    /** P(up throughout [0, time]). */
    notBy(time: number): number
  } | null
}

/**
 * The first passage into being down: exact as long as no law without phases is at work while the service is up.
 *
 * @param start probability of each state at t = 0
 * @param latest the largest time that will be asked about (ms)
 * @returns null where a hand-over without phases runs while the service is up, or equations do not settle
 */
export function firstDownOf(chain: Chain, up: Uint8Array, start: Float64Array, latest: number): FirstDown | null {
  const reached = upReachable(chain, up, start)
  const within = withinOf(chain, (state) => reached[state] === 1)
  const { numbers, kept, leaving: losses } = within
  if (kept.some((state) => chain.general[state]! >= 0)) return null
  let isUp = 0
  let isDown = 0
  for (let i = 0; i < chain.size; i++) {
    if (up[i] === 0) isDown += start[i]!
    else isUp += start[i]!
  }
  const from = Float64Array.from(kept, (state) => start[state]!)
  const stay = isUp === 0 ? 0 : meanStay(chain, within, from)
  if (stay === null) return null
  const mean = isUp === 0 ? 0 : isUp * stay
  if (mean === Number.POSITIVE_INFINITY) return { mean, law: { by: () => isDown, notBy: () => isUp } }
  const steps = stepsOf(chain, numbers, kept.length)
  const most = lastStep(steps.pace, latest)
  const path = shouldLeap(steps, most) ? 'far' : pathOf(chain, within, steps, most, from)
  if (path === null) return { mean, law: null }
  if (path === 'far') {
    const leaps = new Leaps(steps, losses)
    return {
      mean,
      law: {
        by: (time) => isDown + leaps.land(from, time).gone,
        notBy: (time) => leaps.land(from, time).mass.reduce((sum, one) => sum + one, 0),
      },
    }
  }
  return {
    mean,
    law: { by: (time) => isDown + atTime(path.pace, time, path.gone), notBy: (time) => leftAt(path, time) },
  }
}

/** The up states that are reached from the start without the service being lost. */
function upReachable(chain: Chain, up: Uint8Array, start: Float64Array): Uint8Array {
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
  return seen
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
 *
 * @returns `far`: leaps are the better way; null: neither can be afforded
 */
function pathOf(chain: Chain, within: Within, steps: Steps, most: number, from: Float64Array): Path | 'far' | null {
  const { pace, size } = steps
  const losses = within.leaving
  const walk = new Walk(steps, from, { first: new Float64Array(size).fill(1), second: losses })
  const left: number[] = []
  const gone: number[] = []
  let lost = 0
  let hazard: number | null = null
  const shape = new FinalShape(chain, within, pace)
  for (let k = 0; k <= most; k++) {
    if (k > STEPS_MAX || k * (size + steps.sources.length) > WORK_MAX) return canLeap(steps, most) ? 'far' : null
    walk.step()
    const mass = walk.first
    const loses = walk.second
    left.push(mass)
    gone.push(lost)
    // What is gone at once, as with a single part, leaves nothing to walk.
    if (mass === 0) break
    const loss = pace === 0 ? 0 : loses / pace
    hazard = shape.after(
      k,
      loss / mass,
      () => walk.mass,
      () => ({ steps: most - k, least: (perStep) => Math.min(perStep, Math.exp((most - k) * Math.log1p(-perStep))) }),
    )
    if (hazard !== null) break
    if (shape.isDeceptive && isFar(most - k) && canLeap(steps, most)) return 'far'
    lost += loss
  }
  const last = left.length - 1
  // Without a final shape nothing is asked about beyond the last step.
  const keeps = Math.log1p(-(hazard ?? 0))
  return {
    pace,
    hazard,
    last,
    left: (k) => (k <= last ? left[k]! : left[last]! * Math.exp((k - last) * keeps)),
    gone: (k) => (k <= last ? gone[k]! : gone[last]! - left[last]! * Math.expm1((k - last) * keeps)),
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
