import { assertNever } from '../base/assert.ts'
import type { Ms } from '../base/units.ts'
import type { Random } from '../engine/random.ts'
import type { Actor, EventHandle } from '../engine/simulation.ts'
import type { ChangeReason, Repairable, Repairer, StructureHub } from './change.ts'
import type { CompiledGroup } from './compile.ts'
import type { ScoreClock } from './score-clock.ts'

export type PartEvent = { readonly kind: 'fail' } | { readonly kind: 'repaired' }

const FAIL: PartEvent = { kind: 'fail' }
const REPAIRED: PartEvent = { kind: 'repaired' }
const NO_EVENT: EventHandle = -1

/** What a member is made with. */
export interface PartOptions {
  readonly hub: StructureHub
  readonly index: number
  readonly name: string
  /** Index of its group. */
  readonly group: number
  readonly compiled: CompiledGroup
  /** The members of its group, itself included. */
  readonly mates: readonly Part[]
  /** Leaf of the condition network that is lowered while the part is down. */
  readonly upNode: number
  readonly failureStream: Random
  readonly repairStream: Random
  /** Whether a failure takes its mates along; null: no common cause propagates. */
  readonly propagationStream: Random | null
  /** null: each on its own. */
  readonly crew: Repairer | null
  readonly failed: ChangeReason
  readonly mended: ChangeReason
  /** One per propagating common cause of the group. */
  readonly propagated: readonly ChangeReason[]
  /** Whether random failures happen. */
  readonly random: boolean
}

/**
 * One member: a failure clock and a repair. It knows what it is, not what it means: consequences are the hub's.
 *
 * It is *down* while failed or held by at least one of maintenance, a shared event or a planned fault; holding does
 * not touch its own failure clock or repair.
 */
export class Part implements Actor<PartEvent>, Repairable {
  readonly index: number
  readonly name: string
  readonly group: number
  readonly upNode: number
  /** Whether it has failed and is not yet repaired. */
  failed = false
  /** Why it last changed. */
  reason: ChangeReason
  /** Order in which it last went down among all parts. */
  downOrder = 0
  readonly #hub: StructureHub
  readonly #compiled: CompiledGroup
  readonly #mates: readonly Part[]
  readonly #failureStream: Random
  readonly #repairStream: Random
  readonly #crew: Repairer | null
  readonly #options: PartOptions
  readonly #random: boolean
  /** Follows its failure clock, where somebody asks for scores. */
  readonly #score: ScoreClock | null
  /** Follows its repair, where no crew decides when that is worked on. */
  readonly #repairScore: ScoreClock | null
  /** Of its own next event. */
  #handle: EventHandle = NO_EVENT
  #handleAt = 0 as Ms
  /** While its failure clock stands still: what is left of it; else −1. */
  #clockLeft = -1 as Ms
  /** Whether its failure clock stands still (ages while-up, and what it needs is missing). */
  #stopped = false
  #holds = 0

  constructor(options: PartOptions) {
    this.index = options.index
    this.name = options.name
    this.group = options.group
    this.upNode = options.upNode
    this.reason = options.mended
    this.#hub = options.hub
    this.#compiled = options.compiled
    this.#mates = options.mates
    this.#failureStream = options.failureStream
    this.#repairStream = options.repairStream
    this.#crew = options.crew
    this.#random = options.random
    this.#score = options.hub.scores?.clockOf(options.group) ?? null
    this.#repairScore = options.crew === null ? (options.hub.scores?.repairClockOf(options.group) ?? null) : null
    this.#options = options
  }

  /** Whether it is neither failed nor held. */
  get isUp(): boolean {
    return !this.failed && this.#holds === 0
  }

  /** Whether it has not failed and its failure clock does not stand still. */
  get mayFail(): boolean {
    return !this.failed && !this.#stopped
  }

  /** What is left until it fails of itself; infinite while it is not known. */
  get untilFailure(): number {
    const runs = !this.failed && this.#handle !== NO_EVENT
    return runs ? this.#handleAt - this.#hub.simulation.now : Number.POSITIVE_INFINITY
  }

  /** Starts new, or, where its failures are another's to say, at an age (ms). */
  startNew(age = 0): void {
    this.#startClock(false, age)
  }

