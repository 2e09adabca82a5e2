import type { Ms } from '../base/units.ts'
import type { Actor } from '../engine/simulation.ts'
import type { ChangeReason, StructureHub } from './change.ts'
import type { Maintenance } from './model.ts'
import type { Part } from './part.ts'

interface Boundary {
  readonly kind: 'boundary'
}

const BOUNDARY: Boundary = { kind: 'boundary' }

/** What a maintenance calendar is made with. */
export interface MaintenanceOptions {
  readonly hub: StructureHub
  readonly maintenance: Maintenance
  readonly members: readonly Part[]
  /** Whether member `place` may be taken down now; null: always (blind). */
  readonly allows: ((place: number) => boolean) | null
}

/**
 * A calendar of planned windows: member k's begins at (k − 1) · apart in each period. A blind window comes whatever
 * else is down, and the member's own failure and repair go on in it; a guarded one is skipped when its guard does not
 * allow it at the moment it should begin, and is not cut short afterwards.
 *
 * At one instant windows end before others begin, and both are one change: with `apart` equal to `lasts` two members
 * are never down together.
 */
export class MaintenanceCalendar implements Actor<Boundary> {
  readonly #options: MaintenanceOptions
  readonly #begins: ChangeReason
  readonly #over: ChangeReason
  /** Per member: when its next window should begin, and when its running one ends (infinity: none). */
  readonly #nextBegin: Float64Array
  readonly #ends: Float64Array

  constructor(options: MaintenanceOptions) {
    const { maintenance, members } = options
    this.#options = options
    this.#begins = { kind: 'maintenance', cause: maintenance.name, graceful: true }
    this.#over = { kind: 'maintenance', cause: maintenance.name, graceful: true }
    this.#nextBegin = Float64Array.from(members, (_, place) => place * maintenance.apart)
    this.#ends = new Float64Array(members.length).fill(Number.POSITIVE_INFINITY)
  }

  /** Starts at the beginning of a period. */
  startNew(): void {
    this.#plan()
  }

  /**
   * Starts as it is so long after its first period began (ms). Blind windows that are then running are entered; of guarded ones
   * nobody knows whether they were allowed, so they are left to the warm-up. The caller settles.
   */
  startSteady(since: Ms): void {
    const { maintenance, members, allows } = this.#options
    const into = since % maintenance.every
    for (let place = 0; place < members.length; place++) {
      const begun = place * maintenance.apart - into
      const periods = Math.ceil(-begun / maintenance.every)
      const next = begun + periods * maintenance.every
      this.#nextBegin[place] = next
      const end = next - maintenance.every + maintenance.lasts
      if (allows === null && end > 0 && next > 0) this.#enter(place, end)
    }
    this.#plan()
  }

  handle(_event: Boundary): void {
    const { hub, maintenance, members, allows } = this.#options
    const { now } = hub.simulation
    for (let place = 0; place < members.length; place++) {
      if (this.#ends[place]! > now) continue
      this.#ends[place] = Number.POSITIVE_INFINITY
      members[place]!.release(this.#over)
    }
    for (let place = 0; place < members.length; place++) {
      if (this.#nextBegin[place]! > now) continue
      this.#nextBegin[place]! += maintenance.every
      if (allows === null || allows(place)) this.#enter(place, now + maintenance.lasts)
    }
    this.#plan()
    hub.settle(this.#begins)
  }

  /** A window that begins while the last one still runs prolongs it. */
  #enter(place: number, end: number): void {
    if (this.#ends[place] === Number.POSITIVE_INFINITY) this.#options.members[place]!.hold(this.#begins)
    this.#ends[place] = end
  }

  #plan(): void {
    const { simulation } = this.#options.hub
    let next = Number.POSITIVE_INFINITY
    for (let place = 0; place < this.#ends.length; place++) {
      next = Math.min(next, this.#ends[place]!, this.#nextBegin[place]!)
    }
    simulation.scheduleAgenda(next as Ms, this, BOUNDARY)
  }
}
