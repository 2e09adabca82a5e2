import { listOf } from '../../base/list.ts'
import { type Ms, ms } from '../../base/units.ts'
import type { Random } from '../../engine/random.ts'
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

/**
 * gRPC's connection back-off (grpc/doc/connection-backoff.md): a refused endpoint is dialled again after a second, then after
 * 1.6 times as long as before, two minutes at most, each give or take a fifth. Measured with kube-apiserver 1.32.9 and a
 * member away for 10 s: /readyz was good again 5.5 to 6.3 s after its return.
 */
const FIRST_DIAL = 1_000
const DIAL_FACTOR = 1.6
const DIAL_MAX = 120_000
const DIAL_JITTER = 0.2

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
  /** Since when an endpoint has been dialled in vain; −1: it was not refused. */
  readonly #lostAt: Float64Array
  readonly #random: Random
  readonly #timers: EndpointTimers
  readonly #simulation: Simulation
  readonly #changed: () => void

  constructor(
    simulation: Simulation,
    members: readonly number[],
    timers: EndpointTimers,
    random: Random,
    changed: () => void,
  ) {
    this.#simulation = simulation
    this.members = members
    this.#timers = timers
    this.#changed = changed
    this.#connected = listOf(members.length, () => true)
    this.#states = listOf(members.length, () => 'up')
    this.#handles = new Float64Array(members.length).fill(-1)
    this.#lostAt = new Float64Array(members.length).fill(-1)
    this.#random = random
  }

  /** Tells how each endpoint fares now; `stateOf` is asked once per member. @returns whether any fares differently */
  reconcile(stateOf: (member: number) => EndpointState): boolean {
    let changed = false
    for (let slot = 0; slot < this.members.length; slot++) {
      const state = stateOf(this.members[slot]!)
      if (state === this.#states[slot]) continue
      this.#states[slot] = state
      changed = true
      this.#simulation.cancel(this.#handles[slot]!)
      if (state === 'refused') {
        this.#connected[slot] = false
        if (this.#lostAt[slot] === -1) this.#lostAt[slot] = this.#simulation.now
      } else if (state === 'up' && !this.#connected[slot]) this.#later(slot, this.#untilDial(slot))
      else if (state === 'silent') this.#later(slot, this.#timers.keepaliveTimeout)
      else if (state === 'hung') this.#later(slot, (this.#timers.keepaliveTime + this.#timers.keepaliveTimeout) as Ms)
    }
    return changed
  }

  /** Share of the requests that goes to each member, written into `shares`; all zero when no connection is left. */
  addShares(weight: number, shares: Float64Array): void {
    let connected = 0
    for (let slot = 0; slot < this.#connected.length; slot++) if (this.#connected[slot]) connected++
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

  /** A new process dials every endpoint at once. */
  dialAnew(): void {
    for (let slot = 0; slot < this.members.length; slot++) {
      const isUp = this.#states[slot] === 'up'
      if (isUp) this.#simulation.cancel(this.#handles[slot]!)
      this.#connected[slot] = isUp
      this.#lostAt[slot] = isUp ? -1 : this.#simulation.now
    }
  }

  handle(slot: number): void {
    this.#connected[slot] = this.#states[slot] === 'up'
    if (this.#connected[slot]) this.#lostAt[slot] = -1
    this.#changed()
  }

  /** From now to the next dial in the series that began when the endpoint was lost. */
  #untilDial(slot: number): Ms {
    const { now } = this.#simulation
    // A silent endpoint that comes back is noticed by its own packets.
    if (this.#lostAt[slot] === -1) return ms(FIRST_DIAL)
    let at = this.#lostAt[slot]!
    for (let wait = FIRST_DIAL; at <= now; wait = Math.min(wait * DIAL_FACTOR, DIAL_MAX)) {
      at += wait * (1 - DIAL_JITTER + 2 * DIAL_JITTER * this.#random.next())
    }
    return ms(at - now)
  }

  #later(slot: number, delay: Ms): void {
    this.#handles[slot] = this.#simulation.schedule(delay, this, slot)
  }
}
