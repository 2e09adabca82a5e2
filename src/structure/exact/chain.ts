import type { Layout } from './layout.ts'
import { type MoveSink, Moves } from './moves.ts'
import { isPlain, PlainMoves } from './plain-moves.ts'
import { StateTable } from './state-table.ts'
import { Canon, type Symmetry, symmetryOf } from './symmetry.ts'

/** Rows of numbers with few entries each: row i holds `columns[starts[i]] … columns[starts[i + 1] − 1]`. */
export interface Rows {
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly values: Float64Array
}

/** A module as a Markov chain whose states stand for all that differ only by exchanges of like members. */
export interface Chain {
  readonly layout: Layout
  readonly moves: Moves
  readonly size: number
  /** Bytes of state i at i · `layout.width`. */
  readonly states: Uint8Array
  /** Rates of transitions to other states (per millisecond). */
  readonly rates: Rows
  /** Per state: the sum of its rates. */
  readonly exits: Float64Array
  /** Per state: the role whose hand-over, of a law without phases, is under way; −1: none. */
  readonly general: Int8Array
  /** Where such a hand-over leads when it ends: probabilities. */
  readonly handOvers: Rows
  /** The states in which all is up and new, with probabilities. */
  readonly start: readonly { readonly state: number; readonly probability: number }[]
  /** Per state: the number of entities that are not up. */
  readonly depths: Int32Array
}

/** How far a chain is explored. */
export interface Limits {
  /** States, at most. */
  readonly states: number
  /** Entities that are not up at once, at most: failures beyond are left out. Infinite: all. */
  readonly depth: number
}

export type Explored =
  | { readonly kind: 'chain'; readonly chain: Chain }
  | { readonly kind: 'too-large'; readonly states: number }
  | { readonly kind: 'overlap' }

/**
 * Follows every transition from the start until no new state is found, or there are too many.
 * @param symmetry what may be exchanged, where that is known better than from the layout
 */
export function explore(
  layout: Layout,
  services: readonly number[],
  limits: Limits,
  symmetry: Symmetry = symmetryOf(layout, services),
): Explored {
  const moves = new Moves(layout, symmetry.twins)
  return new Explorer(layout, symmetry, moves).run(limits)
}

class Explorer {
  readonly #layout: Layout
  readonly #moves: Moves
  /** Tells where states lead. */
  readonly #ahead: { from(state: Uint8Array, sink: MoveSink): void }
  readonly #canon: Canon
  readonly #table: StateTable
  readonly #rates = new GrowingRows()
  readonly #handOvers = new GrowingRows()
  readonly #scratch: Uint8Array
  #from = 0

  constructor(layout: Layout, symmetry: Symmetry, moves: Moves) {
    this.#layout = layout
    this.#moves = moves
    this.#ahead = isPlain(layout) ? new PlainMoves(layout, symmetry.twins) : moves
    this.#canon = new Canon(layout, symmetry)
    this.#table = new StateTable(layout.width)
    this.#scratch = new Uint8Array(layout.width)
  }

