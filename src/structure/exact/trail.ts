import { atTime, lastStep, timeAfterStep } from './uniform.ts'

/** What a trail that is cut may be wrong by, relative to its end value. */
const ERROR = 1e-13

/**
 * A number after each step of a chain. Where its end value is known the trail may be cut early: once its distance from
 * there shrinks by one factor a step, as it does when only the slowest mode is left, the rest is a power.
 */
export class Trail {
  readonly #values: number[] = []
  readonly #end: number | null
  #ratio = 0
  #isCut = false

  /** @param end the value it goes to; null: not known */
  constructor(end: number | null) {
    this.#end = end
  }

  push(value: number): void {
    this.#values.push(value)
  }

  /**
   * Whether what follows is known well enough: three looks, a sixteenth of the way apart, give the same factor but for
   * a difference that, times the distance left, does not count.
   */
  canBeCut(): boolean {
    const end = this.#end
    const last = this.#values.length - 1
    const apart = last >> 4
    if (end === null || apart < 8) return false
    const [first, second, third] = [2, 1, 0].map((looks) => this.#values[last - looks * apart]! - end) as [
      number,
      number,
      number,
    ]
    this.#ratio = 0
    const negligible = ERROR * Math.abs(end)
    if (Math.abs(third) <= negligible && Math.abs(second) <= 2 * negligible) return true
    // At rest, but for rounding.
    if (Math.abs(third - second) + Math.abs(second - first) <= negligible / 10) return true
    const factor = third / second
    if (!(factor > 0 && factor < 1)) return false
    this.#ratio = factor ** (1 / apart)
    return Math.abs(factor / (second / first) - 1) * Math.abs(third) <= negligible
  }

  /** Nothing more comes: what follows is the power. */
  cut(): void {
    this.#isCut = true
  }

  after(k: number): number {
    const last = this.#values.length - 1
    if (k <= last) return this.#values[k]!
    if (!this.#isCut) return this.#values[last]!
    return this.#end! + (this.#values[last]! - this.#end!) * this.#ratio ** (k - last)
  }

  at(pace: number, time: number): number {
    return atTime(pace, time, (k) => this.after(k))
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
    if (!this.#isCut || finish < last) return sum
    const distance = this.#values[last]! - this.#end!
    return sum + Math.max(0, time - known) * this.#end! + distance * this.powersBeyond(weightOf)
  }

  /** Σ weight(k) factor^(k − last) over the steps k after the cut. */
  powersBeyond(weightOf: (k: number) => number): number {
    const last = this.#values.length - 1
    let sum = 0
    for (let k = last + 1, power = this.#ratio; power > 1e-18; k++, power *= this.#ratio) {
      const weight = weightOf(k)
      if (weight === 0) break
      sum += weight * power
    }
    return sum
  }
}
