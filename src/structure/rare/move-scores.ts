import type { Layout } from '../exact/layout.ts'
import { Moves } from '../exact/moves.ts'
import { symmetryOf } from '../exact/symmetry.ts'

/** By how much the rates of an input are raised to see which share of every rate is its own. */
export const RAISED = 2

/** A mean that the rates of a chain hang on, and the layout of the model in which it is so many ({@link RAISED}) times shorter. */
export interface RaisedInput {
  readonly input: string
  readonly layout: Layout
}

/** Who finds the place of a target among the moves of a state; −1: it leads back to the state itself. */
export type PlaceOf = (to: Uint8Array) => number

/**
 * What the moves out of a state owe to each input. A rate is a sum of terms, each in proportion to one over the mean of one
 * input, so what a rate grows by when the rates of an input are doubled is the input's term: exact, not a difference
 * quotient. From that follow the score of a move, d ln p / d ln mean = g − c / q, and of the mean stay, d ln (1/Q) / d ln
 * mean = g, where q is the rate of the move, c what the input has of it, Q the sum of all rates and g the input's share of
 * Q.
 */
export class MoveScores {
  readonly inputs: readonly string[]
  readonly #moves: readonly Moves[]
  /** Per state that was looked at: by input its share of all rates, then by move and input its share of the move. */
  readonly #shares: Float64Array[] = []

  constructor(raised: readonly RaisedInput[], service: number) {
    this.inputs = raised.map(({ input }) => input)
    this.#moves = raised.map(({ layout }) => new Moves(layout, symmetryOf(layout, [service]).twins))
  }

  /** Sees a state for the first time. @param rates of its moves, in the model as it is */
  look(state: number, bytes: Uint8Array, rates: readonly number[], placeOf: PlaceOf): void {
    const count = this.inputs.length
    const total = rates.reduce((sum, rate) => sum + rate, 0)
    const shares = new Float64Array(count * (1 + rates.length))
    for (let i = 0; i < count; i++) {
      const raised = new Float64Array(rates.length)
      this.#moves[i]!.from(bytes, {
        move: (to, rate) => {
          const place = placeOf(to)
          if (place >= 0) raised[place]! += rate
        },
        handedOver: () => {},
      })
      for (let place = 0; place < rates.length; place++) {
        const own = (raised[place]! - rates[place]!) / (RAISED - 1)
        shares[i]! += own / total
        shares[count * (1 + place) + i] = own / rates[place]!
      }
    }
    this.#shares[state] = shares
  }

  /** A visit of this length on average: adds to each product what the derivative of its own time comes to. */
  stay(state: number, length: number, scores: Float64Array, products: Float64Array): void {
    const shares = this.#shares[state]!
    for (let i = 0; i < scores.length; i++) products[i]! += length * (scores[i]! + shares[i]!)
  }

  /** A move by its place among those of a state: adds its scores. */
  move(state: number, place: number, scores: Float64Array): void {
    const shares = this.#shares[state]!
    const first = scores.length * (1 + place)
    for (let i = 0; i < scores.length; i++) scores[i]! += shares[i]! - shares[first + i]!
  }
}
