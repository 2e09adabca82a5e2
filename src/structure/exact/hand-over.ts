import { type Distribution, meanOf, quantileOf } from '../../engine/distribution.ts'
import type { Chain, Rows } from './chain.ts'
import { poissonWeights } from './poisson.ts'

/**
 * A chain in which hand-overs of any law run beside the exponential rest, seen at the moments at which it is without
 * memory: a Markov regenerative process. `flows` are rates from states where no hand-over runs, and probabilities from
 * states in which one has just begun; balance of these gives the long run.
 */
export interface Regenerative {
  /** Over states without a hand-over and states in which one begins; other rows are empty. */
  readonly flows: Rows
  /** Per state in which a hand-over begins: what becomes of it. */
  readonly spells: ReadonlyMap<number, Spell>
}

/** One hand-over from its beginning: where time is spent until it ends or is overtaken. */
export interface Spell {
  readonly states: Int32Array
  /** Expected time in each of these states (ms). */
  readonly times: Float64Array
  /** Probability that the hand-over ends in each of these states. */
  readonly ends: Float64Array
}

/** Sees a chain at its moments without memory. @returns null where hand-overs can take too many ways */
export function regenerative(chain: Chain): Regenerative | null {
  const { size, rates, general, handOvers } = chain
  const laws = chain.layout.roles.map(({ index }) => new LawWeights(chain.layout.compiled.model.roles[index]!.handOver))
  const begins = new Set<number>()
  const ends = (state: number, each: (to: number, share: number) => void) => {
    for (let k = handOvers.starts[state]!; k < handOvers.starts[state + 1]!; k++) {
      each(handOvers.columns[k]!, handOvers.values[k]!)
    }
  }
  for (const { state } of chain.start) if (general[state]! >= 0) begins.add(state)
  for (let i = 0; i < size; i++) {
    for (let k = rates.starts[i]!; k < rates.starts[i + 1]!; k++) {
      const to = rates.columns[k]!
      if (general[to]! >= 0 && general[to] !== general[i]) begins.add(to)
    }
    ends(i, (to) => {
      if (general[to]! >= 0) begins.add(to)
    })
  }
  const spells = new Map<number, Spell>()
  const rows: Map<number, number>[] = Array.from({ length: size }, () => new Map())
  for (let i = 0; i < size; i++) {
    if (general[i]! >= 0) continue
    for (let k = rates.starts[i]!; k < rates.starts[i + 1]!; k++) rows[i]!.set(rates.columns[k]!, rates.values[k]!)
  }
  const walker = new SpellWalker(chain)
  let pace = 0
  for (let i = 0; i < size; i++) if (general[i]! >= 0) pace = Math.max(pace, chain.exits[i]!)
  for (const begin of begins) {
    const spell = walker.spell(begin, laws[general[begin]!]!, pace)
    if (spell === null) return null
    spells.set(begin, spell)
    const row = rows[begin]!
    spell.states.forEach((state, s) => {
      for (let k = rates.starts[state]!; k < rates.starts[state + 1]!; k++) {
        const to = rates.columns[k]!
        if (general[to] !== general[begin]) add(row, to, spell.times[s]! * rates.values[k]!)
      }
      ends(state, (to, share) => add(row, to, spell.ends[s]! * share))
    })
  }
  return { flows: rowsOf(rows), spells }
}

/** Probability that is no longer followed: of what may happen during one hand-over. */
const FORGOTTEN = 1e-24
/** Moves that are followed during all hand-overs of a chain, at most. */
const MOVES_MAX = 5e6

/** Walks through the states of a hand-over, by uniformisation of the moves that leave it running. */
class SpellWalker {
  readonly #chain: Chain
  #now: Float64Array
  #next: Float64Array
  readonly #times: Float64Array
  readonly #ends: Float64Array
  readonly #isListed: Uint8Array
  #moves = 0

  constructor(chain: Chain) {
    this.#chain = chain
    this.#now = new Float64Array(chain.size)
    this.#next = new Float64Array(chain.size)
    this.#times = new Float64Array(chain.size)
    this.#ends = new Float64Array(chain.size)
    this.#isListed = new Uint8Array(chain.size)
  }