  run({ states: most, depth }: Limits): Explored {
    const start: { state: number; probability: number }[] = []
    this.#moves.start((state, probability) => {
      const found = this.#find(state)
      const known = start.find((one) => one.state === found)
      if (known === undefined) start.push({ state: found, probability })
      else known.probability += probability
    })
    const sink = {
      move: (to: Uint8Array, rate: number) => {
        if (depth < Number.POSITIVE_INFINITY && this.#depthOf(to) > depth) return
        const found = this.#find(to)
        if (found !== this.#from) this.#rates.add(found, rate)
      },
      handedOver: (to: Uint8Array, probability: number) => this.#handOvers.add(this.#find(to), probability),
    }
    const general: number[] = []
    const depths: number[] = []
    const state = new Uint8Array(this.#layout.width)
    for (let i = 0; i < this.#table.size; i++) {
      if (this.#table.size > most) return { kind: 'too-large', states: this.#table.size }
      this.#table.read(i, state)
      const role = this.#moves.roles.general(state)
      if (role === -2) return { kind: 'overlap' }
      general.push(role)
      depths.push(this.#depthOf(state))
      this.#from = i
      this.#ahead.from(state, sink)
      this.#rates.endRow()
      this.#handOvers.endRow()
    }
    return { kind: 'chain', chain: this.#chain(start, general, depths) }
  }

  #depthOf(state: Uint8Array): number {
    const { entities, stride } = this.#layout
    let depth = 0
    for (let e = 0; e < entities.length; e++) if (state[e * stride]! >= entities[e]!.waits) depth++
    return depth
  }

  #find(state: Uint8Array): number {
    if (this.#canon.isTrivial) return this.#table.find(state)
    this.#scratch.set(state)
    this.#canon.sort(this.#scratch)
    return this.#table.find(this.#scratch)
  }

  #chain(start: Chain['start'], general: readonly number[], depths: readonly number[]): Chain {
    const size = this.#table.size
    const rates = this.#rates.rows()
    const exits = new Float64Array(size)
    const { starts, values } = rates
    for (let i = 0; i < size; i++) {
      const end = starts[i + 1]!
      let exit = 0
      for (let k = starts[i]!; k < end; k++) exit += values[k]!
      exits[i] = exit
    }
    return {
      layout: this.#layout,
      moves: this.#moves,
      size,
      states: this.#table.bytes(),
      rates,
      exits,
      general: Int8Array.from(general),
      handOvers: this.#handOvers.rows(),
      start,
      depths: Int32Array.from(depths),
    }
  }
}

/** Rows under construction; entries of a row to one column are added up. */
class GrowingRows {
  #columns = new Int32Array(1024)
  #values = new Float64Array(1024)
  /** Per column: where its last entry is. */
  #places = new Int32Array(1024)
  #used = 0
  #rowFrom = 0
  readonly #starts: number[] = [0]

  add(column: number, value: number): void {
    const places = column < this.#places.length ? this.#places : this.#widen(column)
    const known = places[column]!
    if (known >= this.#rowFrom && known < this.#used && this.#columns[known] === column) {
      this.#values[known]! += value
      return
    }
    if (this.#used === this.#columns.length) this.#grow()
    places[column] = this.#used
    this.#columns[this.#used] = column
    this.#values[this.#used++] = value
  }

  endRow(): void {
    this.#starts.push(this.#used)
    this.#rowFrom = this.#used
  }

  rows(): Rows {
    return {
      starts: Int32Array.from(this.#starts),
      columns: this.#columns.slice(0, this.#used),
      values: this.#values.slice(0, this.#used),
    }
  }

  #widen(column: number): Int32Array {
    const places = new Int32Array(column * 2)
    places.set(this.#places)
    this.#places = places
    return places
  }

  #grow(): void {
    const columns = new Int32Array(this.#columns.length * 2)
    const values = new Float64Array(this.#values.length * 2)
    columns.set(this.#columns)
    values.set(this.#values)
    this.#columns = columns
    this.#values = values
  }
}

/** Rows turned into columns. */
export function transposed(rows: Rows, size: number): Rows {
  const starts = new Int32Array(size + 1)
  const { columns, values } = rows
  for (let k = 0; k < columns.length; k++) starts[columns[k]! + 1]!++
  for (let i = 0; i < size; i++) starts[i + 1]! += starts[i]!
  const next = starts.slice()
  const from = new Int32Array(columns.length)
  const out = new Float64Array(columns.length)
  for (let i = 0; i < rows.starts.length - 1; i++) {
    for (let k = rows.starts[i]!; k < rows.starts[i + 1]!; k++) {
      const place = next[columns[k]!]!++
      from[place] = i
      out[place] = values[k]!
    }
  }
  return { starts, columns: from, values: out }
}
