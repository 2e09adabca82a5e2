import { type Ms, ms } from '../../base/units.ts'
import type { Sampler } from '../../engine/distribution.ts'
import type { Random } from '../../engine/random.ts'
import type { EventHandle, Simulation } from '../../engine/simulation.ts'
import type { Disk } from '../../infra/disk.ts'
import type { RawNode } from '../../raft/raw-node.ts'
import type { Ready } from '../../raft/ready.ts'
import { restart, setTimers } from '../../raft/shortcuts.ts'
import type { MemoryStorage } from '../../raft/storage.ts'
import { type Message, NO_MESSAGES } from '../../raft/types.ts'
import type { MemberConfig, MemberEvent, MemberMachine, MemberWorld, ProcessState } from './member-world.ts'
import { raftNode } from './raft-node.ts'

/** rafthttp gives a peer connection up after this long without progress (server/etcdserver/api/rafthttp/peer.go). */
const STREAM_TIMEOUT = 5_000
/** Tick advance is tried every 50 ms for 5 s (server/etcdserver/server.go, adjustTicks). */
const ADVANCE_POLL = ms(50)
const ADVANCE_ATTEMPTS = 100

/**
 * One etcd process around its Raft state machine, in the order of etcd's own loop: one goroutine does either a tick or
 * a whole Ready, so ticks stand still while the log is written, and of the missed ones at most one is made up for.
 * A leader sends before the write, everyone else after it. What is durable lives in `storage`; a crash forgets the rest.
 */
export class EtcdMember {
  readonly config: MemberConfig
  readonly disk: Disk
  storage: MemoryStorage
  raft: RawNode | undefined
  /** The Raft node that ended with the process; the next one may be the same, made anew. */
  #former: RawNode | undefined
  state: ProcessState = 'down'
  paused = false
  generation = 0
  /** When one that is starting will serve; when one that is stopping ends, or looks again whether it may. */
  changesAt: Ms = ms(0)
  /** When the next tick is due; ticks keep their phase for the life of the process. */
  nextTickAt: Ms = ms(0)
  /** When its last start began. */
  startedFrom: Ms = ms(0)
  #tickHandle: EventHandle = -1
  #tick: MemberEvent
  #restarts = false
  #owedTick = false
  /** The Ready in hand, while what it makes durable is being written. */
  #writing: Ready | undefined
  #unsent: readonly Message[] = NO_MESSAGES
  #heldWhilePaused: Message[] = []
  /** Ends of waits (a write, a start, a shutdown) that came while nothing ran. */
  #dueWhilePaused: MemberEvent[] = []
  #pausedSince: Ms = ms(0)
  readonly #simulation: Simulation
  readonly #world: MemberWorld
  readonly #startDelay: Sampler
  readonly #stopDelay: Sampler
  readonly #processRandom: Random
  readonly #electionRandom: Random

  constructor(
    simulation: Simulation,
    config: MemberConfig,
    world: MemberWorld,
    { disk, storage, start, stop }: MemberMachine,
  ) {
    this.#simulation = simulation
    this.config = config
    this.#world = world
    this.disk = disk
    this.storage = storage
    this.#startDelay = start
    this.#stopDelay = stop
    this.#processRandom = simulation.streams.stream(config.streams.process)
    this.#electionRandom = simulation.streams.stream(config.streams.election)
    this.#tick = { kind: 'tick', generation: 0 }
  }

  /** Is a member in Raft: runs, or has been told to stop and has not ended yet. */
  get takesPart(): boolean {
    return this.raft !== undefined
  }

  /** Running, not frozen: it answers. */
  get alive(): boolean {
    return this.raft !== undefined && !this.paused
  }

  /**
   * Listens to clients. One that is told to stop closes that door first, and goes on as a member while it hands over: each
   * of 20 leaders of etcd 3.4.23 turned away the first request after its SIGTERM (1 to 26 ms later), and all that followed.
   */
  get takesRequests(): boolean {
    return this.state === 'running'
  }

  /** Whether a log write is under way. */
  get busy(): boolean {
    return this.#writing !== undefined
  }

