import type { CompiledModel } from '../compile.ts'
import type { Maintenance } from '../model.ts'
import { blindCalendars, guardedCalendar } from './calendar.ts'
import { type ChainSize, hasTooManyDraws } from './chain-size.ts'
import { combine, type Loss } from './combine.ts'
import { type Coupling, couple, influencesOf, type ModuleParts } from './coupling.ts'
import type { PhasesOf, Unfit } from './entity.ts'
import { type Joint, type JointChains, lawsOf } from './joint.ts'
import type { Explore } from './kept-chains.ts'
import { layoutOf } from './layout.ts'
import { eachFlow, longRunOf, sumFromSmall } from './long-run.ts'
import { eventAlone, isAlone, type Marginal, marginalOf, partAlone } from './marginal.ts'

/** A service in the long run, and how that was found. */
export interface LongRunAnswer {
  readonly loss: Loss
  readonly method: string
  readonly relativeError: number
  readonly states: number
  readonly notes: readonly string[]
}

type Refused = { readonly refused: string }
type Solved = { readonly marginal: Marginal; readonly states: number; readonly relativeError: number }

/** Finds long runs: of one chain where there is one to be had cheaply, else of modules, combined. */
export class LongRuns {
  readonly #compiled: CompiledModel
  readonly #joints: JointChains
  readonly #size: ChainSize
  readonly #phasesOf: PhasesOf
  readonly #findChain: Explore

  constructor(compiled: CompiledModel, joints: JointChains, size: ChainSize, phasesOf: PhasesOf, findChain: Explore) {
    this.#findChain = findChain
    this.#phasesOf = phasesOf
    this.#size = size
    this.#compiled = compiled
    this.#joints = joints
  }

  of(service: number, wanted: 'all' | 'unavailability' = 'all'): LongRunAnswer | Refused {
    const apart = this.#apart(service, wanted)
    if (!('refused' in apart) && apart.states > 0) return apart
    const joint = this.#joints.of(service)
    if ('refused' in joint || joint.longRun === null) return 'refused' in apart ? apart : apart
    return ofJoint(joint)
  }

