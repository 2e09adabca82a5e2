import type { Ms } from '../../../base/units.ts'
import { ms } from '../../../base/units.ts'
import type { EventHandle, Simulation } from '../../../engine/simulation.ts'
import type { Disk } from '../../../infra/disk.ts'
import { raftBehaviour } from '../../../raft/config.ts'
import { RawNode } from '../../../raft/raw-node.ts'
import type { ReadState, Ready } from '../../../raft/ready.ts'
import type { MemoryStorage } from '../../../raft/storage.ts'
import type { Entry, Message, Snapshot, SoftState } from '../../../raft/types.ts'
import { type EtcdVersion, isSince } from './version.ts'

/** Settings of the loop; times in ms. */
export interface LoopConfig {
  readonly id: number
  readonly version: EtcdVersion
  readonly tickInterval: number
  readonly electionTicks: number
  readonly preVote: boolean
  /** Uniform in [0, 1): election timeouts. */
  readonly random: () => number
}

/** The server layer around the loop. */
export interface LoopHost {
  /** The leader or the role has changed as far as the server layer is told: only between two log writes. */
  softStateChanged(soft: SoftState): void
  readStateArrived(read: ReadState): void
  apply(entries: readonly Entry[], snapshot: Snapshot | undefined): void
  appliedIndex(): number
  send(message: Message): void
  /** Raft was given something: it may know a leader now. */
  raftChanged(): void
  /** A log write has ended. */
  logWritten(): void
  runs(event: () => void): boolean
  /** Frozen (SIGSTOP). */
  readonly paused: boolean
}

type LoopEvent = { readonly kind: 'tick' | 'synced'; readonly generation: number }

/**
 * The one goroutine between Raft and the world: it does a tick or a whole Ready, never both at once. A log write that
 * hangs therefore stops the ticks of its member: a leader sends no heartbeat and does not notice that it has lost its
 * quorum, a follower does not campaign. Raft itself goes on taking messages; what it answers waits for the next Ready.
 * Order of a Ready: tell the leader, hand over read and apply work, send (a leader), write the log, send (the others),
 * advance (server/etcdserver/raft.go, raftNode.start).
 */
export class RaftLoop {
  readonly raft: RawNode
  readonly #simulation: Simulation
  readonly #config: LoopConfig
  readonly #host: LoopHost
  readonly #disk: Disk
  readonly #storage: MemoryStorage
  /**
   * Up to 3.4.20 and 3.5.4 committed entries were applied while their own log write was under way: a single member could
   * acknowledge what a crash then took back (etcd issue 14370). Raft 3.6 hands them out only when they are durable.
   */
  readonly #writesBeforeApply: boolean
  #generation = 0
  #ready: Ready | undefined
  #syncing = false
  /** Whether the messages of the Ready in hand left before its write: it was a leader's. */
  #sentFirst = false
  /** Index of a membership change that a non-leader must have applied before its messages leave. */
  #awaitsApply = 0
  #owedTick = false
  #working = false
  #nextTickAt: Ms = ms(0)
  #lastTickAt: Ms = ms(0)
  #tick: EventHandle = -1

  constructor(simulation: Simulation, config: LoopConfig, host: LoopHost, disk: Disk, storage: MemoryStorage) {
    this.#simulation = simulation
    this.#config = config
    this.#host = host
    this.#disk = disk
    this.#storage = storage
    this.#writesBeforeApply = isSince(config.version, { '3.4': 21, '3.5': 5, '3.6': 0 })
    this.raft = new RawNode({
      id: config.id,
      storage,
      electionTick: config.electionTicks,
      heartbeatTick: 1,
      preVote: config.preVote,
      checkQuorum: true,
      random: config.random,
      maxSizePerMsg: 1024 * 1024,
      maxInflightMsgs: 512,
      behaviour: raftBehaviour(config.version.line),
    })
  }

  /** Begins to tick, the first time `phase` from now. */
  start(phase: Ms): void {
    this.#planTick((this.#simulation.now + phase) as Ms)
    this.#lastTickAt = this.#simulation.now
    this.work()
  }

  /** Ends for ever; a write under way is lost. */
  stop(): void {
    this.#generation++
    this.#simulation.cancel(this.#tick)
    this.#disk.abandon()
    this.#ready = undefined
  }

  /** Whether the loop hangs in a log write or in waiting for a membership change. */
  get busy(): boolean {
    return this.#syncing || this.#awaitsApply > 0
  }

  /** Whether it has ticked within three heartbeats (server.go, isActive). */
  get active(): boolean {
    return this.#simulation.now - this.#lastTickAt <= 3 * this.#config.tickInterval
  }

