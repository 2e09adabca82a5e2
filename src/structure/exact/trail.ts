import { atTime, lastStep, timeAfterStep } from './uniform.ts'

/** What a trail that is cut may be wrong by, relative to its end value. */
const ERROR = 1e-13

/**
 * A number after each step of a chain. Where its end value is known the trail may be cut early, for whoever asks only
 * about times by which nothing is left of its distance from there.
 */
export class Trail {
  readonly #values: number[] = []
  readonly #end: number | null
  /** Integral of the distance from the end value, over all time after the cut; null: not cut. */
  #rest: number | null = null

  /** @param end the value it goes to; null: not known */
  constructor(end: number | null) {
    this.#end = end
  }

  push(value: number): void {
    this.#values.push(value)
  }

  /**
   * Whether nothing that counts is left of the distance `ahead` steps from now: three looks, a sixteenth of the way
   * apart, tell how fast it shrinks.
   */
  canBeCut(ahead: number): boolean {
    const end = this.#end
    const last = this.#values.length - 1
    const apart = last >> 4
    if (end === null || apart < 8) return false
    const [first, second, third] = [2, 1, 0].map((looks) => this.#values[last - looks * apart]! - end) as [
      number,
      number,
      number,
    ]
    const negligible = ERROR * Math.abs(end)
    if (Math.abs(third) <= negligible && Math.abs(second) <= 2 * negligible) return true
    // At rest, but for rounding.
    if (Math.abs(third - second) + Math.abs(second - first) <= negligible / 10) return true
    const factor = Math.max(Math.abs(third / second), Math.abs(second / first))
    return factor < 1 && Math.abs(third) * factor ** (Math.max(0, ahead) / apart) <= negligible
  }

  /** Nothing more comes. @param rest the integral of its distance from the end value over all that is to come */
  cut(rest: number): void {
    this.#rest = rest
  }

  at(pace: number, time: number): number {
    const last = this.#values.length - 1
    const beyond = this.#rest === null ? this.#values[last]! : this.#end!
    return atTime(pace, time, (k) => (k <= last ? this.#values[k]! : beyond))
  }

  /** The integral over [0, time]. */
  integral(pace: number, time: number): number {
    const weightOf = timeAfterStep(pace, time)
    const last = this.#values.length - 1
    const finish = Math.min(last, lastStep(pace, time))
    let sum = 0
    let known = 0
    for (let k = 0; k <= finish; k++) {
      sum += weightOf(k) * this.#values[k]!
      known += weightOf(k)
    }
    if (this.#rest === null || finish < last) return sum
    return sum + Math.max(0, time - known) * this.#end! + this.#rest
  }
}
