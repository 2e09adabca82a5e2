import { assertNever } from '../../base/assert.ts'
import type { CompiledModel } from '../compile.ts'
import type { Condition } from '../model.ts'
import { needOf } from './coupling.ts'
import { inSeries, isShared, soleLeaf } from './in-series.ts'
import type { Marginal } from './marginal.ts'
import { Truth } from './truth.ts'

/** A service in the long run. */
export interface Loss {
  readonly unavailability: number
  /** Outages that begin per millisecond. */
  readonly frequency: number
}

/** Of a gate's input. */
interface Input extends Loss {
  /** Share of time up: of what is hardly ever up, one less the share down would have no digits. */
  readonly availability: number
}

const ALWAYS: Input = { unavailability: 0, availability: 1, frequency: 0 }
const NEVER: Input = { unavailability: 1, availability: 0, frequency: 0 }

/** Combinations of modules' pictures that are gone through one by one, at most. */
const COMBINATIONS_MAX = 1 << 20

/**
 * A service of independent modules in the long run.
 *
 * Modules of one part that the service names once go through its gates by the usual rules for independent inputs;
 * all others are gone through in all combinations of their pictures. Outages begin with some module's change that
 * takes the service away, so their frequency is the sum over modules of rate × P(the others leave it to this one).
 *
 * @param withFrequency false: the frequency is not needed, and 0
 * @returns null: too many combinations
 */
export function combine(
  compiled: CompiledModel,
  condition: Condition,
  modules: readonly Marginal[],
  withFrequency: boolean,
): Loss | null {
  const marginals = inSeries(compiled, condition, modules)
  const node = nodeOf(compiled, condition)
  const uses = usesOf(compiled, condition)
  const free = new Map<number, Input>()
  const bound: Marginal[] = []
  for (const marginal of marginals) {
    const leaf = soleLeaf(marginal)
    const isFree =
      leaf !== null && !compiled.plan.cyclic && uses.get(leaf) === 1 && !isShared(leaf, marginal, marginals)
    if (isFree) free.set(leaf, withFrequency ? lossOf(marginal) : { ...lossOf(marginal), frequency: 0 })
    else bound.push(marginal)
  }
  return new Combination(compiled, condition, { node, bound, free, withFrequency }).solve()
}

/** Of a module that is one part by itself. */
function lossOf({ lowered, shares, flows }: Marginal): Input {
  const down = lowered.findIndex((leaves) => leaves.length > 0)
  const frequency = flows.find(({ to }) => to === down)!.rate
  return { unavailability: shares[down]!, availability: shares[1 - down]!, frequency }
}

/** The node of a condition, and which modules below it decide a leaf alone. */
interface Modules {
  readonly node: number
  readonly bound: readonly Marginal[]
  readonly free: ReadonlyMap<number, Input>
  readonly withFrequency: boolean
}

class Combination {
  readonly #compiled: CompiledModel
  readonly #condition: Condition
  readonly #node: number
  readonly #bound: readonly Marginal[]
  readonly #free: ReadonlyMap<number, Input>
  readonly #truth: Truth
  readonly #withFrequency: boolean
  /** Which leaves the bound modules lower at present, and how often. */
  readonly #lowered: Int32Array
  /** All zero between uses. */
  readonly #counts: Int32Array

  constructor(compiled: CompiledModel, condition: Condition, { node, bound, free, withFrequency }: Modules) {
    this.#withFrequency = withFrequency
    this.#compiled = compiled
    this.#condition = condition
    this.#node = node
    this.#bound = bound
    this.#free = free
    this.#truth = new Truth(compiled.plan)
    this.#lowered = new Int32Array(compiled.plan.thresholds.length)
    this.#counts = new Int32Array(this.#lowered.length)
  }

