import { assert } from '../../base/assert.ts'
import type { Layout } from '../exact/layout.ts'
import { Moves } from '../exact/moves.ts'
import { symmetryOf } from '../exact/symmetry.ts'

/** By how much the rates of an input are raised to see which share of a rate is its own. */
export const RAISED = 2

/** A mean that the rates of a chain hang on. */
export interface ChainInput {
  readonly input: string
  /** Of the model in which it is so many ({@link RAISED}) times shorter. */
  readonly raised: Layout
  /** By which factor it is longer in the model in which all means differ. */
  readonly factor: number
}

/** What a chain needs for the scores of its moves. */
export interface ScoredLayouts {
  readonly inputs: readonly ChainInput[]
  /** Every mean is longer by its own factor: no two groups are alike, and a rate tells by its change whose it is. */
  readonly unlike: Layout
}

/** Who finds the place of a target among the moves of a state; −1: it leads back to the state itself. */
export type PlaceOf = (to: Uint8Array) => number

/** Factors are told apart by more than this. */
const ROUNDING = 1e-9
/** The owner of a move that several inputs have a share of. */
const SHARED = -1

/** What the moves out of a state owe to the inputs. */
interface StateScores {
  /** By input: its share of all rates. */
  readonly stays: Float64Array
  /** By move: whose it is, or {@link SHARED}. */
  readonly owners: Int32Array
  /** By move that is shared: each input's share of it. */
  readonly shares: ReadonlyMap<number, Float64Array>
}

/**
 * What the moves out of a state owe to each input. A rate is a sum of terms, each in proportion to one over the mean of one
 * input, so what a rate grows by when the rates of an input are doubled is the input's term: exact, not a difference
 * quotient. From that follow the score of a move, d ln p / d ln mean = g − c / q, and of the mean stay, d ln (1/Q) / d ln
 * mean = g, where q is the rate of the move, c what the input has of it, Q the sum of all rates and g the input's share of
 * Q. Nearly all moves are one input's.
 */
export class MoveScores {
  readonly inputs: readonly string[]
  readonly #factors: readonly number[]
  readonly #unlike: Moves
  /** By input. */
  readonly #raised: readonly Moves[]
  /** By state that was looked at. */
  readonly #states: StateScores[] = []

  constructor({ inputs, unlike }: ScoredLayouts, service: number) {
    const movesOf = (layout: Layout) => new Moves(layout, symmetryOf(layout, [service]).twins)
    this.inputs = inputs.map(({ input }) => input)
    this.#factors = inputs.map(({ factor }) => factor)
    this.#unlike = movesOf(unlike)
    this.#raised = inputs.map(({ raised }) => movesOf(raised))
  }

  /** Sees a state for the first time. @param rates of its moves, in the model as it is */
  look(state: number, bytes: Uint8Array, rates: readonly number[], placeOf: PlaceOf): void {
    const total = rates.reduce((sum, rate) => sum + rate, 0)
    const unlike = ratesBy(this.#unlike, bytes, rates.length, placeOf)
    const owners = Int32Array.from(rates, (rate, place) => {
      const slower = rate / unlike[place]!
      return this.#factors.findIndex((factor) => Math.abs(slower / factor - 1) < ROUNDING)
    })
    const shares = owners.includes(SHARED) ? this.#sharesOf(bytes, rates, owners, placeOf) : NONE
    const stays = new Float64Array(this.inputs.length)
    rates.forEach((rate, place) => {
      const shared = shares.get(place)
      if (shared === undefined) stays[owners[place]!]! += rate / total
      else
        shared.forEach((share, i) => {
          stays[i]! += (share * rate) / total
        })
    })
    this.#states[state] = { stays, owners, shares }
  }

  #sharesOf(bytes: Uint8Array, rates: readonly number[], owners: Int32Array, placeOf: PlaceOf) {
    const shares = new Map<number, Float64Array>()
    owners.forEach((owner, place) => {
      if (owner === SHARED) shares.set(place, new Float64Array(this.inputs.length))
    })
    this.#raised.forEach((moves, i) => {
      const raised = ratesBy(moves, bytes, rates.length, placeOf)
      for (const [place, of] of shares) of[i] = (raised[place]! / rates[place]! - 1) / (RAISED - 1)
    })
    return shares
  }

  /** A visit of this length on average: adds to each product what the derivative of its own time comes to. */
  stay(state: number, length: number, scores: Float64Array, products: Float64Array): void {
    const { stays } = this.#states[state]!
    for (let i = 0; i < scores.length; i++) products[i]! += length * (scores[i]! + stays[i]!)
  }

  /** A move by its place among those of a state: adds its scores. */
  move(state: number, place: number, scores: Float64Array): void {
    const { stays, owners, shares } = this.#states[state]!
    for (let i = 0; i < scores.length; i++) scores[i]! += stays[i]!
    const owner = owners[place]!
    if (owner !== SHARED) {
      scores[owner]! -= 1
      return
    }
    const shared = shares.get(place)
    assert(shared !== undefined, 'a shared move has its shares')
    for (let i = 0; i < scores.length; i++) scores[i]! -= shared[i]!
  }
}

const NONE: ReadonlyMap<number, Float64Array> = new Map()

/** The rates of the moves out of a state, by their places. */
function ratesBy(moves: Moves, bytes: Uint8Array, count: number, placeOf: PlaceOf): Float64Array {
  const rates = new Float64Array(count)
  moves.from(bytes, {
    move: (to, rate) => {
      const place = placeOf(to)
      if (place >= 0) rates[place]! += rate
    },
    handedOver: () => {},
  })
  return rates
}
