import type { CompiledModel } from '../compile.ts'
import { type Chain, explore } from './chain.ts'
import { couple, influencesOf } from './coupling.ts'
import type { PhasesOf, Unfit } from './entity.ts'
import { type Layout, layoutOf } from './layout.ts'
import { type LongRun, longRunOf } from './long-run.ts'
import { exactPhases } from './phases.ts'

/** One chain of all that a service depends on. */
export interface Joint {
  readonly chain: Chain
  /** Per state: whether the service holds. */
  readonly up: Uint8Array
  /** null: too costly, or it depends on the start. */
  readonly longRun: LongRun | null
  /** What was replaced by fits. */
  readonly notes: readonly string[]
}

/** Chains larger than this are not made. */
export const STATES_MAX = 250_000
/** Of several modules that might as well be solved apart: a chain that would be larger is given up sooner. */
const STATES_TOGETHER_MAX = 20_000
/** With hand-overs of any law each beginning is worked out by itself: only so many states are worth that. */
const GENERAL_MAX = 1000

type Refused = { readonly refused: string }

/** Makes, and keeps, the joint chains of a model's services. */
export class JointChains {
  readonly #compiled: CompiledModel
  readonly #chains = new Map<string, { readonly chain: Chain; readonly longRun: LongRun | null } | Refused>()

  constructor(compiled: CompiledModel) {
    this.#compiled = compiled
  }

  of(service: number, _fit: boolean): Joint | Refused {
    const { model } = this.#compiled
    const plain = couple(this.#compiled)
    const things = influencesOf(plain, model.services[service]!.condition)
    const joined = couple(this.#compiled, things)
    const module = joined.modules[joined.moduleOf[[...things][0] ?? 0]!]!
    const groups = new Set(module.parts.map((part) => this.#compiled.groupOf[part]!))
    const calendar = model.maintenance.find(({ group }) => groups.has(group))
    if (calendar !== undefined) return { refused: `over time: ${calendar.name} follows the calendar` }
    const unfit: Unfit[] = []
    const layout = layoutOf(this.#compiled, module, PHASES, unfit)
    if (unfit.length > 0) return { refused: `over time: ${lawsOf(unfit)}` }
    const moduleCount = new Set([...things].map((thing) => plain.moduleOf[thing])).size
    const known = this.#chainOf(layout, service, moduleCount)
    return 'refused' in known ? known : { ...known, up: upStates(this.#compiled, known.chain, service), notes: [] }
  }

  #chainOf(layout: Layout, service: number, moduleCount: number) {
    // Services of like members share a chain only if they are symmetric in the same way: each has its own.
    const key = `${service}/${layout.entities.map(({ kind, index }) => `${kind}${index}`).join()}`
    const known = this.#chains.get(key)
    if (known !== undefined) return known
    const made = make(layout, service, moduleCount)
    this.#chains.set(key, made)
    return made
  }
}

/** Which law is taken as phases. */
const PHASES: PhasesOf = exactPhases

function make(
  layout: Layout,
  service: number,
  moduleCount: number,
): { readonly chain: Chain; readonly longRun: LongRun | null } | Refused {
  const most = moduleCount > 1 && sizeBound(layout) > STATES_MAX ? STATES_TOGETHER_MAX : STATES_MAX
  const explored = explore(layout, [service], most)
  if (explored.kind === 'too-large') return { refused: `over time: more than ${most} states` }
  if (explored.kind === 'overlap') return { refused: 'over time: hand-overs without phases overlap' }
  const { chain } = explored
  const isGeneral = chain.general.some((role) => role >= 0)
  return { chain, longRun: isGeneral && chain.size > GENERAL_MAX ? null : longRunOf(chain) }
}

/** The number of states if like members of a group were all that is lumped. */
function sizeBound({ entities }: Layout): number {
  const counts = new Map<string, number>()
  for (const { kind, group, crew, waits, works, end } of entities) {
    // Whoever is repaired on its own never waits.
    const key = `${kind}/${group}/${crew < 0 ? waits + end - works : end}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  let bound = 1
  for (const [key, count] of counts) {
    const states = Number(key.split('/')[2])
    // Multisets of `count` out of `states`.
    for (let i = 1; i <= count; i++) bound *= (states - 1 + i) / i
  }
  return bound
}

function upStates(compiled: CompiledModel, chain: Chain, service: number): Uint8Array {
  const { width } = chain.layout
  const { node } = compiled.services[service]!
  const up = new Uint8Array(chain.size)
  for (let i = 0; i < chain.size; i++) {
    const truth = chain.moves.evaluate(chain.states.subarray(i * width, (i + 1) * width))
    up[i] = truth.holds(node) ? 1 : 0
  }
  return up
}

/** Laws that have no phases, in words. */
export function lawsOf(unfit: readonly Unfit[]): string {
  const words = [...new Set(unfit.map(({ of, law }) => `${of} is ${law.kind}`))]
  return `${words.slice(0, 3).join(', ')}${words.length > 3 ? ', …' : ''}`
}
