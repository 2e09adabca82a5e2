import { ms } from '../base/units.ts'
import type { Random } from '../engine/random.ts'
import type { EventHandle, Simulation } from '../engine/simulation.ts'
import type { InvariantChecker } from '../observe/invariants/checker.ts'
import type { Subject } from '../observe/invariants/subject.ts'
import { raftBehaviour } from '../raft/config.ts'
import { confStateOf } from '../raft/configuration.ts'
import { RawNode } from '../raft/raw-node.ts'
import type { Ready } from '../raft/ready.ts'
import { type ConfState, type Entry, isLocalTarget, LOCAL_APPEND_THREAD, type Message } from '../raft/types.ts'
import { CheckedDisk, type DiskWrite } from './disk.ts'
import type { HostRules, Mutation } from './host-rules.ts'
import { INITIAL_STATE, type MachineState, NO_STATE } from './machine.ts'
import type { CheckSettings, CrashPoint } from './plan.ts'
import { Replica } from './replica.ts'
import { StorageThreads } from './storage-threads.ts'
import type { Receiver } from './transport.ts'

/** What happens to a member. */
export type MemberEvent =
  | { readonly kind: 'tick'; readonly generation: number }
  | { readonly kind: 'written'; readonly generation: number }
  | { readonly kind: 'appended'; readonly generation: number }
  | { readonly kind: 'applied'; readonly generation: number }
  | { readonly kind: 'start'; readonly generation: number }
  | { readonly kind: 'snapshot-sent'; readonly generation: number; readonly to: number; readonly arrived: boolean }

/** What a member needs of the world around it. */
export interface MemberWorld {
  readonly simulation: Simulation
  readonly settings: CheckSettings
  readonly checker: InvariantChecker
  readonly rules: HostRules
  readonly mutation: Mutation | undefined
  send(message: Message): void
  /** Raft has answered a read. */
  readAnswered(member: CheckedMember, context: string, index: number): void
  /** The state machine has moved. */
  applied(member: CheckedMember, entry: Entry | undefined): void
  /** A membership change has been applied. */
  changed(member: CheckedMember): void
  /** One more step has been checked. */
  counted(): void
}

/**
 * One member: Raft, its disk, and a host that does what etcd's does in the same order. A leader sends before it
 * writes, everyone else after; ticks stand still while the log is written, messages are still taken in. With storage
 * threads of its own a write no longer holds anything up, and what promises durability is sent by the thread.
 */
export class CheckedMember implements Subject, Receiver {
  readonly id: number
  readonly disk: CheckedDisk
  node: RawNode | undefined
  readonly replica: Replica
  paused = false
  /** Extra time of each write to the disk. */
  slowBy = 0
  /** The next passage of this point of its work crashes the member, for so long. */
  trap: { readonly point: CrashPoint; readonly lasts: number } | undefined
  generation = 0
  readonly world: MemberWorld
  readonly random: Random
  readonly #threads: StorageThreads
  readonly #tickInterval: number
  readonly #electionRandom: Random
  #tickHandle: EventHandle = -1
  #writing: Ready | undefined
  #unsent: readonly Message[] = []
  #owedTick = false
  #held: (Message | MemberEvent)[] = []
  /** Members that this one has seen go: it no longer listens to them. */
  readonly removed = new Set<number>()
  /** Members that this one has ever known. */
  readonly seen = new Set<number>()

  constructor(world: MemberWorld, id: number, initial: ConfState | undefined) {
    this.world = world
    this.id = id
    const { simulation, settings, rules } = world
    const machine = initial === undefined ? NO_STATE : INITIAL_STATE
    this.disk = new CheckedDisk(initial, machine)
    this.replica = new Replica(this, machine)
    this.random = simulation.streams.stream(`member/${id}/host`)
    this.#electionRandom = simulation.streams.stream(`member/${id}/election`)
    const drift = 1 + settings.drift * (2 * simulation.streams.stream(`member/${id}/clock`).next() - 1)
    this.#tickInterval = ms(settings.tickInterval * rules.clock(id, drift))
    this.#threads = new StorageThreads(this)
  }

  /** Running and not frozen. */
  get alive(): boolean {
    return this.node !== undefined && !this.paused
  }

