import type { Chain } from './chain.ts'
import { FEW, poissonWeights } from './poisson.ts'

/**
 * Part of a chain as a discrete one: one step per event of a Poisson process of rate `pace` (per millisecond). Rows
 * hold where a state is come to from, so that a step gathers and writes each state once.
 */
export interface Steps {
  readonly pace: number
  /** Number of states of the part. */
  readonly size: number
  readonly starts: Int32Array
  readonly sources: Int32Array
  /** Probabilities; what a state lacks to one leaves the part. */
  readonly values: Float64Array
  readonly stays: Float64Array
}

/** Uniformises the states of a chain that are kept (numbers ≥ 0, without gaps); the rest counts as left for good. */
export function stepsOf(chain: Chain, numbers: Int32Array, size: number): Steps {
  const { exits } = chain
  const { starts: rows, columns, values: flows } = chain.rates
  let pace = 0
  for (let i = 0; i < chain.size; i++) if (numbers[i]! >= 0) pace = Math.max(pace, exits[i]!)
  const starts = new Int32Array(size + 1)
  const stays = new Float64Array(size)
  for (let i = 0; i < chain.size; i++) {
    if (numbers[i]! < 0) continue
    stays[numbers[i]!] = pace === 0 ? 1 : 1 - exits[i]! / pace
    const end = rows[i + 1]!
    for (let k = rows[i]!; k < end; k++) {
      const to = numbers[columns[k]!]!
      if (to >= 0) starts[to + 1]!++
    }
  }
  for (let i = 0; i < size; i++) starts[i + 1]! += starts[i]!
  const places = starts.slice()
  const sources = new Int32Array(starts[size]!)
  const values = new Float64Array(starts[size]!)
  for (let i = 0; i < chain.size; i++) {
    const from = numbers[i]!
    if (from < 0) continue
    const end = rows[i + 1]!
    for (let k = rows[i]!; k < end; k++) {
      const to = numbers[columns[k]!]!
      if (to < 0) continue
      const place = places[to]!++
      sources[place] = from
      values[place] = flows[k]! / pace
    }
  }
  return { pace, size, starts, sources, values, stays }
}

/** One step: `into` becomes the distribution after it. */
export function step(steps: Steps, from: Float64Array, into: Float64Array): void {
  const { starts, sources, values, stays, size } = steps
  let k = 0
  for (let i = 0; i < size; i++) {
    let mass = from[i]! * stays[i]!
    for (const end = starts[i + 1]!; k < end; k++) mass += from[sources[k]!]! * values[k]!
    into[i] = mass
  }
}

/** A number after each step, from step 0 on; after the last kept it stays or changes by a known rule. */
export type AfterSteps = (k: number) => number

/** The number at a time, given what it is after each step. */
export function atTime(pace: number, time: number, after: AfterSteps): number {
  const { first, weights } = poissonWeights(pace * time)
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * after(first + i)
  return sum
}

/**
 * Expected time in [0, time] between step k and the next, per k: P(N > k) / pace with N Poisson. The integral of a
 * number over [0, time] is the sum of these times its values after k steps.
 */
export function timeAfterStep(pace: number, time: number): (k: number) => number {
  if (pace === 0) return (k) => (k === 0 ? time : 0)
  const { first, weights } = poissonWeights(pace * time)
  const tails = new Float64Array(weights.length)
  for (let i = weights.length - 2; i >= 0; i--) tails[i] = tails[i + 1]! + weights[i + 1]!
  return (k) => (k < first ? 1 : (tails[k - first] ?? 0)) / pace
}

/** Ten standard deviations: beyond them Poisson weights are left out, and a little more where there are few steps. */
const FAR = 10

/** The step after which a Poisson process of this rate is not at `time`, for all that counts. */
export function lastStep(pace: number, time: number): number {
  const mean = pace * time
  return mean === 0 ? 0 : Math.ceil(mean + FAR * Math.sqrt(mean) + FEW)
}

/** The step before which a Poisson process of this rate is not at `time`, for all that counts. */
export function firstStep(pace: number, time: number): number {
  const mean = pace * time
  return Math.max(0, Math.floor(mean - FAR * Math.sqrt(mean)))
}
