import type { Layout } from '../exact/layout.ts'
import { Moves } from '../exact/moves.ts'
import { StateTable } from '../exact/state-table.ts'
import { Canon, symmetryOf } from '../exact/symmetry.ts'
import { AIMED, COSTLY, DOUBTING, TRUTH } from './aims.ts'
import { Importance } from './importance.ts'
import { learnValues } from './learn.ts'
import { MoveScores, type ScoredLayouts } from './move-scores.ts'
import { MoveTable } from './move-table.ts'
import { NEVER_LOST } from './nearness.ts'

/**
 * The chain of a service, states being looked at only when a walk comes by. Each then has its next states with their
 * true probabilities, and with those of the laws that a walk may be aimed by (`aims.ts`).
 */
export class LazyChain {
  readonly #layout: Layout
  readonly #moves: Moves
  readonly #canon: Canon
  readonly #importance: Importance
  readonly #node: number
  readonly #states: StateTable
  readonly #table = new MoveTable()
  /** The state in which everything is up and new; −1: there are several. */
  readonly start: number
  /** What its moves owe to each input; null: nobody asks. */
  readonly scores: MoveScores | null
  /** Per state that was looked at. */
  readonly #rates: number[] = []
  /** States that were looked at, but for the start: those that are up, and all. */
  readonly #between: number[] = []
  readonly #looked: number[] = []
  /** Per state seen. */
  readonly #guesses: number[] = []
  readonly #ups: number[] = []
  /** Per state seen when it was last learnt: the chance of a loss before the end; those seen later have guesses. */
  #learnt = new Float64Array(0)
  /** The same: how much time will be lost by the end of the cycle (ms). */
  #costs = new Float64Array(0)
  /** Per state that was looked at: how much will be lost after it (ms). */
  readonly #ahead: number[] = []
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
    this.#states = new StateTable(layout.width)
    this.#scratch = new Uint8Array(layout.width)
    const starts: number[] = []
    this.#moves.start((state) => starts.push(this.#find(state)))
    this.start = new Set(starts).size === 1 ? starts[0]! : -1
  }

  /** States seen so far. */
  get size(): number {
    return this.#states.size
  }

  /** Whether something that fails can bring the service down. */
  get canBeLost(): boolean {
    return this.#guesses[this.start]! > NEVER_LOST
  }

  isUp(state: number): boolean {
    return this.#ups[state] === 1
  }

  /** Total rate out of a state (per millisecond). */
  rateOf(state: number): number {
    if (!this.#table.has(state)) this.#look(state)
    return this.#rates[state]!
  }

  /** The place of a move by a law of `aims.ts` and a uniform number, for {@link targetAt} and {@link oddsAt}. */
  placeBy(law: number, state: number, u: number): number {
    if (!this.#table.has(state)) this.#look(state)
    return this.#table.pick(law, state, u)
  }

  /**
   * The same by the costly law: what a cycle will have lost by its end is what it has lost and what is ahead, and moves are
   * drawn in proportion to that. So once much is lost they are true.
   * @param spent lost up to the end of the stay in the state (ms)
   */
  placeByCost(spent: number, state: number, u: number): number {
    if (!this.#table.has(state)) this.#look(state)
    const ahead = this.#ahead[state]!
    const asInTruth = spent + ahead > 0 ? spent / (spent + ahead) : 1
    if (u < asInTruth) return this.#table.pick(TRUTH, state, u / asInTruth)
    return this.#table.pick(COSTLY, state, (u - asInTruth) / (1 - asInTruth))
  }

  /** Probability of a move by the costly law over the true one. */
  costOddsAt(spent: number, state: number, place: number): number {
    const ahead = this.#ahead[state]!
    if (!(spent + ahead > 0)) return 1
    return (spent + ahead * this.#table.oddsAt(COSTLY, place)) / (spent + ahead)
  }

  /** The same among the moves of its state: 0 is the first. */
  orderOf(state: number, place: number): number {
    return place - this.#table.firstOf(state)
  }

  targetAt(place: number): number {
    return this.#table.targetAt(place)
  }

  /** Probability of the move by a law over the true one. */
  oddsAt(law: number, place: number): number {
    return this.#table.oddsAt(law, place)
  }

  /**
   * Aims anew by what was seen so far. @param most states that are to be looked at even where no walk came by: where a
   * chain has no more, nothing is left to guesses
   */
  learn(most: number): void {
    // Before a loss first: there is what has to be aimed at.
    for (let state = 0; state < this.size && this.size <= most; state++) if (this.isUp(state)) this.rateOf(state)
    for (let state = 0; state < this.size && this.size <= most; state++) this.rateOf(state)
    const values = Float64Array.from(this.#guesses, (_, state) => this.#learntOf(state))
    learnValues(this.#table, this.#between, values)
    this.#learnt = values
    this.#learnCosts()
    for (const state of this.#looked) this.#aim(state)
    this.#aim(this.start)
  }

  #learnCosts(): void {
    const stays = new Float64Array(this.size)
    const down = this.#looked.filter((state) => !this.isUp(state))
    for (const state of down) stays[state] = 1 / this.#rates[state]!
    const costs = Float64Array.from(this.#guesses, (_, state) => this.#costFrom(state))
    learnValues(this.#table, this.#looked, costs, stays)
    this.#costs = costs
  }

  #aim(state: number): void {
    if (this.isUp(state)) {
      const chance = (to: number) => this.#learntOf(to)
      this.#table.aim(DOUBTING, state, chance)
      this.#table.aim(AIMED, state, chance)
    }
    this.#ahead[state] = this.#table.aim(COSTLY, state, (to) => this.#costFrom(to))
  }

  /** What will be lost from a state on: learnt, if it was seen by then, else guessed, rather too much: so walks go and see. */
  #costFrom(state: number): number {
    if (state === this.start) return 0
    return state < this.#costs.length ? this.#costs[state]! : this.#guesses[state]! * this.#importance.longestRepair
  }

  /** What is known of a state: learnt, if it was seen by then; where everything is up again the service was not lost. */
  #learntOf(state: number): number {
    if (state === this.start) return 0
    return state < this.#learnt.length ? this.#learnt[state]! : this.#guesses[state]!
  }

  #look(state: number): void {
    const bytes = new Uint8Array(this.#layout.width)
    this.#states.read(state, bytes)
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
    const total = rates.reduce((sum, rate) => sum + rate, 0)
    this.#rates[state] = total
    const chances = rates.map((rate) => rate / total)
    this.#table.keep(state, targets, chances)
    if (state !== this.start) {
      this.#looked.push(state)
      if (this.isUp(state)) this.#between.push(state)
    }
    this.#aim(state)
  }

  #find(state: Uint8Array): number {
    this.#scratch.set(state)
    this.#canon.sort(this.#scratch)
    const before = this.#states.size
    const found = this.#states.find(this.#scratch)
    if (found === before) {
      const truth = this.#moves.evaluate(this.#scratch)
      const isUp = truth.holds(this.#node)
      this.#ups.push(isUp ? 1 : 0)
      this.#guesses.push(isUp ? this.#importance.of(this.#scratch) : 1)
    }
    return found
  }
}