  start(): void {
    if (this.node !== undefined) return
    const { settings, rules, mutation, checker } = this.world
    const { storage } = this.disk
    const behaviour = raftBehaviour(settings.version)
    const durable = this.disk.hardState()
    const recovered = rules.recovers(durable, this.replica.olderHardState)
    if (recovered !== durable) storage.setHardState(recovered)
    this.node = new RawNode({
      id: this.id,
      storage,
      electionTick: settings.electionTick,
      heartbeatTick: 1,
      random: () => this.#electionRandom.next(),
      preVote: settings.preVote,
      checkQuorum: settings.checkQuorum,
      readOnlyOption: settings.readOnlyOption,
      maxInflightMsgs: settings.maxInflightMsgs,
      maxSizePerMsg: settings.entriesPerAppend === 0 ? Number.POSITIVE_INFINITY : settings.entriesPerAppend * 24,
      asyncStorageWrites: settings.asyncStorage,
      applied: storage.snapshot().index,
      behaviour,
    })
    this.replica.start(rules.recoversMachine(this.disk.machine, this.replica.olderMachine), this.node.applied)
    mutation?.node?.(this.node)
    checker.started(this)
    checker.configurations.checkAt(this.id, this.node.applied, confStateOf(this.node.configuration))
    this.#scheduleTick(this.random.next() * this.#tickInterval)
    this.#work()
  }

  /** The process is gone, and with it all that was not written. */
  crash(lasts: number): void {
    this.trap = undefined
    if (this.node === undefined) return
    this.node = undefined
    this.paused = false
    this.generation++
    this.world.simulation.cancel(this.#tickHandle)
    this.#writing = undefined
    this.#unsent = []
    this.#owedTick = false
    this.#held = []
    this.#threads.crash()
    this.disk.crash()
    this.world.simulation.schedule(ms(lasts), this, { kind: 'start', generation: this.generation })
  }

  /** A crash in the middle of a write: some of its entries reach the disk. */
  tear(write: DiskWrite): void {
    this.disk.tear(write, Math.floor(this.random.next() * (write.entries.length + 1)))
  }

  pause(): void {
    if (this.node !== undefined) this.paused = true
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    const held = this.#held
    this.#held = []
    for (const item of held) {
      if ('kind' in item) this.handle(item)
      else this.receive(item)
    }
  }

  handle(event: MemberEvent): void {
    if (event.generation !== this.generation) return
    if (this.paused && event.kind !== 'start') {
      // Of the ticks that were missed one is made up for.
      if (event.kind !== 'tick' || !this.#held.some((held) => 'kind' in held && held.kind === 'tick')) {
        this.#held.push(event)
      }
      return
    }
    switch (event.kind) {
      case 'tick':
        this.#scheduleTick(this.#tickInterval)
        if (this.#writing !== undefined) this.#owedTick = true
        else this.#tick()
        break
      case 'written':
        this.#written()
        break
      case 'appended':
        this.#threads.appended()
        break
      case 'applied':
        this.#threads.applied()
        break
      case 'start':
        this.start()
        break
      case 'snapshot-sent':
        this.act((node) => node.reportSnapshot(event.to, event.arrived))
        break
    }
    this.world.counted()
  }

  receive(m: Message): void {
    const { node } = this
    if (node === undefined || this.removed.has(m.from)) return
    if (this.paused) {
      this.#held.push(m)
      return
    }
    const { checker } = this.world
    const before = checker.stepping(this, m)
    node.step(m)
    checker.stepped(this, m, before)
    this.world.counted()
    this.#work()
  }

  /** Does something to Raft that is no message, and the work that follows. */
  act(what: (node: RawNode) => void): void {
    if (this.node === undefined || this.paused) return
    what(this.node)
    this.world.checker.changed(this)
    this.#work()
  }

  /** Crashes if that was planned for this point. */
  crashesAt(point: CrashPoint): boolean {
    if (this.trap?.point !== point) return false
    this.crash(this.trap.lasts)
    return true
  }

  /** One write to the disk takes this long. */
  writeTime(): number {
    const { fsync } = this.world.settings
    return fsync + fsync * this.random.next() + this.slowBy
  }

  /** Makes a write durable. */
  write(write: DiskWrite): void {
    this.replica.write(write)
  }

  /** The state machine, and Raft's membership, take committed entries. */
  apply(entries: readonly Entry[]): void {
    if (this.node !== undefined) this.replica.apply(this.node, entries)
  }

  /** Saves a snapshot of the state machine and shortens the log. */
  compact(keep: number): void {
    if (this.node !== undefined) this.replica.compact(this.node, keep)
  }

  get machine(): MachineState {
    return this.replica.machine
  }

  send(messages: readonly Message[]): void {
    for (let i = 0; i < messages.length; i++) this.#sendOne(messages[i]!)
  }

  work(): void {
    this.#work()
  }

  #sendOne(m: Message): void {
    let sent = m
    if (m.type === 'MsgSnap' && m.snapshot !== undefined) {
      sent = {
        ...m,
        snapshot: this.world.rules.sendsSnapshot(m.snapshot, this.replica.freshSnapshot(this.node!, m.snapshot)),
      }
    }
    this.world.checker.sent(this, sent)
    this.world.send(sent)
  }

  #scheduleTick(delay: number): void {
    this.#tickHandle = this.world.simulation.schedule(ms(delay), this, { kind: 'tick', generation: this.generation })
  }

