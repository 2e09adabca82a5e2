import { poissonWeights } from './poisson.ts'
import { lastStep, type Steps, step, timeAfterStep } from './uniform.ts'

/** Chains up to this size leap whenever they have far to go; to a time this many steps away somewhat larger ones, too. */
const SIZE_ALWAYS = 128
const SIZE_MAX = 320
const FAR = 1_000_000
/** Multiplications that leaps may take, where nothing else does: some seconds. */
const WORK_MAX = 2e9
/** So few steps are walked as they are. */
const NEAR = 64
/** What has not left after so many leaps, each twice as long as the one before, never does. */
const LEAPS_MAX = 500

/** What a chain does over a span of time, from each state that it may begin in. */
interface Leap {
  /** Probability to be in each state then, a row per beginning. */
  readonly moves: Float64Array
  /** Probability to have left for good. */
  readonly gone: Float64Array
  /** What is expected to be earned meanwhile, per kind. */
  readonly earned: readonly Float64Array[]
}

/** Where a chain is after some time. */
export interface Landing {
  readonly mass: Float64Array
  /** Probability to have left for good. */
  readonly gone: number
  /** What is expected to have been earned on the way, per kind. */
  readonly earned: readonly number[]
}

/** Whether to leap rather than to walk so many steps (infinite: not known how many). */
export function shouldLeap(steps: Steps, most: number): boolean {
  if (!(steps.pace > 0) || most <= NEAR) return false
  const { size } = steps
  return size <= SIZE_ALWAYS || (size <= SIZE_MAX && isFar(most) && Number.isFinite(most))
}

/** Whether so many steps take longer than leaps. */
export function isFar(steps: number): boolean {
  return steps > FAR
}

/** Whether that can be afforded where a walk does not come to rest. */
export function canLeap({ size, pace }: Steps, most: number): boolean {
  return pace > 0 && size ** 3 * Math.log2(1 + most) <= WORK_MAX
}

/**
 * A chain's way to any time, however many steps that takes: transition probabilities over one mean step, over two, four,
 * eight and so on, each the square of the one before. A second and a century may stand side by side in a model, and
 * nothing has to be taken for settled.
 *
 * All sums are of positive terms, and what a row lacks to one is put back, so that what is rare keeps all its digits.
 */
export class Leaps {
  readonly #steps: Steps
  /** Per state, per millisecond: what leaves for good, and what is earned of each kind. */
  readonly #leaving: Float64Array
  readonly #earning: readonly Float64Array[]
  readonly #leaps: Leap[] = []

  constructor(steps: Steps, leaving: Float64Array, earning: readonly Float64Array[] = []) {
    this.#steps = steps
    this.#leaving = leaving
    this.#earning = earning
  }

  /** Where the chain is after a time (ms). */
  land(start: Float64Array, time: number): Landing {
    const legs = this.#legs(time)
    let { mass, gone, earned } = this.#stroll(start, legs.rest)
    for (const leg of legs.leaps) {
      const leap = this.#leap(leg)
      gone += dot(mass, leap.gone)
      earned = earned.map((sum, kind) => sum + dot(mass, leap.earned[kind]!))
      mass = times(mass, leap.moves)
    }
    return { mass, gone, earned }
  }

