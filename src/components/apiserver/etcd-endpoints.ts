import { listOf } from '../../base/list.ts'
import type { Ms } from '../../base/units.ts'
import type { Simulation } from '../../engine/simulation.ts'
import type { MemberAnswer } from '../../protocol/etcd-client.ts'

/** How the connection to a member fares: `silent` is a dead path, `hung` a frozen process whose kernel still answers. */
export type EndpointState = 'up' | 'refused' | 'silent' | 'hung'

export interface EndpointTimers {
  /** gRPC keepalive: a connection is probed after this much silence… */
  readonly keepaliveTime: Ms
  /** …and given up after this long without an answer (also TCP_USER_TIMEOUT while data is unacknowledged). */
  readonly keepaliveTimeout: Ms
}

/** A refused or lost endpoint is dialled again at least this often while it is down (gRPC's base back-off). */
const REDIAL = 1_000

/**
 * The etcd endpoints of one API server: requests go round robin over the members it is connected to. A refused
 * connection leaves the set at once, a silent one after the keepalive timeout, a hung one after time + timeout; until
 * then its share of the requests hangs.
 */
export class EtcdEndpoints {
  /** Members, as indices. */
  readonly members: readonly number[]
  readonly #connected: boolean[]
  readonly #states: EndpointState[]
  readonly #handles: Float64Array
  readonly #timers: EndpointTimers
  readonly #simulation: Simulation
  readonly #changed: () => void

  constructor(simulation: Simulation, members: readonly number[], timers: EndpointTimers, changed: () => void) {
    this.#simulation = simulation
    this.members = members
    this.#timers = timers
    this.#changed = changed
    this.#connected = listOf(members.length, () => true)
    this.#states = listOf(members.length, () => 'up')
    this.#handles = new Float64Array(members.length).fill(-1)
  }

  /** Tells how each endpoint fares now; `stateOf` is asked once per member. */
  reconcile(stateOf: (member: number) => EndpointState): void {
    for (let slot = 0; slot < this.members.length; slot++) {
      const state = stateOf(this.members[slot]!)
      if (state === this.#states[slot]) continue
      this.#states[slot] = state
      this.#simulation.cancel(this.#handles[slot]!)
      if (state === 'refused') this.#connected[slot] = false
      else if (state === 'up' && !this.#connected[slot]) this.#later(slot, REDIAL as Ms)
      else if (state === 'silent') this.#later(slot, this.#timers.keepaliveTimeout)
      else if (state === 'hung') this.#later(slot, (this.#timers.keepaliveTime + this.#timers.keepaliveTimeout) as Ms)
    }
  }

  /** Share of the requests that goes to each member, written into `shares`; all zero when no connection is left. */
  addShares(weight: number, shares: Float64Array): void {
    let connected = 0
    for (const up of this.#connected) if (up) connected++
    if (connected === 0) return
    for (let slot = 0; slot < this.members.length; slot++) {
      // What goes to a silent endpoint hangs: it reaches no member.
      if (this.#connected[slot] && this.#states[slot] !== 'silent') shares[this.members[slot]!]! += weight / connected
    }
  }

  /** Whether at least half of the connections lead to a member that answers: what the next health check will meet. */
  usable(answer: (member: number) => MemberAnswer): boolean {
    let connected = 0
    let answering = 0
    for (let slot = 0; slot < this.members.length; slot++) {
      if (!this.#connected[slot]) continue
      connected++
      if (answer(this.members[slot]!) === 'ok') answering++
    }
    return connected > 0 && 2 * answering >= connected
  }

  handle(slot: number): void {
    this.#connected[slot] = this.#states[slot] === 'up'
    this.#changed()
  }

  #later(slot: number, delay: Ms): void {
    this.#handles[slot] = this.#simulation.schedule(delay, this, slot)
  }
}
