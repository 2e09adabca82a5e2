import type { CompiledModel } from '../compile.ts'
import { type Chain, explore } from './chain.ts'
import { type ChainSize, hasTooManyDraws } from './chain-size.ts'
import { couple, influencesOf } from './coupling.ts'
import type { PhasesOf, Unfit } from './entity.ts'
import type { Explore } from './kept-chains.ts'
import { type Layout, layoutOf } from './layout.ts'
import { type LongRun, longRunOf } from './long-run.ts'

/** One chain of all that a service depends on. */
export interface Joint {
  readonly chain: Chain
  /** Per state: whether the service holds. */
  readonly up: Uint8Array
  /** null: too costly, or it depends on the start. */
  readonly longRun: LongRun | null
  /** What was left out or replaced, and how much that matters. */
  readonly notes: readonly string[]
}

/** Of several modules that might as well be solved apart: a chain that would be larger is given up sooner. */
const STATES_TOGETHER_MAX = 20_000

type Refused = { readonly refused: string }

/** Makes, and keeps, the joint chains of a model's services. */
export class JointChains {
  readonly #compiled: CompiledModel
  readonly #size: ChainSize
  readonly #phasesOf: PhasesOf
  readonly #explore: Explore
  readonly #chains = new Map<string, Joint | Refused>()

  constructor(compiled: CompiledModel, size: ChainSize, phasesOf: PhasesOf, findChain: Explore = explore) {
    this.#explore = findChain
    this.#phasesOf = phasesOf
    this.#compiled = compiled
    this.#size = size
  }