  handle(event: LoopEvent): void {
    if (event.generation !== this.#generation) return
    if (event.kind === 'tick') {
      this.#planTick((this.#nextTickAt + this.#config.tickInterval) as Ms)
      // The ticker's channel holds one tick; of what is missed while the loop hangs, or is frozen, one is made up for.
      if (this.busy || this.#host.paused) this.#owedTick = true
      else {
        this.#tickOnce()
        this.work()
      }
      return
    }
    if (!this.#host.runs(() => this.handle(event))) return
    this.#synced()
  }

  /** A message or request was given to Raft: does what follows from it. */
  work(): void {
    if (this.#working) return
    this.#working = true
    const generation = this.#generation
    this.#host.raftChanged()
    while (generation === this.#generation && this.#ready === undefined && this.raft.hasReady())
      this.#begin(this.raft.ready())
    this.#working = false
  }

  /** Skips ticks at the start of a process. */
  advanceTicks(ticks: number): void {
    for (let tick = 0; tick < ticks; tick++) this.raft.tick()
    this.work()
  }

  /** The process goes on after it was frozen. */
  resumed(): void {
    if (!this.busy) this.#makeUp()
  }

  /** Entries were applied: a Ready may have waited for it. */
  appliedMore(): void {
    if (this.#awaitsApply === 0 || this.#syncing || this.#host.appliedIndex() < this.#awaitsApply) return
    this.#awaitsApply = 0
    this.#end()
    this.#makeUp()
  }

  #tickOnce(): void {
    this.#lastTickAt = this.#simulation.now
    this.raft.tick()
  }

  #planTick(at: Ms): void {
    this.#nextTickAt = at
    this.#tick = this.#simulation.scheduleAt(at, this, { kind: 'tick', generation: this.#generation })
  }

  #begin(ready: Ready): void {
    const host = this.#host
    const generation = this.#generation
    const leads = this.raft.state === 'StateLeader'
    this.#ready = ready
    this.#sentFirst = leads
    if (ready.softState !== undefined) host.softStateChanged(ready.softState)
    const read = ready.readStates.at(-1)
    if (read !== undefined) host.readStateArrived(read)
    if (leads) for (const message of ready.messages) host.send(message)
    const later = this.#appliesLater(ready)
    if (ready.mustSync || ready.snapshot !== undefined) {
      this.#syncing = true
      this.#disk.sync(this, { kind: 'synced', generation })
    }
    if (!later) host.apply(ready.committedEntries, undefined)
    if (generation !== this.#generation) return
    if (!this.#syncing) this.#written(ready, leads)
  }

  /** Whether what this Ready lets apply has to be on the disk first. */
  #appliesLater(ready: Ready): boolean {
    if (ready.snapshot !== undefined) return true
    const first = ready.entries[0]
    const last = ready.committedEntries.at(-1)
    return this.#writesBeforeApply && first !== undefined && last !== undefined && last.index >= first.index
  }

  #synced(): void {
    const generation = this.#generation
    const ready = this.#ready!
    this.#syncing = false
    // The role it had when the write began decides: a deposed leader has sent its messages already.
    this.#written(ready, this.#sentFirst)
    if (generation !== this.#generation) return
    this.#host.logWritten()
    if (!this.busy) this.#makeUp()
  }

  #written(ready: Ready, sent: boolean): void {
    const generation = this.#generation
    const storage = this.#storage
    if (ready.hardState !== undefined) storage.setHardState(ready.hardState)
    if (ready.snapshot !== undefined) storage.applySnapshot(ready.snapshot)
    if (ready.entries.length > 0) storage.append(ready.entries)
    if (this.#appliesLater(ready)) this.#host.apply(ready.committedEntries, ready.snapshot)
    if (generation !== this.#generation) return
    if (sent) {
      this.#advance()
      return
    }
    const change = ready.committedEntries.findLast(({ type }) => type !== 'EntryNormal')
    if (change !== undefined && this.#host.appliedIndex() < change.index) this.#awaitsApply = change.index
    else this.#end()
  }

  #end(): void {
    const generation = this.#generation
    for (const message of this.#ready!.messages) this.#host.send(message)
    if (generation === this.#generation) this.#advance()
  }

  #advance(): void {
    this.#ready = undefined
    this.raft.advance()
  }

  /** After a stall: at most one of the missed ticks, then what has gathered. */
  #makeUp(): void {
    if (this.#owedTick) {
      this.#owedTick = false
      this.#tickOnce()
    }
    this.work()
  }
}