  /** Starts as an undisturbed part is found in the long run: up or down by their shares, with what is left of either. */
  startSteady(): void {
    const { failure, upShare } = this.#compiled
    if (!this.#random || failure === null) return
    const isUp = this.#failureStream.next() < upShare
    this.#hub.scores?.foundAtStart(this.group, this.#hub.simulation.now, isUp, upShare)
    if (isUp) {
      this.#startClock(true)
      return
    }
    this.#goDown(this.#options.failed)
    this.#askRepair(true)
  }

  handle(event: PartEvent): void {
    this.#handle = NO_EVENT
    switch (event.kind) {
      case 'fail':
        this.#failAlone()
        break
      case 'repaired':
        this.repaired()
        break
      default:
        assertNever(event)
    }
  }

  /** Fails of itself, now. Does nothing when it has failed already. */
  failNow(): void {
    if (this.failed) return
    this.#cancel()
    this.#clockLeft = -1 as Ms
    this.#failAlone()
  }

  /** Fails for a reason from outside its own clock; the caller settles. Does nothing when it has failed already. */
  crash(reason: ChangeReason): void {
    if (this.failed) return
    this.#cancel()
    this.#clockLeft = -1 as Ms
    this.#score?.end(this.#hub.simulation.now, false)
    this.#goDown(reason)
    this.#askRepair(false)
  }

  /** As good as new. */
  repaired(): void {
    this.#repairScore?.end(this.#hub.simulation.now, true)
    this.failed = false
    this.reason = this.#options.mended
    this.#trace('repaired')
    this.#startClock(false)
    this.#hub.network.raise(this.upNode)
    this.#hub.settle(this.#options.mended)
  }

  /** Takes it down without failing it; counts. The caller settles. */
  hold(reason: ChangeReason): void {
    this.#holds++
    this.reason = reason
    if (this.#holds === 1 && !this.failed) this.downOrder = ++this.#hub.downs
    this.#hub.network.lower(this.upNode)
    this.#trace('held', reason)
  }

  /** Undoes one {@link hold}. The caller settles. */
  release(reason: ChangeReason): void {
    this.#holds--
    this.reason = reason
    this.#hub.network.raise(this.upNode)
    this.#trace('released', reason)
  }

  /** Stops its failure clock where it stands, if it runs. */
  stopClock(): void {
    if (this.#stopped) return
    this.#stopped = true
    if (this.failed) return
    this.#score?.pause(this.#hub.simulation.now)
    if (this.#handle === NO_EVENT) return
    this.#clockLeft = (this.#handleAt - this.#hub.simulation.now) as Ms
    this.#cancel()
  }

  /** Lets its failure clock go on. */
  resumeClock(): void {
    if (!this.#stopped) return
    this.#stopped = false
    if (this.failed) return
    this.#score?.resume(this.#hub.simulation.now)
    if (this.#clockLeft < 0) return
    const left = this.#clockLeft
    this.#clockLeft = -1 as Ms
    this.#plan(left, FAIL)
  }

  #failAlone(): void {
    const { failed, propagated, propagationStream } = this.#options
    this.#score?.end(this.#hub.simulation.now, true)
    this.#goDown(failed)
    this.#askRepair(false)
    let reason = failed
    const { propagations } = this.#compiled
    for (let i = 0; i < propagations.length; i++) {
      if (propagationStream!.next() >= propagations[i]!.beta) continue
      reason = propagated[i]!
      for (const mate of this.#mates) mate.crash(reason)
    }
    this.#hub.settle(reason)
  }

  #goDown(reason: ChangeReason): void {
    this.failed = true
    this.reason = reason
    if (this.#holds === 0) this.downOrder = ++this.#hub.downs
    this.#hub.network.lower(this.upNode)
    this.#trace('failed', reason)
  }

  #askRepair(residual: boolean): void {
    const { repair } = this.#compiled
    if (repair === null) return
    const work = residual ? repair.drawResidual(this.#repairStream) : repair.draw(this.#repairStream)
    const { scores, simulation } = this.#hub
    if (this.#crew !== null) {
      scores?.repairDrawn(this.group, simulation.now, work, residual)
      this.#crew.request(this, work)
      return
    }
    this.#repairScore?.begin(simulation.now, residual)
    this.#plan(work, REPAIRED)
  }

  #startClock(residual: boolean, age = 0): void {
    const { failure } = this.#compiled
    if (failure === null) return
    this.#score?.begin(this.#hub.simulation.now, residual, age)
    if (this.#stopped) this.#score?.pause(this.#hub.simulation.now)
    if (!this.#random) return
    const time = residual ? failure.drawResidual(this.#failureStream) : failure.draw(this.#failureStream)
    if (this.#stopped) this.#clockLeft = time
    else this.#plan(time, FAIL)
  }

  #plan(delay: Ms, event: PartEvent): void {
    const { simulation } = this.#hub
    const at = (simulation.now + delay) as Ms
    this.#handleAt = at
    this.#handle = simulation.scheduleAgenda(at, this, event)
  }

  #cancel(): void {
    if (this.#handle === NO_EVENT) return
    this.#hub.simulation.cancelAgenda(this.#handle)
    this.#handle = NO_EVENT
  }

  #trace(what: string, reason?: ChangeReason): void {
    const { simulation } = this.#hub
    if (simulation.tracer === undefined) return
    const why = reason === undefined || reason === this.#options.failed ? '' : ` (${reason.cause})`
    simulation.tracer.record(simulation.now, this.name, what + why)
  }
}