  of(service: number): Joint | Refused {
    const { model } = this.#compiled
    const plain = couple(this.#compiled)
    const things = influencesOf(plain, model.services[service]!.condition)
    const joined = couple(this.#compiled, things)
    const module = joined.modules[joined.moduleOf[[...things][0] ?? 0]!]!
    const groups = new Set(module.parts.map((part) => this.#compiled.groupOf[part]!))
    const calendar = model.maintenance.find(({ group }) => groups.has(group))
    if (calendar !== undefined) return { refused: `over time: ${calendar.name} follows the calendar` }
    const unfit: Unfit[] = []
    const layout = layoutOf(this.#compiled, module, this.#phasesOf, unfit)
    if (unfit.length > 0) return { refused: `over time: ${lawsOf(unfit)}` }
    const moduleCount = new Set([...things].map((thing) => plain.moduleOf[thing])).size
    return this.#chainOf(layout, service, moduleCount)
  }

  #chainOf(layout: Layout, service: number, moduleCount: number): Joint | Refused {
    // Services of like members share a chain only if they are symmetric in the same way: each has its own.
    const key = `${service}/${layout.entities.map(({ kind, index }) => `${kind}${index}`).join()}`
    const known = this.#chains.get(key)
    if (known !== undefined) return known
    const whole = wholeChain(this.#compiled, layout, service, moduleCount, this.#size, this.#explore)
    // Modules that are solved apart need no chain that is cut.
    const isCut = 'tooLarge' in whole && this.#size.cuts && moduleCount === 1
    const cut = isCut ? truncated(this.#compiled, layout, service, this.#size.states, this.#explore) : null
    const made = cut ?? whole
    this.#chains.set(key, made)
    return made
  }
}

function wholeChain(
  compiled: CompiledModel,
  layout: Layout,
  service: number,
  moduleCount: number,
  size: ChainSize,
  findChain: Explore,
): Joint | Refused | (Refused & { readonly tooLarge: true }) {
  const bound = sizeBound(layout)
  const statesMax = size.states
  const states = moduleCount > 1 && bound > statesMax ? Math.min(STATES_TOGETHER_MAX, statesMax) : statesMax
  // Symmetric blocks and impossible combinations make it smaller than the bound, but seldom by this much.
  const isHopeless = bound > 50 * statesMax || hasTooManyDraws(layout, size)
  if (!isHopeless) {
    const explored = findChain(layout, [service], { states, depth: Number.POSITIVE_INFINITY })
    if (explored.kind === 'overlap') return { refused: 'over time: hand-overs without phases overlap' }
    if (explored.kind === 'chain') return madeOf(compiled, explored.chain, service)
  }
  return { refused: `over time: more than ${states} states`, tooLarge: true }
}

function madeOf(compiled: CompiledModel, chain: Chain, service: number): Joint {
  const longRun = longRunOf(chain)
  return { chain, up: upStates(compiled, chain, service), longRun: 'refused' in longRun ? null : longRun, notes: [] }
}

/** Of a chain that is cut: each depth is made anew. */
const CUT_SHARE = 10

/**
 * The chain without what happens while many things are down already: as deep as the number of states allows. Each
 * level more changes the answer by less; by how much the last one did is the stated error.
 */
function truncated(
  compiled: CompiledModel,
  layout: Layout,
  service: number,
  statesMax: number,
  findChain: Explore,
): Joint | null {
  let before: Joint | null = null
  let last: Joint | null = null
  let depth = 1
  for (; depth <= layout.entities.length; depth++) {
    const explored = findChain(layout, [service], { states: statesMax / CUT_SHARE, depth })
    if (explored.kind !== 'chain') break
    before = last
    last = madeOf(compiled, explored.chain, service)
  }
  if (last?.longRun == null || before?.longRun == null) return null
  const [less, more] = [downShare(before), downShare(last)]
  // Cut before the service is ever lost: that tells nothing.
  if (more === 0) return null
  const relativeError = Math.abs(more - less) / more
  const note = `without more than ${depth - 1} failures at once, which leaves an error of some ${relativeError.toExponential(0)}`
  return { ...last, longRun: { ...last.longRun, relativeError }, notes: [note] }
}

function downShare({ longRun, up }: Joint): number {
  return longRun!.shares.reduce((sum, share, state) => sum + (up[state] === 1 ? 0 : share), 0)
}

/**
 * The number of states if like members of a group were all that is lumped: of those that wait for a crew only so many
 * are in its hands.
 */
function sizeBound({ entities, crews }: Layout): number {
  const counts = new Map<string, { readonly states: number; count: number }>()
  for (const { kind, group, crew, waits, ways, works, end } of entities) {
    const isQueued = crew >= 0 && crews.find(({ index }) => index === crew)!.crew.order !== 'processor-sharing'
    // Whoever is repaired on its own, or shares the crew with all others, never waits.
    const states = crew < 0 ? waits + end - works : isQueued ? ways : waits + end - ways
    const key = `${kind}/${group}`
    counts.set(key, { states, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  let bound = 1
  // Multisets of `count` out of `states`.
  for (const { states, count } of counts.values()) {
    for (let i = 1; i <= count; i++) bound *= (states - 1 + i) / i
  }
  for (const { crew, serves } of crews) {
    if (crew.order === 'processor-sharing') continue
    const inHand = new Map(serves.map((e) => [entities[e]!.group, entities[e]!.end - entities[e]!.ways]))
    bound *= (1 + [...inHand.values()].reduce((sum, states) => sum + states, 0)) ** crew.size
  }
  return bound
}

function upStates(compiled: CompiledModel, chain: Chain, service: number): Uint8Array {
  const { width } = chain.layout
  const { node } = compiled.services[service]!
  const up = new Uint8Array(chain.size)
  for (let i = 0; i < chain.size; i++) up[i] = chain.moves.evaluate(chain.states, i * width).holds(node) ? 1 : 0
  return up
}

/** Laws that have no phases, in words. */
export function lawsOf(unfit: readonly Unfit[]): string {
  const words = [...new Set(unfit.map(({ of, law }) => `${of} is ${law.kind}`))]
  return `${words.slice(0, 3).join(', ')}${words.length > 3 ? ', …' : ''}`
}
