import { type Ms, ms } from '../base/units.ts'
import type { Random } from '../engine/random.ts'
import type { Actor, Simulation } from '../engine/simulation.ts'
import type { Message } from '../raft/types.ts'
import type { CheckSettings } from './plan.ts'

/** Who takes messages off the network. */
export interface Receiver {
  receive(message: Message): void
}

/** What may be told of a message that is not an ordinary one: a snapshot, whose sender learns how it went. */
export interface TransportListener {
  snapshotSent(message: Message, arrived: boolean): void
}

/** One direction between two members. */
class Link {
  /** How many cuts lie on it. */
  cuts = 0
  loss = 0
  delay = 0
  /** When the last message of each stream arrives. */
  readonly last: [number, number, number] = [0, 0, 0]
  readonly random: Random

  constructor(random: Random) {
    this.random = random
  }
}

/**
 * The network between members. Streams keep their order: appends on one, snapshots on another, the rest on a third, as
 * etcd's peers talk; a message is lost whole, and none comes twice. Datagrams overtake each other and may come twice.
 */
export class Transport implements Actor<Message> {
  readonly #simulation: Simulation
  readonly #settings: CheckSettings
  readonly #links = new Map<number, Link>()
  readonly #receivers = new Map<number, Receiver>()
  readonly #listener: TransportListener
  #healed = false
  /** When all that is under way has arrived. */
  drainedAt = 0

  constructor(simulation: Simulation, settings: CheckSettings, listener: TransportListener) {
    this.#simulation = simulation
    this.#settings = settings
    this.#listener = listener
  }

  join(id: number, receiver: Receiver): void {
    this.#receivers.set(id, receiver)
  }

  link(from: number, to: number): { cuts: number; loss: number; delay: number } {
    return this.#link(from, to)
  }

  /** From now on nothing is cut, lost or slow. */
  heal(): void {
    this.#healed = true
    for (const link of this.#links.values()) {
      link.cuts = 0
      link.loss = 0
      link.delay = 0
    }
  }

  send(m: Message): void {
    const link = this.#link(m.from, m.to)
    const { random } = link
    const { loss, duplicates, transport } = this.#settings
    const lossy = link.loss > 0 || (loss > 0 && !this.#healed)
    const lost = link.cuts > 0 || (lossy && random.next() < Math.max(link.loss, this.#healed ? 0 : loss))
    if (lost) {
      if (m.type === 'MsgSnap') this.#listener.snapshotSent(m, false)
      return
    }
    this.#deliver(m, link)
    // Raft does not tell a proposal that comes twice from two proposals: that is its hosts' affair.
    const mayDouble = transport === 'datagrams' && m.type !== 'MsgProp'
    if (mayDouble && duplicates > 0 && !this.#healed && random.next() < duplicates) {
      this.#deliver(m, link)
    }
    if (m.type === 'MsgSnap') this.#listener.snapshotSent(m, true)
  }

  handle(m: Message): void {
    // A connection that breaks takes with it what was under way; a datagram that was sent arrives.
    if (this.#settings.transport === 'streams' && this.#link(m.from, m.to).cuts > 0) return
    this.#receivers.get(m.to)?.receive(m)
  }

  #deliver(m: Message, link: Link): void {
    const { latency, jitter, transport } = this.#settings
    const spread = this.#healed ? Math.min(jitter, latency) : jitter
    const travel = latency + link.delay + spread * link.random.next()
    let at: number = ms(this.#simulation.now + travel)
    if (transport === 'streams') {
      const stream = m.type === 'MsgApp' ? 0 : m.type === 'MsgSnap' ? 1 : 2
      at = Math.max(at, link.last[stream])
      link.last[stream] = at
    }
    this.drainedAt = Math.max(this.drainedAt, at)
    this.#simulation.scheduleAt(at as Ms, this, m)
  }

  #link(from: number, to: number): Link {
    const key = from * 1024 + to
    let link = this.#links.get(key)
    if (link === undefined) {
      link = new Link(this.#simulation.streams.stream(`link/${from}/${to}`))
      this.#links.set(key, link)
    }
    return link
  }
}
