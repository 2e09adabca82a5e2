import type { Layout } from '../exact/layout.ts'
import { Moves } from '../exact/moves.ts'
import { StateTable } from '../exact/state-table.ts'
import { Canon, symmetryOf } from '../exact/symmetry.ts'
import { Importance } from './importance.ts'
import { MoveScores, type ScoredLayouts } from './move-scores.ts'
import { NEVER_LOST } from './nearness.ts'

/** Share of the true probabilities in the biased ones: no step is biased against by more than its inverse. */
const DEFENSIVE = 0.03

/**
 * The chain of a service, states being looked at only when a walk comes by. Each then has its next states with their
 * true probabilities, and with biased ones: in proportion to the true probability times the importance of where it
 * leads, which would make every walk tell the same if the importance were right (zero variance), mixed with a little
 * of the truth.
 */
export class LazyChain {
  readonly #layout: Layout
  readonly #moves: Moves
  readonly #canon: Canon
  readonly #importance: Importance
  readonly #node: number
  readonly #table: StateTable
  /** The state in which everything is up and new; −1: there are several. */
  readonly start: number
  /** What its moves owe to each input; null: nobody asks. */
  readonly scores: MoveScores | null
  /** Per state that was looked at. */
  readonly #firsts: number[] = []
  readonly #counts: number[] = []
  readonly #rates: number[] = []
  /** Per state seen. */
  readonly #values: number[] = []
  readonly #ups: number[] = []
  #targets = new Int32Array(4096)
  #true = new Float64Array(4096)
  #biased = new Float64Array(4096)
  #ratios = new Float64Array(4096)
  #used = 0
  readonly #scratch: Uint8Array

  constructor(layout: Layout, service: number, scored: ScoredLayouts | null = null) {
    // What may be exchanged where no two groups are alike may be exchanged whatever an input's mean is.
    const symmetry = symmetryOf(scored?.unlike ?? layout, [service])
    this.scores = scored === null ? null : new MoveScores(scored, service)
    const { compiled } = layout
    this.#layout = layout
    this.#moves = new Moves(layout, symmetry.twins)
    this.#canon = new Canon(layout, symmetry)
    this.#importance = new Importance(layout, compiled.model.services[service]!.condition)
    this.#node = compiled.services[service]!.node
    this.#table = new StateTable(layout.width)
    this.#scratch = new Uint8Array(layout.width)
    const starts: number[] = []
    this.#moves.start((state) => starts.push(this.#find(state)))
    this.start = new Set(starts).size === 1 ? starts[0]! : -1
  }

  /** States seen so far. */
  get size(): number {
    return this.#table.size
  }

  /** Whether something that fails can bring the service down. */
  get canBeLost(): boolean {
    return this.#values[this.start]! > NEVER_LOST
  }

  isUp(state: number): boolean {
    return this.#ups[state] === 1
  }

  /** Total rate out of a state (per millisecond). */
  rateOf(state: number): number {
    if (this.#counts[state] === undefined) this.#look(state)
    return this.#rates[state]!
  }

  /** The place of a move by the true probabilities and a uniform number, for {@link targetAt}. */
  truePlace(state: number, u: number): number {
    return this.#pick(this.#true, state, u)
  }

  /** The same among the moves of its state: 0 is the first. */
  orderOf(state: number, place: number): number {
    return place - this.#firsts[state]!
  }

  /** A place by the biased probabilities, for {@link targetAt} and {@link ratioAt}. */
  biasedPlace(state: number, u: number): number {
    return this.#pick(this.#biased, state, u)
  }

  targetAt(place: number): number {
    return this.#targets[place]!
  }

  /** True over biased probability of the move. */
  ratioAt(place: number): number {
    return this.#ratios[place]!
  }

  #pick(cumulative: Float64Array, state: number, u: number): number {
    if (this.#counts[state] === undefined) this.#look(state)
    let low = this.#firsts[state]!
    let high = low + this.#counts[state]! - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (u < cumulative[middle]!) high = middle
      else low = middle + 1
    }
    return low
  }

  #look(state: number): void {
    const bytes = new Uint8Array(this.#layout.width)
    this.#table.read(state, bytes)
    const targets: number[] = []
    const rates: number[] = []
    this.#moves.from(bytes, {
      move: (to, rate) => {
        const found = this.#find(to)
        const place = targets.indexOf(found)
        if (found === state) return
        if (place >= 0) rates[place]! += rate
        else {
          targets.push(found)
          rates.push(rate)
        }
      },
      handedOver: () => {},
    })
    this.#keep(state, targets, rates)
    this.scores?.look(state, bytes, rates, (to) => targets.indexOf(this.#find(to)))
  }

  #keep(state: number, targets: readonly number[], rates: readonly number[]): void {
    const count = targets.length
    while (this.#used + count > this.#targets.length) this.#grow()
    const total = rates.reduce((sum, rate) => sum + rate, 0)
    const weighted = targets.reduce((sum, to, i) => sum + rates[i]! * this.#values[to]!, 0)
    const first = this.#used
    let truth = 0
    let bias = 0
    for (let i = 0; i < count; i++) {
      const probability = rates[i]! / total
      const aimed = (rates[i]! * this.#values[targets[i]!]!) / weighted
      const biased = DEFENSIVE * probability + (1 - DEFENSIVE) * aimed
      truth += probability
      bias += biased
      this.#targets[first + i] = targets[i]!
      this.#true[first + i] = truth
      this.#biased[first + i] = bias
      this.#ratios[first + i] = probability / biased
    }
    this.#used += count
    this.#firsts[state] = first
    this.#counts[state] = count
    this.#rates[state] = total
  }

  #find(state: Uint8Array): number {
    this.#scratch.set(state)
    this.#canon.sort(this.#scratch)
    const before = this.#table.size
    const found = this.#table.find(this.#scratch)
    if (found === before) {
      const truth = this.#moves.evaluate(this.#scratch)
      const isUp = truth.holds(this.#node)
      this.#ups.push(isUp ? 1 : 0)
      this.#values.push(isUp ? this.#importance.of(this.#scratch) : 1)
    }
    return found
  }

  #grow(): void {
    const wider = (array: Float64Array) => {
      const next = new Float64Array(array.length * 2)
      next.set(array)
      return next
    }
    const targets = new Int32Array(this.#targets.length * 2)
    targets.set(this.#targets)
    this.#targets = targets
    this.#true = wider(this.#true)
    this.#biased = wider(this.#biased)
    this.#ratios = wider(this.#ratios)
  }
}