  #tick(): void {
    this.node!.tick()
    this.world.checker.ticked(this)
    this.#work()
  }

  #work(): void {
    const { world } = this
    while (this.node !== undefined && this.#writing === undefined && this.node.hasReady()) {
      const { node } = this
      const leads = node.state === 'StateLeader'
      const ready = node.ready()
      world.checker.handedOut(this, ready)
      for (const { context, index } of ready.readStates) world.readAnswered(this, String(context), index)
      if (world.settings.asyncStorage) this.#delegate(ready.messages)
      else this.#begin(ready, leads)
    }
  }

  /** Storage work goes to the threads, all else leaves at once. */
  #delegate(messages: readonly Message[]): void {
    for (const m of messages) {
      if (!isLocalTarget(m.to)) this.#sendOne(m)
      else if (m.to === LOCAL_APPEND_THREAD) this.#threads.append(m)
      else this.#threads.apply(m)
      if (this.node === undefined) return
    }
  }

  #begin(ready: Ready, leads: boolean): void {
    const { rules, simulation } = this.world
    if (leads && !this.#outruns(ready)) {
      this.send(ready.messages)
    } else {
      const early = ready.messages.filter((m) => rules.sendsBeforeWrite(m))
      this.send(early)
      this.#unsent = early.length === 0 ? ready.messages : ready.messages.filter((m) => !early.includes(m))
    }
    this.#writing = ready
    if (ready.mustSync || ready.snapshot !== undefined) {
      if (this.crashesAt('before-write')) return
      if (this.trap?.point === 'mid-write') {
        this.tear(ready)
        this.crashesAt('mid-write')
        return
      }
      simulation.schedule(ms(this.writeTime()), this, { kind: 'written', generation: this.generation })
      return
    }
    if (ready.hardState !== undefined) this.disk.cache(ready.hardState)
    this.#finish(ready)
  }

  /** Before raft 3.6 a voter alone commits what it has not written; as etcd since 3.4.21, nothing leaves before it is. */
  #outruns({ entries }: Ready): boolean {
    const first = entries[0]
    return first !== undefined && first.index <= this.node!.committed
  }

  #written(): void {
    const ready = this.#writing!
    this.write(ready)
    if (this.crashesAt('after-write')) return
    // What is on disk may be all that a commit waited for to be seen.
    this.world.checker.changed(this)
    this.#finish(ready)
    if (this.#owedTick && this.node !== undefined) {
      this.#owedTick = false
      this.#tick()
    }
    this.#work()
  }

  /** Sends what waited for the write, applies what is committed, and tells Raft. */
  #finish({ committedEntries }: Ready): void {
    const messages = this.#unsent
    this.#unsent = []
    this.send(messages)
    if (this.crashesAt('after-send')) return
    this.apply(committedEntries)
    this.#writing = undefined
    this.node!.advance()
    this.world.checker.changed(this)
  }
}