  /** @returns null: too many moves by now */
  spell(begin: number, law: LawWeights, pace: number): Spell | null {
    const { ends, times } = law.at(pace)
    const list: number[] = [begin]
    this.#isListed[begin] = 1
    this.#now[begin] = 1
    for (let k = 0; k < ends.length; k++) {
      for (const state of list) {
        this.#ends[state]! += ends[k]! * this.#now[state]!
        this.#times[state]! += times[k]! * this.#now[state]!
      }
      if (k + 1 === ends.length) break
      this.#step(list, pace)
      if (this.#moves > MOVES_MAX) return null
    }
    const states = list.filter((state) => this.#times[state]! > 0)
    const spell = {
      states: Int32Array.from(states),
      times: Float64Array.from(states, (state) => this.#times[state]!),
      ends: Float64Array.from(states, (state) => this.#ends[state]!),
    }
    for (const state of list) {
      for (const array of [this.#times, this.#ends, this.#now, this.#next, this.#isListed]) array[state] = 0
    }
    return spell
  }

  #step(list: number[], pace: number): void {
    const { rates, exits, general } = this.#chain
    const role = general[list[0]!]
    const known = list.length
    for (let s = 0; s < known; s++) this.#next[list[s]!] = 0
    for (let s = 0; s < known; s++) {
      const state = list[s]!
      const mass = this.#now[state]!
      if (mass < FORGOTTEN) continue
      this.#next[state]! += mass * (1 - exits[state]! / pace)
      for (let r = rates.starts[state]!; r < rates.starts[state + 1]!; r++) {
        const to = rates.columns[r]!
        this.#moves++
        if (general[to] !== role) continue
        if (this.#isListed[to] === 0) {
          this.#isListed[to] = 1
          this.#next[to] = 0
          list.push(to)
        }
        this.#next[to]! += (mass * rates.values[r]!) / pace
      }
    }
    const kept = this.#now
    this.#now = this.#next
    this.#next = kept
  }
}

/** Poisson weights at the end of a duration of a given law, and the expected time after each step. */
class LawWeights {
  readonly #law: Distribution
  readonly #nodes: readonly Node[]
  #last: { readonly pace: number; readonly ends: Float64Array; readonly times: Float64Array } | null = null

  constructor(law: Distribution) {
    this.#law = law
    this.#nodes = nodesOf(law)
  }

  at(pace: number): { readonly ends: Float64Array; readonly times: Float64Array } {
    if (this.#last !== null && this.#last.pace === pace) return this.#last
    this.#last = { pace, ...this.#weights(pace) }
    return this.#last
  }

  #weights(pace: number): { readonly ends: Float64Array; readonly times: Float64Array } {
    if (pace === 0) return { ends: Float64Array.of(1), times: Float64Array.of(meanOf(this.#law)) }
    const sums: number[] = []
    for (const { value, weight } of this.#nodes) {
      const { first, weights } = poissonWeights(pace * value)
      for (let i = 0; i < weights.length; i++) sums[first + i] = (sums[first + i] ?? 0) + weight * weights[i]!
    }
    const ends = Float64Array.from({ length: sums.length }, (_, k) => sums[k] ?? 0)
    const times = new Float64Array(ends.length)
    let later = 0
    for (let k = ends.length - 1; k >= 0; k--) {
      times[k] = later / pace
      later += ends[k]!
    }
    return { ends, times }
  }
}

interface Node {
  readonly value: number
  readonly weight: number
}

/** Values and weights with which expectations over a law are sums. */
function nodesOf(law: Distribution): Node[] {
  switch (law.kind) {
    case 'fixed':
      return [{ value: law.value, weight: 1 }]
    case 'empirical':
      return law.values.map((value) => ({ value, weight: 1 / law.values.length }))
    case 'mixture': {
      const total = law.parts.reduce((sum, { weight }) => sum + weight, 0)
      return law.parts.flatMap((part) =>
        nodesOf(part.of).map(({ value, weight }) => ({ value, weight: (weight * part.weight) / total })),
      )
    }
    default:
      return quadrature(law)
  }
}

/** Double-exponential quadrature (Takahasi and Mori 1974) over the quantile function, which copes with both ends. */
function quadrature(law: Distribution): Node[] {
  const quantile = quantileOf(law)
  const step = 1 / 32
  const nodes: Node[] = []
  let total = 0
  for (let k = -120; k <= 120; k++) {
    const s = (Math.PI / 2) * Math.sinh(k * step)
    const u = 1 / (1 + Math.exp(-2 * s))
    const weight = (step * Math.PI * Math.cosh(k * step)) / (2 * Math.cosh(s)) ** 2
    if (u <= 0 || u >= 1 || weight < 1e-18) continue
    nodes.push({ value: quantile(u, NO_CHANCE), weight })
    total += weight
  }
  return nodes.map(({ value, weight }) => ({ value, weight: weight / total }))
}

/** A quantile function of one law draws nothing. */
const NO_CHANCE = { next: () => 0 }

function add(row: Map<number, number>, to: number, value: number): void {
  if (value > 0) row.set(to, (row.get(to) ?? 0) + value)
}

function rowsOf(rows: readonly ReadonlyMap<number, number>[]): Rows {
  const starts = new Int32Array(rows.length + 1)
  const columns: number[] = []
  const values: number[] = []
  rows.forEach((row, i) => {
    for (const [to, value] of row) {
      columns.push(to)
      values.push(value)
    }
    starts[i + 1] = columns.length
  })
  return { starts, columns: Int32Array.from(columns), values: Float64Array.from(values) }
}
