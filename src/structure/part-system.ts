import { assert } from '../base/assert.ts'
import { type Ms, ms } from '../base/units.ts'
import { meanOf } from '../engine/distribution.ts'
import { ageOf } from '../engine/hazard.ts'
import type { Random, RandomStreams } from '../engine/random.ts'
import type { Simulation } from '../engine/simulation.ts'
import { type BuiltSystem, buildSystem } from './build.ts'
import type { ChangeReason, StructureHub } from './change.ts'
import { commonPeriod } from './common-period.ts'
import { type CompiledModel, compileModel } from './compile.ts'
import type { MaintenanceCalendar } from './maintenance.ts'
import type { Maintenance, PartModel } from './model.ts'
import { ConditionNetwork } from './network.ts'
import { type PartListener, Published, type ServiceLoss } from './published.ts'
import { type ScoreOpening, SystemScores } from './system-scores.ts'
import { warmUpFor } from './warm-up.ts'
import { NEEDED, PART, ROLE, SERVICE } from './watchers.ts'

/** How a system starts and who is told. */
export interface PartSystemOptions {
  /** `steady`: as in the long run, from {@link PartSystem.judgedFrom} on. `all-up`: everything up and new. */
  readonly start: 'steady' | 'all-up'
  readonly listener?: PartListener | undefined
  /** false: nothing fails, strikes or is maintained of itself; parts change only by {@link PartSystem.hold}. */
  readonly random?: boolean | undefined
  /**
   * Scores of what is drawn are kept, for derivatives of what is lost; whatever stands on the parts remembers for at least
   * this long (ms). Left out: none are kept.
   */
  readonly scores?: ScoreOptions | null | undefined
}

/** How scores are kept. */
export interface ScoreOptions {
  readonly leastMemory: number
  /** Where failures are struck from outside (`random: false`): what is known of those before. */
  readonly opening?: ScoreOpening | undefined
}

const START: ChangeReason = { kind: 'start', cause: 'start', graceful: false }
/** Rounds of consequences at one instant; more than this is a circle among roles. */
const ROUNDS_MAX = 1000

/**
 * A system of parts that fail and come back, on the kernel: the structure of a cluster, told apart from anything that
 * runs on it.
 *
 * Its events stand on the simulation's agenda. Each member draws from streams of its own (`part/server-3/failure`,
 * `part/server-3/repair`), as do crews, common causes, calendars and roles, so that one more member leaves every other
 * draw as it was. Consequences of an event (needs lost, crashes, roles) are worked out before anybody is told.
 */
export class PartSystem implements StructureHub {
  readonly simulation: Simulation
  readonly model: PartModel
  readonly network: ConditionNetwork
  readonly scores: SystemScores | null
  /** The instant from which the system may be judged: that of its start, or the end of the warm-up. */
  readonly judgedFrom: Ms
  /** Part names in index order. */
  readonly names: readonly string[]
  downs = 0
  readonly #compiled: CompiledModel
  readonly #built: BuiltSystem
  readonly #published: Published
  /** Bits of watchers that matter here. */
  readonly #interest: number
  #rolesStarted = false
  #settling = false
  /** Marked while their turn has not come. */
  readonly #rolesDue: Uint8Array
  readonly #rolesReturned: Int32Array
  readonly #dueRoles: number[] = []
  readonly #dueServices: number[] = []
  readonly #dueParts: number[] = []