  /** Starts the process; it serves after its start delay. One that is still stopping is started when it has ended. */
  startWhenDown(): void {
    if (this.state === 'stopping') this.#restarts = true
    if (this.state !== 'down') return
    this.state = 'starting'
    this.startedFrom = this.#simulation.now
    this.changesAt = (this.#simulation.now + this.#startDelay(this.#processRandom)) as Ms
    this.#simulation.scheduleAt(this.changesAt, this, { kind: 'started', generation: this.generation })
  }

  /** Makes the process run at once, its first tick `phase` from now: how a simulation begins. */
  startAt(phase: Ms): void {
    this.state = 'running'
    this.#newRaft()
    this.#scheduleTick((this.#simulation.now + phase) as Ms)
  }

  /** SIGKILL, or the machine is gone: all that was not durable is lost, timers die with their generation. */
  crash(): void {
    if (this.state === 'down') return
    this.state = 'down'
    this.paused = false
    this.generation++
    this.#simulation.cancel(this.#tickHandle)
    this.#owedTick = false
    this.#writing = undefined
    this.#unsent = NO_MESSAGES
    if (this.#heldWhilePaused.length > 0) this.#heldWhilePaused = []
    if (this.#dueWhilePaused.length > 0) this.#dueWhilePaused = []
    this.disk.abandon()
    this.#former = this.raft
    this.raft = undefined
    this.#world.memberChanged(this)
  }

  /** SIGTERM: a leader hands leadership over first, then the process ends. */
  stop(): void {
    if (this.state === 'starting' || this.paused) this.crash()
    this.#restarts = false
    if (this.state !== 'running') return
    this.state = 'stopping'
    this.#handOver(0)
  }

  /** SIGSTOP: nothing runs; what arrives waits in the kernel's buffers until the peer gives the connection up. */
  pause(): void {
    if (this.state === 'down' || this.paused) return
    this.paused = true
    this.#pausedSince = this.#simulation.now
    this.#simulation.cancel(this.#tickHandle)
    this.#world.memberChanged(this)
  }

  /** SIGCONT: buffered messages are read; of the ticks that were missed one fires. */
  resume(): void {
    if (!this.paused) return
    this.paused = false
    const due = this.#dueWhilePaused
    this.#dueWhilePaused = []
    const { generation, raft } = this
    for (const event of due) this.handle(event)
    if (raft === undefined || this.generation !== generation) return
    for (const message of this.#heldWhilePaused) raft.step(message)
    this.#heldWhilePaused = []
    const interval = this.config.tickInterval
    const missed = Math.floor((this.#simulation.now - this.nextTickAt) / interval) + 1
    if (missed > 0) {
      this.#tickOnce()
      this.nextTickAt = (this.nextTickAt + missed * interval) as Ms
    }
    this.#scheduleTick(this.nextTickAt)
    this.#work()
    this.#world.memberChanged(this)
  }

  handle(event: MemberEvent): void {
    if (event.generation !== this.generation) return
    if (this.paused) {
      this.#dueWhilePaused.push(event)
      return
    }
    if (event.kind === 'tick') this.#ticked()
    else if (event.kind === 'synced') this.#synced()
    else if (event.kind === 'started') this.#started()
    else if (event.kind === 'advance-ticks') this.#advanceTicks(event.attempt)
    else if (event.kind === 'hand-over') this.#handOver(event.attempt)
    else this.#stopped()
  }

  /** A client's write at this member, when it leads. */
  propose(): void {
    if (this.raft === undefined || this.paused) return
    this.raft.propose('')
    this.#work()
  }

  /** Takes the timer out of the queue while nothing happens; {@link wake} puts it back. */
  sleep(): void {
    this.#simulation.cancel(this.#tickHandle)
  }

  /** Goes on ticking from `nextTickAt`, as if every tick since {@link sleep} had run. */
  wake(nextTickAt: Ms): void {
    this.#scheduleTick(nextTickAt)
  }

  /** A tick came while the log was being written: it is made up for afterwards. */
  oweTick(): void {
    this.#owedTick = true
  }

  /**
   * A tick that came at `at` to a candidate cut off from everyone: its messages reached nobody. Its disk is written as ever,
   * so that its streams of chance stay where they would be, and may still be at it.
   */
  tickAlone(at: Ms): void {
    const raft = this.raft!
    raft.tick()
    while (raft.hasReady()) {
      const ready = raft.ready()
      const written = ready.mustSync ? at + this.disk.skipSync() : at
      if (ready.mustSync && written >= this.#simulation.now) {
        this.#writing = ready
        this.#unsent = ready.messages
        this.#simulation.scheduleAt(written as Ms, this, { kind: 'synced', generation: this.generation })
        return
      }
      if (ready.hardState !== undefined) this.storage.setHardState(ready.hardState)
      raft.advance()
    }
  }

  #ticked(): void {
    this.#scheduleTick((this.nextTickAt + this.config.tickInterval) as Ms)
    if (this.busy) this.#owedTick = true
    else {
      this.#tickOnce()
      this.#work()
      this.#world.ticked(this)
    }
  }

  #stopped(): void {
    const restarts = this.#restarts
    this.#world.beforeEnd(this)
    this.crash()
    if (restarts) this.startWhenDown()
  }

  #started(): void {
    if (this.#world.ticksFirst(this)) {
      this.#simulation.scheduleAt(this.changesAt, this, { kind: 'started', generation: this.generation })
      return
    }
    const sleeps = this.#world.beforeStart(this)
    this.state = 'running'
    this.#newRaft()
    this.nextTickAt = (this.#simulation.now + this.config.tickInterval) as Ms
    if (!sleeps) this.#scheduleTick(this.nextTickAt)
    if (this.config.initialElectionTickAdvance) this.#advanceTicks(0)
    this.#world.memberChanged(this)
  }

  #newRaft(): void {
    const former = this.#former
    this.#former = undefined
    if (former !== undefined && restart(former, this.storage)) this.raft = former
    else this.raft = raftNode(this.config, this.storage, this.#electionRandom)
    if (this.#tick.generation !== this.generation) this.#tick = { kind: 'tick', generation: this.generation }
  }

  #scheduleTick(at: Ms): void {
    this.nextTickAt = at
    this.#tickHandle = this.#simulation.scheduleAt(at, this, this.#tick)
  }

  #tickOnce(): void {
    const raft = this.raft!
    const before = raft.electionElapsed
    const again = raft.state !== 'StateFollower'
    raft.tick()
    // A campaign is the only thing that takes a non-leader's counter back to zero within a tick.
    if (raft.state !== 'StateLeader' && raft.electionElapsed <= before && raft.state !== 'StateFollower') {
      this.#world.campaigned(this, again)
    }
  }

  /** A message from a peer's stream. */
  receive(message: Message): void {
    if (this.raft === undefined) return
    if (this.paused) {
      // A blocked stream is closed after 5 s (rafthttp's write timeout); later messages never reach the socket.
      if (this.#simulation.now - this.#pausedSince < STREAM_TIMEOUT) this.#heldWhilePaused.push(message)
      return
    }
    this.raft.step(message)
    if (message.type === 'MsgTimeoutNow' && this.raft.state === 'StateCandidate') this.#world.campaigned(this, false)
    this.#work()
  }

  #work(): void {
    const raft = this.raft!
    while (!this.busy && raft.hasReady()) {
      const ready = raft.ready()
      const leads = raft.state === 'StateLeader'
      if (leads) this.#send(ready.messages)
      else this.#unsent = ready.messages
      if (ready.snapshot !== undefined) this.storage.applySnapshot(ready.snapshot)
      if (ready.mustSync) {
        this.#writing = ready
        this.disk.sync(this, { kind: 'synced', generation: this.generation })
      } else {
        if (ready.hardState !== undefined) this.storage.setHardState(ready.hardState)
        this.#flush()
      }
      if (ready.softState !== undefined || ready.committedEntries.length > 0) this.#world.memberChanged(this)
    }
  }

  /** The disk answers at once, whatever it was waiting for. */
  endWrite(): void {
    this.disk.abandon()
    this.#synced()
  }

  #synced(): void {
    const { hardState, entries } = this.#writing!
    this.#writing = undefined
    if (hardState !== undefined) this.storage.setHardState(hardState)
    if (entries.length > 0) this.storage.append(entries)
    this.#flush()
    if (this.#owedTick) {
      this.#owedTick = false
      this.#tickOnce()
    }
    this.#work()
  }

  /** The end of a Ready: a non-leader's messages leave only now, after the write. */
  #flush(): void {
    const messages = this.#unsent
    this.#unsent = NO_MESSAGES
    this.#send(messages)
    this.raft!.advance()
  }

  /** After a restart: once more than one peer is connected, all but two ticks of the election timeout are skipped. */
  #advanceTicks(attempt: number): void {
    const raft = this.raft!
    const { electionTicks, members } = this.config
    if (members === 1) {
      for (let tick = 0; tick < electionTicks - 1; tick++) this.#tickOnce()
      this.#work()
      return
    }
    // With a leader known the counter is reset by its next heartbeat anyway.
    if (raft.lead !== 0 || attempt >= ADVANCE_ATTEMPTS) return
    if (this.#world.activePeers(this) > 1) {
      if (attempt > 0) this.#world.beforeAdvance()
      // A tick at this very instant, as at every other poll, was planned before the poll and comes first.
      if (this.nextTickAt === this.#simulation.now) {
        this.#simulation.schedule(ms(0), this, { kind: 'advance-ticks', generation: this.generation, attempt })
        return
      }
      const ticks = electionTicks - 2
      if (raft.electionElapsed + ticks < raft.randomizedElectionTimeout) setTimers(raft, raft.electionElapsed + ticks)
      else for (let tick = 0; tick < ticks; tick++) this.#tickOnce()
      this.#work()
      return
    }
    const event: MemberEvent = { kind: 'advance-ticks', generation: this.generation, attempt: attempt + 1 }
    this.#simulation.schedule(ADVANCE_POLL, this, event)
  }

  /** Shutdown: transfer leadership, look every heartbeat whether it has moved, give up after the request timeout. */
  #handOver(attempt: number): void {
    const raft = this.raft!
    const { tickInterval, electionTicks, members } = this.config
    const target = members > 1 && attempt === 0 && raft.state === 'StateLeader' ? this.#world.transferTarget(this) : 0
    if (target !== 0) {
      raft.transferLeader(target)
      this.#work()
    }
    const requestTimeout = 5_000 + 2 * electionTicks * tickInterval
    const moved = raft.lead !== 0 && raft.lead !== this.config.id
    const waits = (target !== 0 || attempt > 0) && !moved && attempt * tickInterval < requestTimeout
    const takes = waits ? tickInterval : this.#stopDelay(this.#processRandom)
    this.changesAt = (this.#simulation.now + takes) as Ms
    const { generation } = this
    const event: MemberEvent = waits
      ? { kind: 'hand-over', generation, attempt: attempt + 1 }
      : { kind: 'stopped', generation }
    this.#simulation.scheduleAt(this.changesAt, this, event)
  }

  #send(messages: readonly Message[]): void {
    for (const message of messages) this.#world.send(this, message)
  }
}
