import { AIMED, COSTLY, DOUBTING, TRUTH } from './aims.ts'

/** In so many moves that are aimed with doubt the truth is followed: none is biased against by more than its inverse. */
const DOUBT = 0.03
/** What aimed moves have of the truth, by law. */
const OF_TRUTH = [1, DOUBT, 0, 0] as const
const LAWS = [TRUTH, DOUBTING, AIMED, COSTLY]

/** The moves out of the states that were looked at, with their probabilities by each law of `aims.ts`. */
export class MoveTable {
  /** By state. */
  readonly #firsts: number[] = []
  readonly #counts: number[] = []
  /** By place. */
  #targets = new Int32Array(4096)
  #chances = new Float64Array(4096)
  /** By law: probabilities, added up over the moves of a state. */
  readonly #sums = LAWS.map(() => new Float64Array(4096))
  /** By law: its probability over the true one. */
  readonly #odds = LAWS.map(() => new Float64Array(4096).fill(1))
  #used = 0

  has(state: number): boolean {
    return this.#counts[state] !== undefined
  }

  firstOf(state: number): number {
    return this.#firsts[state]!
  }

  countOf(state: number): number {
    return this.#counts[state]!
  }

  targetAt(place: number): number {
    return this.#targets[place]!
  }

  /** True probability of a move. */
  chanceAt(place: number): number {
    return this.#chances[place]!
  }

  /** How much likelier a move is by a law than in truth. */
  oddsAt(law: number, place: number): number {
    return this.#odds[law]![place]!
  }

  /** A place by a law and a uniform number. */
  pick(law: number, state: number, u: number): number {
    const sums = this.#sums[law]!
    let low = this.#firsts[state]!
    let high = low + this.#counts[state]! - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (u < sums[middle]!) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Keeps the moves of a state, aimed at nothing yet. @param chances true probabilities */
  keep(state: number, targets: readonly number[], chances: readonly number[]): void {
    while (this.#used + targets.length > this.#targets.length) this.#grow()
    const first = this.#used
    let sum = 0
    targets.forEach((target, i) => {
      sum += chances[i]!
      this.#targets[first + i] = target
      this.#chances[first + i] = chances[i]!
      for (const sums of this.#sums) sums[first + i] = sum
    })
    this.#used += targets.length
    this.#firsts[state] = first
    this.#counts[state] = targets.length
  }

  /**
   * Aims the moves of a state by a law: in proportion to their true probability times the value of where they lead, which
   * would make every walk tell the same if the values were right (zero variance: L'Ecuyer and Tuffin 2008).
   *
   * @returns the mean value of where they lead
   */
  aim(law: number, state: number, worth: (state: number) => number): number {
    const first = this.#firsts[state]!
    const end = first + this.#counts[state]!
    const sums = this.#sums[law]!
    const odds = this.#odds[law]!
    const truth = OF_TRUTH[law]!
    let mean = 0
    for (let place = first; place < end; place++) mean += this.#chances[place]! * worth(this.#targets[place]!)
    let sum = 0
    for (let place = first; place < end; place++) {
      // Where no move leads to anything they stay as they are.
      odds[place] = mean === 0 ? 1 : truth + ((1 - truth) * worth(this.#targets[place]!)) / mean
      sum += this.#chances[place]! * odds[place]!
      sums[place] = sum
    }
    return mean
  }

  #grow(): void {
    const size = this.#targets.length * 2
    const wider = (array: Float64Array) => {
      const next = new Float64Array(size).fill(1)
      next.set(array)
      return next
    }
    const targets = new Int32Array(size)
    targets.set(this.#targets)
    this.#targets = targets
    this.#chances = wider(this.#chances)
    for (const of of [this.#sums, this.#odds])
      of.forEach((array, law) => {
        of[law] = wider(array)
      })
  }
}