  constructor(simulation: Simulation, model: PartModel, options: PartSystemOptions) {
    const compiled = compileModel(model)
    const random = options.random ?? true
    const steady = options.start === 'steady' && random
    const { listener } = options
    this.simulation = simulation
    this.model = model
    this.names = compiled.names
    this.#compiled = compiled
    this.judgedFrom = (simulation.now + (steady ? warmUpFor(model) : 0)) as Ms
    this.#interest = NEEDED | ROLE | SERVICE | (listener?.partChanged === undefined ? 0 : PART)
    this.network = new ConditionNetwork(compiled.plan, compiled.watchers.flags, this.#interest)
    const { scores } = options
    this.scores =
      scores === null || scores === undefined ? null : new SystemScores(compiled, simulation.now, scores.leastMemory)
    this.#built = buildSystem(this, compiled, random)
    this.#published = new Published(this, compiled, this.#built, listener)
    this.#rolesDue = new Uint8Array(model.roles.length)
    this.#rolesReturned = new Int32Array(model.roles.length).fill(-1)
    this.#start(steady, random, scores?.opening ?? null)
  }

  /** Whether a part is neither failed, nor in a maintenance window, nor held down. */
  isUp(part: number): boolean {
    return this.#built.parts[part]!.isUp
  }

  /** Whether a part is up and has what it needs. */
  isUsable(part: number): boolean {
    return this.network.holds(part)
  }

  /** The part that holds a role, or −1. */
  roleHeldBy(role: number): number {
    return this.#built.roles[role]!.holder
  }

  serviceHolds(service: number): boolean {
    return this.network.holds(this.#compiled.services[service]!.node)
  }

  /** Why a service does not hold. Meaningful only while it does not. */
  serviceLoss(service: number): ServiceLoss {
    return this.#published.loss(service)
  }

  /** What is down among the parts that a service depends on, in the order it went down: `rack-1, then server-3`. */
  describeLoss(service: number): string {
    return this.#published.describe(service)
  }

  /** Whether a part has not failed and its failure clock, if it has one, runs. */
  mayFail(part: number): boolean {
    return this.#built.parts[part]!.mayFail
  }

  /**
   * How long each part has been up since its last failure, as far as that can be told from when it will fail next; −1: it is
   * down, or never fails.
   */
  agesOfUp(random: Random): Float64Array {
    return Float64Array.from(this.#built.parts, ({ untilFailure, group }) => {
      const { failure } = this.#compiled.groups[group]!
      return Number.isFinite(untilFailure) && failure !== null ? ageOf(failure.of, untilFailure, random) : -1
    })
  }

  /** Lets a part fail now as if of itself, in place of chance. Does nothing when it has failed already. */
  fail(part: number): void {
    this.#built.parts[part]!.failNow()
  }

  /** Whether a common cause, by its index in the model, can happen now. */
  canStrike(cause: number): boolean {
    return this.#built.causes.get(cause)!.isOver
  }

  /** Lets a common cause that {@link canStrike} happen now. */
  strike(cause: number): void {
    this.#built.causes.get(cause)!.strike()
  }

  /** Takes a part down by plan, on top of whatever else happens to it, until it is released. Counts. */
  hold(part: number, cause: string, graceful = false): void {
    const reason: ChangeReason = { kind: 'held', cause, graceful }
    this.#built.parts[part]!.hold(reason)
    this.settle(reason)
  }

  /** Undoes one {@link hold}. */
  release(part: number, cause: string): void {
    const reason: ChangeReason = { kind: 'held', cause, graceful: false }
    this.#built.parts[part]!.release(reason)
    this.settle(reason)
  }

  /** A listener that changes parts in turn (a fault plan) is heard out first; its changes follow as their own round. */
  settle(reason: ChangeReason): void {
    if (this.#settling || !this.network.hasFlipped) return
    this.#settling = true
    for (let round = 0; this.network.hasFlipped; round++) {
      assert(round < ROUNDS_MAX, 'consequences of an event come to an end')
      this.#drawConsequences(reason)
      this.#publish(reason)
    }
    this.#settling = false
  }

  /** Needs first, because their loss makes parts crash; then roles, on which other needs may depend; until quiet. */
  #drawConsequences(reason: ChangeReason): void {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      for (let node = this.network.takeFlipped(); node >= 0; node = this.network.takeFlipped()) {
        this.#follow(node, reason)
      }
      if (this.#dueRoles.length === 0 || !this.#rolesStarted) return
      this.#dueRoles.sort((a, b) => a - b)
      for (let i = 0; i < this.#dueRoles.length; i++) {
        const role = this.#dueRoles[i]!
        this.#built.roles[role]!.review(this.#rolesReturned[role]!)
        this.#rolesDue[role] = 0
        this.#rolesReturned[role] = -1
        this.#published.role(role)
      }
      this.#dueRoles.length = 0
    }
    assert(false, 'roles come to rest')
  }

