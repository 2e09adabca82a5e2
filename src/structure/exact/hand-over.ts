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

/** Sees a chain at its moments without memory. */
export function regenerative(chain: Chain): Regenerative {
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
  for (const begin of begins) {
    const spell = walker.spell(begin, laws[general[begin]!]!)
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

/** Walks through the states of a hand-over, by uniformisation of the moves that leave it running. */
class SpellWalker {
  readonly #chain: Chain
  #now: Float64Array
  #next: Float64Array
  readonly #times: Float64Array
  readonly #ends: Float64Array

  constructor(chain: Chain) {
    this.#chain = chain
    this.#now = new Float64Array(chain.size)
    this.#next = new Float64Array(chain.size)
    this.#times = new Float64Array(chain.size)
    this.#ends = new Float64Array(chain.size)
  }

  spell(begin: number, law: LawWeights): Spell {
    const { rates, exits, general } = this.#chain
    const within = this.#within(begin)
    let pace = 0
    for (const state of within) pace = Math.max(pace, exits[state]!)
    const { ends, times } = law.at(pace)
    this.#now[begin] = 1
    for (let k = 0; k < ends.length; k++) {
      for (const state of within) {
        this.#ends[state]! += ends[k]! * this.#now[state]!
        this.#times[state]! += times[k]! * this.#now[state]!
      }
      if (k + 1 === ends.length) break
      for (const state of within) this.#next[state] = 0
      for (const state of within) {
        const mass = this.#now[state]!
        if (mass === 0) continue
        this.#next[state]! += mass * (1 - exits[state]! / pace)
        for (let r = rates.starts[state]!; r < rates.starts[state + 1]!; r++) {
          const to = rates.columns[r]!
          if (general[to] === general[begin]) this.#next[to]! += (mass * rates.values[r]!) / pace
        }
      }
      const kept = this.#now
      this.#now = this.#next
      this.#next = kept
    }
    const spell = {
      states: Int32Array.from(within),
      times: Float64Array.from(within, (state) => this.#times[state]!),
      ends: Float64Array.from(within, (state) => this.#ends[state]!),
    }
    for (const state of within) {
      this.#times[state] = 0
      this.#ends[state] = 0
      this.#now[state] = 0
    }
    return spell
  }

  /** States that a hand-over may pass through. */
  #within(begin: number): number[] {
    const { rates, general } = this.#chain
    const seen = new Set([begin])
    for (const state of seen) {
      for (let k = rates.starts[state]!; k < rates.starts[state + 1]!; k++) {
        const to = rates.columns[k]!
        if (general[to] === general[begin]) seen.add(to)
      }
    }
    return [...seen]
  }
}

/** Poisson weights at the end of a duration of a given law, and the expected time after each step. */
class LawWeights {
  readonly #law: Distribution
  readonly #nodes: readonly Node[]

  constructor(law: Distribution) {
    this.#law = law
    this.#nodes = nodesOf(law)
  }

  at(pace: number): { readonly ends: Float64Array; readonly times: Float64Array } {
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
