import { ms } from '../../../base/units.ts'
import { electionTicks } from './config.ts'
import type { EtcdServer } from './server.ts'

/** Tick advance is tried every 50 ms for 5 s (server/etcdserver/server.go, adjustTicks). */
const ADVANCE_POLL = ms(50)
const ADVANCE_ATTEMPTS = 100

type LifeEvent = { readonly generation: number } & (
  | { readonly kind: 'publish' | 'drain-over' | 'stopped' }
  | { readonly kind: 'advance-ticks' | 'hand-over'; readonly attempt: number }
)

/** How a process begins and how it ends in peace. */
export class Life {
  readonly #server: EtcdServer
  #handingOver = false

  constructor(server: EtcdServer) {
    this.#server = server
  }

  /** The process runs: skips most of its first election timeout, and publishes itself. */
  begin(): void {
    this.#handingOver = false
    if (this.#server.config.initialElectionTickAdvance) this.#advanceTicks(0)
    this.#publish()
  }

  /** SIGTERM: clients are drained first, for as long as a request may take. */
  end(): void {
    this.#plan(this.#server.requestTimeout, { kind: 'drain-over', generation: this.#server.generation })
    this.drained()
  }

  /** The last client was answered. */
  drained(): void {
    if (this.#server.status === 'stopping' && this.#server.isDrained) this.#beginHandOver()
  }

  handle(event: LifeEvent): void {
    const server = this.#server
    if (event.generation !== server.generation || !server.runs(() => this.handle(event))) return
    switch (event.kind) {
      case 'publish':
        if (!server.serving) this.#publish()
        return
      case 'advance-ticks':
        this.#advanceTicks(event.attempt)
        return
      case 'drain-over':
        this.#beginHandOver()
        return
      case 'hand-over':
        this.#lookForHandOver(event.attempt)
        return
      case 'stopped':
        server.crash('stopped')
        return
    }
  }

  /** Until this has gone through Raft no client is let in; it is tried again after every request timeout. */
  #publish(): void {
    const { process, id, config, requestTimeout, generation } = this.#server
    this.#plan(requestTimeout, { kind: 'publish', generation })
    process.proposals.propose({ kind: 'publish', member: id, name: config.name }, () => {})
  }

  /**
   * All but one or two ticks of the first election timeout are skipped: at once for a single member, else when more than
   * one peer is connected. With a leader known its next heartbeat sets the counter back anyway.
   */
  #advanceTicks(attempt: number): void {
    const server = this.#server
    const { loop, state } = server.process
    const ticks = electionTicks(server.config)
    const peers = loop.raft.peers.filter(({ id }) => id !== server.id)
    if (peers.length === 0 && state.members.members.length <= 1) {
      if (loop.raft.promotable) loop.advanceTicks(ticks - 1)
      return
    }
    if (loop.raft.lead !== 0 || attempt >= ADVANCE_ATTEMPTS) return
    if (peers.filter(({ id }) => server.world.connectedSince(server, id) !== undefined).length > 1) {
      loop.advanceTicks(ticks - 2)
      return
    }
    const { generation } = server
    this.#plan(ADVANCE_POLL, { kind: 'advance-ticks', generation, attempt: attempt + 1 })
  }

  /**
   * A leader hands over to the voter that has been connected longest; without one it simply ends. Raft gives a transfer
   * up after an election timeout, but the server goes on looking until its request timeout.
   */
  #beginHandOver(): void {
    const server = this.#server
    if (this.#handingOver) return
    this.#handingOver = true
    const { loop } = server.process
    const target = server.lead === server.id ? this.#longestConnected() : undefined
    if (target === undefined) {
      this.#plan(server.config.stopTime, { kind: 'stopped', generation: server.generation })
      return
    }
    loop.raft.transferLeader(target)
    loop.work()
    this.#lookForHandOver(0)
  }

  #lookForHandOver(attempt: number): void {
    const { lead, id, config, requestTimeout, generation } = this.#server
    const moved = lead !== 0 && lead !== id
    const waits = !moved && attempt * config.heartbeatInterval < requestTimeout
    if (waits) this.#plan(config.heartbeatInterval, { kind: 'hand-over', generation, attempt: attempt + 1 })
    else this.#plan(config.stopTime, { kind: 'stopped', generation })
  }

  #longestConnected(): number | undefined {
    const server = this.#server
    let longest: { readonly id: number; readonly since: number } | undefined
    for (const { id, learner } of server.process.state.members.members) {
      const since = id === server.id || learner ? undefined : server.world.connectedSince(server, id)
      if (since !== undefined && (longest === undefined || since < longest.since)) longest = { id, since }
    }
    return longest?.id
  }

  #plan(after: number, event: LifeEvent): void {
    this.#server.simulation.schedule(ms(after), this, event)
  }
}
