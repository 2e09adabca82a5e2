import type { Ms } from '../base/units.ts'
import { exponential, samplerOf } from '../engine/distribution.ts'
import type { Random } from '../engine/random.ts'
import type { Actor } from '../engine/simulation.ts'
import type { ChangeReason, Repairable, Repairer, StructureHub } from './change.ts'
import type { Clock } from './compile.ts'
import type { Part } from './part.ts'
import type { ScoreClock } from './score-clock.ts'

export type CommonCauseEvent = { readonly kind: 'strike' } | { readonly kind: 'over' }

const STRIKE: CommonCauseEvent = { kind: 'strike' }
const OVER: CommonCauseEvent = { kind: 'over' }

/** What a shared shock is made with. */
export interface SharedShockOptions {
  readonly hub: StructureHub
  readonly name: string
  /** Index of the group that it strikes. */
  readonly group: number
  /** Mean time between shocks (ms): MTTF of a member / β. */
  readonly mean: number
  readonly members: readonly Part[]
  readonly stream: Random
}

/**
 * The beta-factor reading: one shock for the group, at rate β / MTTF, fails every member that is up; each is then
 * repaired on its own. Shocks come as a Poisson process, whatever the members' own failure law.
 */
export class SharedShock implements Actor<CommonCauseEvent> {
  readonly #options: SharedShockOptions
  readonly #reason: ChangeReason
  readonly #draw: (random: Random) => Ms
  readonly #score: ScoreClock | null

  constructor(options: SharedShockOptions) {
    this.#options = options
    this.#score = options.hub.scores?.sharedClockOf(options.group, options.mean) ?? null
    this.#reason = { kind: 'common-cause', cause: options.name, graceful: false }
    this.#draw = samplerOf(exponential(options.mean))
  }

  start(): void {
    const { simulation } = this.#options.hub
    this.follow()
    simulation.scheduleAgenda((simulation.now + this.#draw(this.#options.stream)) as Ms, this, STRIKE)
  }

  /** Lets its score be kept, whoever says when it strikes. */
  follow(): void {
    this.#score?.begin(this.#options.hub.simulation.now, false)
  }

  handle(_event: CommonCauseEvent): void {
    this.#score?.end(this.#options.hub.simulation.now, true)
    this.#hit()
    this.start()
    this.#options.hub.settle(this.#reason)
  }

  /** It can happen at any time. */
  get isOver(): boolean {
    return true
  }

  /** Happens now. */
  strike(): void {
    this.#score?.end(this.#options.hub.simulation.now, true)
    this.#hit()
    this.follow()
    this.#options.hub.settle(this.#reason)
  }

  #hit(): void {
    for (const member of this.#options.members) member.crash(this.#reason)
  }
}

/** What a shared event is made with; the crew of its group repairs it, too. */
export interface SharedEventOptions extends SharedShockOptions {
  /** How long the one repair takes: as a member's. null: for ever. */
  readonly repair: Clock | null
  readonly crew: Repairer | null
  /** Whether it strikes of itself. */
  readonly random: boolean
}

/**
 * The event reading: a shock that is one event with one repair. While it lasts every member is down, whatever its own
 * state, which goes on undisturbed; so a member is up with probability (1 − P(event)) (1 − P(own failure)).
 */
export class SharedEvent implements Actor<CommonCauseEvent>, Repairable {
  readonly group: number
  readonly #options: SharedEventOptions
  readonly #strikes: ChangeReason
  readonly #ends: ChangeReason
  readonly #draw: (random: Random) => Ms
  readonly #score: ScoreClock | null
  #runs = false

  constructor(options: SharedEventOptions) {
    this.#options = options
    this.#score = options.hub.scores?.sharedClockOf(options.group, options.mean) ?? null
    this.group = options.group
    this.#strikes = { kind: 'common-cause', cause: options.name, graceful: false }
    this.#ends = { kind: 'repair', cause: options.name, graceful: false }
    this.#draw = samplerOf(exponential(options.mean))
  }

  /** Whether it is not going on: it does not happen twice at once. */
  get isOver(): boolean {
    return !this.#runs
  }

  /** Starts with no event running. */
  startNew(): void {
    const { simulation } = this.#options.hub
    this.#score?.begin(simulation.now, false)
    if (!this.#options.random) return
    simulation.scheduleAgenda((simulation.now + this.#draw(this.#options.stream)) as Ms, this, STRIKE)
  }

  /** Starts as it is found in the long run: running with its share of time. The caller settles. */
  startSteady(meanRepair: number): void {
    const { hub, mean, stream } = this.#options
    const upShare = mean / (mean + meanRepair)
    const isUp = stream.next() < upShare
    hub.scores?.foundAtStart(this.group, hub.simulation.now, isUp, upShare)
    if (isUp) this.startNew()
    else this.#begin(true)
  }

  handle(event: CommonCauseEvent): void {
    if (event.kind === 'over') {
      this.repaired()
      return
    }
    this.strike()
  }

  /** Happens now; it is not going on already. */
  strike(): void {
    this.#score?.end(this.#options.hub.simulation.now, true)
    this.#begin(false)
    this.#options.hub.settle(this.#strikes)
  }

  repaired(): void {
    this.#runs = false
    for (const member of this.#options.members) member.release(this.#ends)
    this.startNew()
    this.#options.hub.settle(this.#ends)
  }

  #begin(residual: boolean): void {
    const { hub, members, repair, crew, stream } = this.#options
    this.#runs = true
    for (const member of members) member.hold(this.#strikes)
    if (repair === null) return
    const work = residual ? repair.drawResidual(stream) : repair.draw(stream)
    hub.scores?.repairDrawn(this.group, hub.simulation.now, work, residual)
    if (crew !== null) crew.request(this, work)
    else hub.simulation.scheduleAgenda((hub.simulation.now + work) as Ms, this, OVER)
  }
}
