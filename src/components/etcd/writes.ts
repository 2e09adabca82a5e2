import { type Ms, ms } from '../../base/units.ts'
import type { EventHandle, Simulation } from '../../engine/simulation.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'

type WriteEvent = { readonly kind: 'write' } | { readonly kind: 'wake' }

const WRITE: WriteEvent = { kind: 'write' }
const WAKE: WriteEvent = { kind: 'wake' }

/** Before a planned event writes go on for this many of their intervals, so that the fault finds them under way. */
const LEAD_WRITES = 30

/** A group that will be left alone for this long is not worth writing to (ms). */
const SETTLED_FOR = 250

/**
 * The clients' writes to a group. Far from any planned event, a settled group's writes would only repeat themselves: they
 * stop until shortly before it. This is how load is modelled, not how time is skipped: it does not depend on whether quiet
 * time is simulated.
 */
export class Writes {
  readonly #simulation: Simulation
  readonly #group: EtcdGroup
  readonly #interval: Ms
  /** How long before a planned event they begin again. */
  readonly #lead: Ms
  /** From when on none is made; infinite: they go on. */
  #pausedFrom = Number.POSITIVE_INFINITY
  #nextAt = Number.POSITIVE_INFINITY
  #wakeHandle: EventHandle = -1
  #wakeAt = Number.POSITIVE_INFINITY

  constructor(simulation: Simulation, group: EtcdGroup) {
    const { writesPerSecond, heartbeatInterval } = group.config
    const interval = 1_000 / writesPerSecond
    this.#simulation = simulation
    this.#group = group
    this.#interval = ms(interval)
    // Writes rarer than heartbeats say nothing that the heartbeats do not: no need to find them under way.
    this.#lead = interval < heartbeatInterval ? ms(LEAD_WRITES * interval) : ms(0)
  }

  /** Whether none is going to come before the group is disturbed. */
  get areOver(): boolean {
    return this.#simulation.now >= this.#pausedFrom || this.#group.config.writesPerSecond === 0
  }

  /** Whether, as things stand, the next one will be the first that is not made. */
  get areAboutToEnd(): boolean {
    return this.areOver || this.#mayStop(this.#nextAt)
  }

  begin(): void {
    if (this.#group.config.writesPerSecond === 0) return
    this.#nextAt = this.#simulation.now + this.#interval
    this.#plan()
  }

  #plan(): void {
    this.#simulation.scheduleAt(this.#nextAt as Ms, this, WRITE)
  }

  /** As {@link begin}, of a group that sleeps: if the next one would find that nothing came of it, it need not be waited for. */
  #beginAsleep(): void {
    if (this.#group.config.writesPerSecond === 0) return
    this.#nextAt = this.#simulation.now + this.#interval
    if (this.#lead === 0 && this.#mayStop(this.#nextAt)) this.#pausedFrom = this.#nextAt
    else this.#plan()
  }

  /** When they first do something after an election that ends at `elected`; writes before it find no leader. */
  firstAfter(elected: number): number {
    const first = this.#nextAt >= elected ? this.#nextAt : elected + this.#interval
    return Math.min(first, this.#wakeAt)
  }

  /** When the next one comes, or they wake the group before a planned event. */
  get next(): number {
    return this.#simulation.now >= this.#pausedFrom ? this.#wakeAt : Math.min(this.#nextAt, this.#wakeAt)
  }

  /** They go on, if they had stopped, and find what is about to happen to the group. */
  resume(): void {
    const from = this.#pausedFrom
    if (!Number.isFinite(from)) return
    this.#pausedFrom = Number.POSITIVE_INFINITY
    if (this.#simulation.now < from) this.#plan()
    else this.begin()
  }

  /** Something changed: whether the next one is the last has to be asked when it comes. */
  reconsider(): void {
    if (this.#simulation.now < this.#pausedFrom) this.resume()
  }

  /** As {@link resume}, after something has happened to a group that sleeps on. */
  resumeAsleep(): void {
    if (this.areOver) {
      this.#pausedFrom = Number.POSITIVE_INFINITY
      this.#beginAsleep()
    } else this.resume()
  }

  handle(event: WriteEvent): void {
    if (event.kind === 'wake') {
      this.#wakeAt = Number.POSITIVE_INFINITY
      this.#group.disturb()
    } else if (!this.#pauses()) {
      if (this.#group.write()) this.#beginAsleep()
      else this.begin()
    }
  }

  #mayStop(at: number): boolean {
    const leader = this.#group.leader()
    // Without a leader writes wait at the members; they go on when one is elected.
    if (leader === undefined) return true
    return this.#simulation.nextAgendaTime() - at >= this.#lead + SETTLED_FOR && this.#isSettled(leader)
  }

  #pauses(): boolean {
    if (!this.#mayStop(this.#simulation.now)) return false
    const ahead = this.#simulation.nextAgendaTime()
    this.#pausedFrom = this.#simulation.now
    this.#simulation.cancel(this.#wakeHandle)
    this.#wakeAt = Number.POSITIVE_INFINITY
    if (this.#lead > 0 && Number.isFinite(ahead) && this.#group.leader() !== undefined) {
      this.#wakeAt = ahead - this.#lead
      this.#wakeHandle = this.#simulation.scheduleAt(this.#wakeAt as Ms, this, WAKE)
    }
    return true
  }

  /** Everyone who can hear the leader follows it, and nobody's disk is in the way of the next write. */
  #isSettled(leader: EtcdMember): boolean {
    if (!leader.raft!.hasCommittedInTerm || leader.state === 'stopping') return false
    for (const member of this.#group.members) {
      // A stalled disk must catch a write first; then its member is stuck and further ones change nothing.
      if (member.disk.stalled && member.alive && !member.disk.holdsWrite) return false
      const hears = member !== leader && this.#group.connected(member, leader)
      if (hears && member.raft!.lead !== leader.config.id) return false
    }
    return true
  }
}