  /** Expected time spent in each state over [0, time]. */
  spent(start: Float64Array, time: number): Float64Array {
    const legs = this.#legs(time)
    const spent = new Float64Array(start.length)
    let { mass } = this.#stroll(start, legs.rest, spent)
    for (const leg of legs.leaps) {
      // The time over a leap is that over its first half, from both where it begins and where that half ends.
      let whence = mass
      for (let half = leg - 1; half >= 0; half--) whence = plus(whence, times(whence, this.#leap(half).moves))
      this.#stroll(whence, 1, spent)
      mass = times(mass, this.#leap(leg).moves)
    }
    return spent
  }

  /** The time after which no more than this share of the start has not left for good; infinite: never. */
  timeUntilLeft(start: Float64Array, share: number): number {
    let leg = 0
    while (total(times(start, this.#leap(leg).moves)) > share) if (++leg > LEAPS_MAX) return Number.POSITIVE_INFINITY
    let mass = start
    let steps = 0
    for (leg--; leg >= 0; leg--) {
      const next = times(mass, this.#leap(leg).moves)
      if (total(next) <= share) continue
      mass = next
      steps += 2 ** leg
    }
    let low = 0
    let high = 1
    for (let i = 0; i < 80 && low < high; i++) {
      const middle = (low + high) / 2
      if (middle === low || middle === high) break
      if (total(this.#stroll(mass, middle).mass) > share) low = middle
      else high = middle
    }
    return (steps + (low + high) / 2) / this.#steps.pace
  }

  /** A time as a part of a mean step and leaps, the longest first. */
  #legs(time: number): { readonly rest: number; readonly leaps: readonly number[] } {
    const all = time * this.#steps.pace
    const whole = Math.floor(all)
    const leaps: number[] = []
    let left = whole
    for (let leg = whole > 0 ? Math.floor(Math.log2(whole)) + 1 : -1; leg >= 0; leg--) {
      if (left < 2 ** leg) continue
      left -= 2 ** leg
      leaps.push(leg)
    }
    return { rest: all - whole, leaps }
  }

  /** The way over no more than one mean step, by uniformisation. @param spent gets the time in each state added */
  #stroll(start: Float64Array, meanSteps: number, spent?: Float64Array): Landing {
    const { pace, size } = this.#steps
    const timeAfter = timeAfterStep(pace, meanSteps / pace)
    const { first, weights } = poissonWeights(meanSteps)
    const mass = new Float64Array(size)
    const earned = this.#earning.map(() => 0)
    let gone = 0
    let now = start.slice()
    let next = new Float64Array(size)
    const last = lastStep(pace, meanSteps / pace)
    for (let k = 0; k <= last; k++) {
      const weight = weights[k - first] ?? 0
      const time = meanSteps === 0 ? 0 : timeAfter(k)
      for (let i = 0; i < size; i++) mass[i]! += weight * now[i]!
      if (spent !== undefined) for (let i = 0; i < size; i++) spent[i]! += time * now[i]!
      gone += time * dot(now, this.#leaving)
      this.#earning.forEach((rates, kind) => {
        earned[kind]! += time * dot(now, rates)
      })
      step(this.#steps, now, next)
      ;[now, next] = [next, now]
    }
    return { mass, gone, earned }
  }

  #leap(leg: number): Leap {
    while (this.#leaps.length <= leg) {
      const before = this.#leaps.at(-1)
      this.#leaps.push(before === undefined ? this.#first() : twice(before))
    }
    return this.#leaps[leg]!
  }

  #first(): Leap {
    const { size } = this.#steps
    const moves = new Float64Array(size * size)
    const gone = new Float64Array(size)
    const earned = this.#earning.map(() => new Float64Array(size))
    for (let i = 0; i < size; i++) {
      const alone = new Float64Array(size)
      alone[i] = 1
      const landing = this.#stroll(alone, 1)
      moves.set(landing.mass, i * size)
      gone[i] = landing.gone
      landing.earned.forEach((sum, kind) => {
        earned[kind]![i] = sum
      })
    }
    return completed({ moves, gone, earned })
  }
}

function twice({ moves, gone, earned }: Leap): Leap {
  const size = gone.length
  const squared = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    const row = i * size
    for (let k = 0; k < size; k++) {
      const share = moves[row + k]!
      if (share === 0) continue
      const from = k * size
      for (let j = 0; j < size; j++) squared[row + j]! += share * moves[from + j]!
    }
  }
  const doubled = (sums: Float64Array) => plus(sums, againstRows(moves, sums))
  return completed({ moves: squared, gone: doubled(gone), earned: earned.map(doubled) })
}

/** Puts back what rounding took from the rows: where a chain seldom leaves, its share that stays would drift away. */
function completed(leap: Leap): Leap {
  const { moves, gone } = leap
  const size = gone.length
  for (let i = 0; i < size; i++) {
    if (gone[i]! > 0.5) continue
    const row = moves.subarray(i * size, (i + 1) * size)
    const factor = (1 - gone[i]!) / total(row)
    for (let j = 0; j < size; j++) row[j]! *= factor
  }
  return leap
}

/** A row of numbers times a matrix. */
function times(row: Float64Array, matrix: Float64Array): Float64Array {
  const size = row.length
  const product = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const share = row[i]!
    if (share === 0) continue
    const from = i * size
    for (let j = 0; j < size; j++) product[j]! += share * matrix[from + j]!
  }
  return product
}

/** A matrix times a column of numbers. */
function againstRows(matrix: Float64Array, column: Float64Array): Float64Array {
  const size = column.length
  return Float64Array.from(column, (_, i) => dot(matrix.subarray(i * size, (i + 1) * size), column))
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((one, i) => one + b[i]!)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function total(numbers: Float64Array): number {
  let sum = 0
  for (const one of numbers) sum += one
  return sum
}