  #follow(node: number, reason: ChangeReason): void {
    const { watchers } = this.#compiled
    const flags = watchers.flags[node]! & this.#interest
    if (flags & NEEDED) for (const part of watchers.needers[node]!) this.#followNeed(part, node, reason)
    if (flags & SERVICE) for (const service of watchers.services[node]!) this.#dueServices.push(service)
    if (flags & PART) this.#dueParts.push(watchers.parts[node]!)
    if (flags & ROLE) {
      for (const role of watchers.roles[node]!) {
        if (this.#rolesDue[role] === 0) this.#dueRoles.push(role)
        this.#rolesDue[role] = 1
        if (watchers.parts[node]! >= 0 && this.network.holds(node)) this.#rolesReturned[role] = node
      }
    }
  }

  #followNeed(part: number, need: number, reason: ChangeReason): void {
    const needer = this.#built.parts[part]!
    const { ages, onLoss } = this.#compiled.groups[needer.group]!.group
    if (this.network.holds(need)) {
      needer.resumeClock()
      return
    }
    if (onLoss === 'crash') needer.crash({ kind: 'need-lost', cause: reason.cause, graceful: false })
    if (ages === 'while-up') needer.stopClock()
  }

  #publish(reason: ChangeReason): void {
    for (let i = 0; i < this.#dueParts.length; i++) this.#published.part(this.#dueParts[i]!, reason)
    if (this.#dueParts.length > 0) this.#dueParts.length = 0
    for (let i = 0; i < this.#dueServices.length; i++) this.#published.service(this.#dueServices[i]!, reason)
    if (this.#dueServices.length > 0) this.#dueServices.length = 0
  }

  #start(steady: boolean, random: boolean, opening: ScoreOpening | null): void {
    const { parts, roles } = this.#built
    if (opening !== null) this.scores?.open(opening, this.simulation.now)
    for (const part of parts) {
      if (steady) part.startSteady()
      else part.startNew(opening?.ages?.[part.index])
    }
    if (random) this.#startShared(steady)
    else if (this.scores !== null) this.#followShared()
    this.#settling = true
    this.#drawConsequences(START)
    for (const role of roles) role.start(steady)
    this.#rolesStarted = true
    this.#drawConsequences(START)
    this.#settling = false
    this.#dueParts.length = 0
    this.#dueServices.length = 0
    this.#published.begin()
  }

  #followShared(): void {
    for (const shock of this.#built.shocks) shock.follow()
    for (const event of this.#built.events) event.startNew()
  }

  #startShared(steady: boolean): void {
    const { shocks, events, calendars } = this.#built
    for (const shock of shocks) shock.start()
    for (const event of events) {
      if (steady) event.startSteady(meanRepairOf(this.#compiled, event.group))
      else event.startNew()
    }
    if (!steady) for (const calendar of calendars) calendar.startNew()
    else startTogether(calendars, this.model.maintenance, this.simulation.streams)
  }
}

/**
 * Starts calendars at a random moment of their common period, so that they stand to one another as they do from the
 * beginning on; where they have none that ends, each at a random moment of its own.
 */
function startTogether(
  calendars: readonly MaintenanceCalendar[],
  entries: readonly Maintenance[],
  streams: RandomStreams,
): void {
  const period = commonPeriod(entries.map(({ every }) => every))
  const draw = (index: number, length: number) =>
    ms(streams.stream(`maintenance/${entries[index]!.name}`).next() * length)
  const together = period === null || entries.length === 0 ? null : draw(0, period)
  for (const [index, calendar] of calendars.entries())
    calendar.startSteady(together ?? draw(index, entries[index]!.every))
}

function meanRepairOf(compiled: CompiledModel, group: number): number {
  const { repair } = compiled.groups[group]!
  return repair === null ? Number.POSITIVE_INFINITY : meanOf(repair.of)
}