  #apart(service: number, wanted: 'all' | 'unavailability'): LongRunAnswer | Refused {
    const { model } = this.#compiled
    const { condition } = model.services[service]!
    const plain = couple(this.#compiled)
    const reached = influencesOf(plain, condition)
    const partsReached = new Set([...reached].filter((thing) => thing < this.#compiled.groupOf.length))
    const calendars = model.maintenance.filter(({ group }) =>
      [...partsReached].some((part) => this.#compiled.groupOf[part] === group),
    )
    const guarded = calendars.filter(({ guard }) => guard !== 'none')
    const coupling = couple(this.#compiled, this.#watched(guarded, plain))
    const numbers = new Set([...reached].map((thing) => coupling.moduleOf[thing]!))
    if (numbers.size === 1 && calendars.length === 0 && !isAlone(this.#compiled, coupling.modules[[...numbers][0]!]!)) {
      // One chain is the whole answer; it is kept for values over time, too.
      const joint = this.#joints.of(service)
      if (!('refused' in joint) && joint.longRun !== null) return ofJoint(joint)
    }
    const clash = this.#clash(calendars, this.#calendarsIn(numbers, coupling), coupling)
    if (clash !== null) return { refused: clash }
    const marginals: Marginal[] = []
    let states = 0
    let relativeError = 0
    for (const number of numbers) {
      const calendar = guarded.find(({ group }) => coupling.moduleOf[this.#compiled.firsts[group]!] === number)
      const solved = this.#module(coupling.modules[number]!, service, calendar)
      if ('refused' in solved) return solved
      marginals.push(solved.marginal)
      states += solved.states
      relativeError = Math.max(relativeError, solved.relativeError)
    }
    const blind = calendars.filter(({ guard }) => guard === 'none')
    marginals.push(...blindCalendars(this.#compiled, blind))
    const loss = combine(this.#compiled, condition, marginals, wanted === 'all')
    if (loss === null) return { refused: 'too many combinations of independent modules' }
    const method = `${marginals.length} independent modules combined, ${states} states`
    return { loss, method, relativeError: relativeError + 4e-16 * marginals.length, states, notes: [] }
  }

  /** The parts of a service where each stands alone, and nothing else matters; null: it is not so. */
  independentParts(service: number): number[] | null {
    const { model, firsts } = this.#compiled
    const coupling = couple(this.#compiled)
    const things = influencesOf(coupling, model.services[service]!.condition)
    const parts: number[] = []
    for (const thing of things) {
      const module = coupling.modules[coupling.moduleOf[thing]!]!
      if (module.parts.length !== 1 || !isAlone(this.#compiled, module)) return null
      parts.push(module.parts[0]!)
    }
    const isPlanned = model.maintenance.some(({ group }) =>
      parts.some((part) => part >= firsts[group]! && part < firsts[group + 1]!),
    )
    return isPlanned ? null : parts.sort((a, b) => a - b)
  }

  /** What guarded calendars look at: their members and their guards' reach, as things of one module each. */
  #watched(guarded: readonly Maintenance[], plain: Coupling): number[] {
    return guarded.flatMap((maintenance) => {
      const members = []
      for (
        let part = this.#compiled.firsts[maintenance.group]!;
        part < this.#compiled.firsts[maintenance.group + 1]!;
        part++
      ) {
        members.push(part, ...influencesOf(plain, { kind: 'part', part }))
      }
      const { guard } = maintenance
      return typeof guard === 'string' ? members : [...members, ...influencesOf(plain, guard)]
    })
  }

  /** Calendars of any part in these modules: what they take down may be felt through crews, crashes and guards. */
  #calendarsIn(numbers: ReadonlySet<number>, coupling: Coupling): Maintenance[] {
    const groups = new Set(
      [...numbers].flatMap((number) => coupling.modules[number]!.parts.map((part) => this.#compiled.groupOf[part]!)),
    )
    return this.#compiled.model.maintenance.filter(({ group }) => groups.has(group))
  }

  /**
   * Why calendars and the rest cannot be taken apart; null: they can.
   * @param calendars of parts that the service looks at
   * @param near of those and of all parts that these are in a module with
   */
  #clash(calendars: readonly Maintenance[], near: readonly Maintenance[], coupling: Coupling): string | null {
    if (calendars.filter(({ guard }) => guard !== 'none').length > 1) return 'more than one guarded calendar'
    for (const { group, name, guard } of near) {
      for (let part = this.#compiled.firsts[group]!; part < this.#compiled.firsts[group + 1]!; part++) {
        const module = coupling.modules[coupling.moduleOf[part]!]!
        const reacts = module.roles.length > 0 || module.parts.some((one) => this.#reacts(one))
        if (reacts) return `${name} follows the calendar and takes away what others react to`
      }
      const isOurs = calendars.some((one) => one.name === name)
      if (guard !== 'none' && isOurs && near.length > 1) return 'a guarded calendar beside others'
    }
    return null
  }

  #reacts(part: number): boolean {
    const group = this.#compiled.model.groups[this.#compiled.groupOf[part]!]!
    return group.needs.some((need) => need !== null) && (group.onLoss === 'crash' || group.ages === 'while-up')
  }

  #module(module: ModuleParts, service: number, calendar: Maintenance | undefined): Solved | Refused {
    if (calendar === undefined && isAlone(this.#compiled, module)) {
      const marginal =
        module.parts.length === 1
          ? partAlone(this.#compiled, module.parts[0]!)
          : eventAlone(this.#compiled, module.events[0]!)
      return { marginal, states: 2, relativeError: 0 }
    }
    const unfit: Unfit[] = []
    const layout = layoutOf(this.#compiled, module, this.#phasesOf, unfit)
    if (unfit.length > 0) return { refused: `the law matters where parts interact: ${lawsOf(unfit)}` }
    const tooLarge = { refused: `more than ${this.#size.states} states` }
    if (hasTooManyDraws(layout, this.#size)) return tooLarge
    const explored = this.#findChain(layout, [service], { states: this.#size.states, depth: Number.POSITIVE_INFINITY })
    if (explored.kind === 'too-large') return tooLarge
    if (explored.kind === 'overlap') return { refused: 'hand-overs without phases overlap' }
    const longRun = longRunOf(explored.chain)
    if ('refused' in longRun) return longRun
    const marginal = calendar === undefined ? marginalOf(longRun) : guardedCalendar(longRun, calendar)
    if (marginal === null) return { refused: `${calendar!.name}: windows reach over the end of a period` }
    return { marginal, states: explored.chain.size, relativeError: longRun.relativeError }
  }
}

function ofJoint({ chain, up, longRun, notes }: Joint): LongRunAnswer {
  const { shares, method, relativeError } = longRun!
  const unavailability = sumFromSmall(shares.filter((_, state) => up[state] === 0))
  const losses: number[] = []
  eachFlow(longRun!, (from, to, rate) => {
    if (up[from] === 1 && up[to] === 0) losses.push(rate)
  })
  return {
    loss: { unavailability, frequency: sumFromSmall(Float64Array.from(losses)) },
    method: `Markov chain of ${chain.size} states, ${method}`,
    relativeError: relativeError + 4e-16,
    states: chain.size,
    notes,
  }
}
