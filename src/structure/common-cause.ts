import type { Ms } from '../base/units.ts'
import { exponential, samplerOf } from '../engine/distribution.ts'
import type { Random } from '../engine/random.ts'
import type { Actor } from '../engine/simulation.ts'
import type { ChangeReason, Repairable, Repairer, StructureHub } from './change.ts'
import type { Clock } from './compile.ts'
import type { Part } from './part.ts'

export type CommonCauseEvent = { readonly kind: 'strike' } | { readonly kind: 'over' }

const STRIKE: CommonCauseEvent = { kind: 'strike' }
const OVER: CommonCauseEvent = { kind: 'over' }

/** What a shared shock is made with. */
export interface SharedShockOptions {
  readonly hub: StructureHub
  readonly name: string
  /** Mean time between shocks (ms): MTTF of a member / β. */
  readonly mean: number
  readonly members: readonly Part[]
  readonly stream: Random
  /** Whether it strikes of itself. */
  readonly random: boolean
}

/**
 * The beta-factor reading: one shock for the group, at rate β / MTTF, fails every member that is up; each is then
 * repaired on its own. Shocks come as a Poisson process, whatever the members' own failure law.
 */
export class SharedShock implements Actor<CommonCauseEvent> {
  readonly #options: SharedShockOptions
  readonly #reason: ChangeReason
  readonly #draw: (random: Random) => Ms

  constructor(options: SharedShockOptions) {
    this.#options = options
    this.#reason = { kind: 'common-cause', cause: options.name, graceful: false }
    this.#draw = samplerOf(exponential(options.mean))
  }

  start(): void {
    const { simulation } = this.#options.hub
    simulation.scheduleAgenda((simulation.now + this.#draw(this.#options.stream)) as Ms, this, STRIKE)
  }

  handle(_event: CommonCauseEvent): void {
    this.start()
    this.strike()
  }

  /** It can happen at any time. */
  get isOver(): boolean {
    return true
  }

  /** Happens now. */
  strike(): void {
    for (const member of this.#options.members) member.crash(this.#reason)
    this.#options.hub.settle(this.#reason)
  }
}

/** What a shared event is made with. */
export interface SharedEventOptions extends SharedShockOptions {
  /** Index of the group: its crew repairs the event too. */
  readonly group: number
  /** How long the one repair takes: as a member's. null: for ever. */
  readonly repair: Clock | null
  readonly crew: Repairer | null
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
  #runs = false

  constructor(options: SharedEventOptions) {
    this.#options = options
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
    if (!this.#options.random) return
    const { simulation } = this.#options.hub
    simulation.scheduleAgenda((simulation.now + this.#draw(this.#options.stream)) as Ms, this, STRIKE)
  }

  /** Starts as it is found in the long run: running with its share of time. The caller settles. */
  startSteady(meanRepair: number): void {
    const { mean, stream } = this.#options
    if (stream.next() < mean / (mean + meanRepair)) this.startNew()
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
    if (crew !== null) crew.request(this, work)
    else hub.simulation.scheduleAgenda((hub.simulation.now + work) as Ms, this, OVER)
  }
}