  solve(): Loss | null {
    const sizes = this.#bound.map(({ lowered }) => lowered.length)
    const total = sizes.reduce((product, size) => product * size, 1)
    if (total > COMBINATIONS_MAX) return null
    const losses: Input[] = []
    const chances = new Float64Array(total)
    const places = new Int32Array(sizes.length)
    for (let c = 0; c < total; c++) {
      let rest = c
      let chance = 1
      this.#lowered.fill(0)
      for (let m = 0; m < sizes.length; m++) {
        places[m] = rest % sizes[m]!
        rest = Math.floor(rest / sizes[m]!)
        chance *= this.#bound[m]!.shares[places[m]!]!
        for (const leaf of this.#bound[m]!.lowered[places[m]!]!) this.#lowered[leaf]!++
      }
      chances[c] = chance
      losses.push(this.#lossNow())
    }
    if (!this.#withFrequency) {
      const unavailable = losses.map(({ unavailability }, c) => chances[c]! * unavailability)
      return { unavailability: probability(unavailable), frequency: 0 }
    }
    return this.#sum(losses, chances, sizes)
  }

  #sum(losses: readonly Input[], chances: Float64Array, sizes: readonly number[]): Loss | null {
    const unavailable: number[] = []
    const frequencies: number[] = []
    for (let c = 0; c < losses.length; c++) {
      unavailable.push(chances[c]! * losses[c]!.unavailability)
      frequencies.push(chances[c]! * losses[c]!.frequency)
    }
    let stride = 1
    for (let m = 0; m < sizes.length; m++) {
      const { flows, shares, lowered } = this.#bound[m]!
      const period = stride * sizes[m]!
      for (const { from, to, rate } of flows) {
        const relation = this.#relation(lowered[from]!, lowered[to]!)
        if (relation === 'raised') continue
        // All combinations with this module at `from`.
        for (let k = 0; k < losses.length / sizes[m]!; k++) {
          const c = Math.floor(k / stride) * period + from * stride + (k % stride)
          const others = shares[from] === 0 ? 0 : chances[c]! / shares[from]!
          const before = losses[c]!
          const after = losses[c + (to - from) * stride]!
          // Where some leaves fall and others rise, what is down before and after overlaps in a way not known here.
          const isKnown = this.#free.size === 0 || isSure(before.unavailability) || isSure(after.unavailability)
          if (relation === 'mixed' && !isKnown) return null
          const lost = relation === 'mixed' ? before.availability * after.unavailability : growth(before, after)
          frequencies.push(others * rate * lost)
        }
      }
      stride = period
    }
    return { unavailability: probability(unavailable), frequency: fromSmall(frequencies) }
  }

  /** What a change does to the leaves that are lowered. */
  #relation(before: readonly number[], after: readonly number[]): 'lowered' | 'raised' | 'mixed' {
    const counts = this.#counts
    for (const leaf of before) counts[leaf]!--
    for (const leaf of after) counts[leaf]!++
    let [falls, rises] = [false, false]
    for (const leaf of after) if (counts[leaf]! > 0) falls = true
    for (const leaf of before) if (counts[leaf]! < 0) rises = true
    for (const leaf of before) counts[leaf] = 0
    for (const leaf of after) counts[leaf] = 0
    return !falls ? 'raised' : rises ? 'mixed' : 'lowered'
  }

