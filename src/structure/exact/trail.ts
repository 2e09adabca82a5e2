import { atTime, lastStep, timeAfterStep } from './uniform.ts'

/** What a trail that is cut may be wrong by, relative to its end value. */
const ERROR = 1e-13
/** After so many lives of what lasts longest nothing is left of any start, in double precision: e^−60 = 1e−26. */
const LIVES = 60

interface Looks {
  readonly negligible: number
  readonly first: number
  readonly second: number
  readonly third: number
}

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
   * Whether nothing that counts seems to be left of the distance `ahead` steps from now: three looks, a sixteenth of the
   * way apart, tell how fast it shrinks. What is small and slow may hide behind what is large and quick: {@link isSpent}.
   */
  seemsSpent(ahead: number): boolean {
    const looks = this.#looks()
    if (looks === null) return false
    const { apart, negligible, first, second, third } = looks
    if (this.#isNothing(looks) || this.#rests(looks)) return true
    const factor = Math.max(Math.abs(third / second), Math.abs(second / first))
    return factor < 1 && Math.abs(third) * factor ** (Math.max(0, ahead) / apart) <= negligible
  }

  /**
   * Whether that holds even if all that is left were what lasts longest.
   * @param life steps in which the slowest part of any distance from the long run falls to 1/e
   */
  isSpent(ahead: number, life: number): boolean {
    const looks = this.#looks()
    if (looks === null) return false
    if (this.#isNothing(looks)) return true
    if (this.#rests(looks) && this.#values.length > LIVES * life) return true
    const distance = Math.max(Math.abs(looks.first), Math.abs(looks.second), Math.abs(looks.third))
    return distance * Math.exp(-Math.max(0, ahead) / life) <= looks.negligible
  }

  /** Its distance from the end, now and two looks before. */
  #looks() {
    const end = this.#end
    const last = this.#values.length - 1
    const apart = last >> 4
    if (end === null || apart < 8) return null
    const [first, second, third] = [2, 1, 0].map((looks) => this.#values[last - looks * apart]! - end) as [
      number,
      number,
      number,
    ]
    return { apart, negligible: ERROR * Math.abs(end), first, second, third }
  }

  #isNothing({ negligible, second, third }: Looks): boolean {
    return Math.abs(third) <= negligible && Math.abs(second) <= 2 * negligible
  }

  /** At rest, but for rounding. */
  #rests({ negligible, first, second, third }: Looks): boolean {
    return Math.abs(third - second) + Math.abs(second - first) <= negligible / 10
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