  /** With the bound modules as they are at present. */
  #lossNow(): Input {
    if (this.#free.size > 0) {
      return this.#withFrequency
        ? this.#loss(this.#condition)
        : { ...NEVER, unavailability: this.#down(this.#condition) }
    }
    this.#truth.reset()
    for (let leaf = 0; leaf < this.#lowered.length; leaf++) {
      for (let times = this.#lowered[leaf]!; times > 0; times--) this.#truth.lower(leaf)
    }
    return this.#truth.holds(this.#node) ? ALWAYS : NEVER
  }

  #loss(condition: Condition): Input {
    const { model, upNodes, roles } = this.#compiled
    switch (condition.kind) {
      case 'part': {
        const own = this.#leafLoss(upNodes[condition.part]!)
        const need = needOf(this.#compiled, condition.part)
        return need === null ? own : gate(2, [own, this.#loss(need)])
      }
      case 'service':
        return this.#loss(model.services[condition.service]!.condition)
      case 'role':
        return this.#leafLoss(roles[condition.role]!.leaf)
      case 'all':
        return gate(
          condition.of.length,
          condition.of.map((inner) => this.#loss(inner)),
        )
      case 'any':
        return gate(
          1,
          condition.of.map((inner) => this.#loss(inner)),
        )
      case 'at-least':
        return gate(
          condition.count,
          condition.of.map((inner) => this.#loss(inner)),
        )
      default:
        return assertNever(condition)
    }
  }

  /** As {@link #loss}, the unavailability alone: this is asked for every combination of the bound modules. */
  #down(condition: Condition): number {
    const { model, upNodes, roles } = this.#compiled
    switch (condition.kind) {
      case 'part': {
        const own = this.#leafDown(upNodes[condition.part]!)
        const need = own === 1 ? null : needOf(this.#compiled, condition.part)
        return need === null ? own : own + (1 - own) * this.#down(need)
      }
      case 'service':
        return this.#down(model.services[condition.service]!.condition)
      case 'role':
        return this.#leafDown(roles[condition.role]!.leaf)
      case 'all': {
        let down = 0
        for (const inner of condition.of) {
          down += (1 - down) * this.#down(inner)
          if (down === 1) return 1
        }
        return down
      }
      case 'any': {
        let down = 1
        for (const inner of condition.of) if (down > 0) down *= this.#down(inner)
        return down
      }
      case 'at-least': {
        const lost = condition.of.length - condition.count + 1
        if (lost <= 0) return 1
        const chances = new Float64Array(lost + 1)
        chances[0] = 1
        for (const inner of condition.of) {
          const q = this.#down(inner)
          chances[lost]! += chances[lost - 1]! * q
          for (let k = lost - 1; k > 0; k--) chances[k] = chances[k]! * (1 - q) + chances[k - 1]! * q
          chances[0]! *= 1 - q
        }
        return chances[lost]!
      }
      default:
        return assertNever(condition)
    }
  }

  #leafDown(leaf: number): number {
    return this.#lowered[leaf]! > 0 ? 1 : (this.#free.get(leaf)?.unavailability ?? 0)
  }

  #leafLoss(leaf: number): Input {
    return this.#lowered[leaf]! > 0 ? NEVER : (this.#free.get(leaf) ?? ALWAYS)
  }
}

/** What is down after a change that only takes away, and was not before. */
function growth(before: Input, after: Input): number {
  const grown =
    before.unavailability < 0.5
      ? after.unavailability - before.unavailability
      : before.availability - after.availability
  return Math.max(0, grown)
}

/** A gate that holds while at least `count` of independent inputs do. Sums of positive terms only. */
function gate(count: number, inputs: readonly Input[]): Input {
  const lost = inputs.length - count + 1
  if (lost <= 0) return NEVER
  if (count <= 0) return ALWAYS
  const counts = downCounts(inputs, lost, -1)
  let frequency = 0
  inputs.forEach((input, i) => {
    if (input.frequency > 0) frequency += input.frequency * downCounts(inputs, lost, i)[lost - 1]!
  })
  const availability = counts.subarray(0, lost).reduce((sum, chance) => sum + chance, 0)
  return { unavailability: counts[lost]!, availability, frequency }
}

/** Distribution of how many are down, all but `without`; entry `most` means that many or more. */
function downCounts(inputs: readonly Input[], most: number, without: number): Float64Array {
  const chances = new Float64Array(most + 1)
  chances[0] = 1
  inputs.forEach(({ unavailability: q, availability: p }, i) => {
    if (i === without) return
    chances[most]! += chances[most - 1]! * q
    for (let k = most - 1; k >= 0; k--) chances[k] = chances[k]! * p + (k === 0 ? 0 : chances[k - 1]! * q)
  })
  return chances
}

/** How often each leaf is met when a condition is spelt out, needs and services included. */
function usesOf(compiled: CompiledModel, condition: Condition): Map<number, number> {
  const uses = new Map<number, number>()
  const meet = (leaf: number) => uses.set(leaf, (uses.get(leaf) ?? 0) + 1)
  const visit = (one: Condition): void => {
    switch (one.kind) {
      case 'part': {
        meet(compiled.upNodes[one.part]!)
        const need = needOf(compiled, one.part)
        if (need !== null && uses.get(compiled.upNodes[one.part]!)! < 1000) visit(need)
        return
      }
      case 'service':
        visit(compiled.model.services[one.service]!.condition)
        return
      case 'role':
        meet(compiled.roles[one.role]!.leaf)
        return
      default:
        for (const inner of one.of) visit(inner)
    }
  }
  if (!compiled.plan.cyclic) visit(condition)
  return uses
}

function nodeOf(compiled: CompiledModel, condition: Condition): number {
  const service = compiled.model.services.findIndex((one) => one.condition === condition)
  return compiled.services[service]!.node
}

function isSure(probability: number): boolean {
  return probability === 0 || probability === 1
}

function fromSmall(terms: number[]): number {
  return terms.sort((a, b) => a - b).reduce((sum, term) => sum + term, 0)
}

/** A sum that rounding must not make more than certain. */
function probability(terms: number[]): number {
  return Math.min(1, fromSmall(terms))
}
