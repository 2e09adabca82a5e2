import { ms } from '../../../base/units.ts'
import type { Simulation } from '../../../engine/simulation.ts'
import { confStateOf } from '../../../raft/configuration.ts'
import type { RawNode } from '../../../raft/raw-node.ts'
import type { ReadState } from '../../../raft/ready.ts'
import type { ConfChange, Entry, Message, Snapshot, SoftState } from '../../../raft/types.ts'
import type { ApplyTarget } from './apply-queue.ts'
import type { ServerConfig } from './config.ts'
import { BACKEND_COMMIT, type DataDirectory } from './durable.ts'
import type { EtcdError, TimeoutFacts } from './errors.ts'
import { FrontDoor } from './front-door.ts'
import { Life } from './life.ts'
import { REMOVED_STOP_DELAY } from './membership.ts'
import { type EtcdProcess, firstTick, newProcess } from './process.ts'
import { changeContextOf, proposalOf } from './proposals.ts'
import type { LoopHost } from './raft-loop.ts'
import type { ReadLoop } from './read-loop.ts'
import { type Outcome, type Request, type RequestOptions, type RequestSink, requestTimeout } from './requests.ts'
import type { ServerWorld } from './server-world.ts'
import type { ReplicatedState } from './state.ts'

type ServerEvent = {
  readonly kind: 'started' | 'commit-backend' | 'removed'
  readonly generation: number
}

/**
 * One etcd member as its clients know it: the server layer around Raft. Requests go in by {@link call}, and their true
 * outcome comes out, however long it takes. What the kernel brings to a frozen process waits until it goes on.
 */
export class EtcdServer implements LoopHost, ApplyTarget {
  readonly config: ServerConfig
  readonly directory: DataDirectory
  readonly requestTimeout: number
  readonly simulation: Simulation
  readonly world: ServerWorld
  /** `stopping`: SIGTERM was received; new clients are refused, old ones served. */
  status: 'down' | 'starting' | 'running' | 'stopping' = 'down'
  paused = false
  generation = 0
  /** The first publication has gone through: only then are clients let in. */
  serving = false
  /** As the server layer knows it; Raft itself may know better while its loop hangs. */
  lead = 0
  /** When this member last became leader. */
  electedAt = Number.NEGATIVE_INFINITY
  readonly #front: FrontDoor
  readonly #life: Life
  #process: EtcdProcess | undefined
  #applied = 0
  #commitDue = false
  #commitPlanned = false
  #held: (() => void)[] = []

  constructor(simulation: Simulation, config: ServerConfig, world: ServerWorld, directory: DataDirectory) {
    this.simulation = simulation
    this.config = config
    this.world = world
    this.directory = directory
    this.requestTimeout = requestTimeout(config.electionTimeout)
    this.#front = new FrontDoor(this)
    this.#life = new Life(this)
  }

  get id(): number {
    return this.config.id
  }

  /** Parts of the running process. */
  get process(): EtcdProcess {
    return this.#process!
  }

  get raft(): RawNode | undefined {
    return this.#process?.loop.raft
  }

  /** What has been applied here; undefined without a process. */
  get state(): ReplicatedState | undefined {
    return this.#process?.state
  }

  /** Running, not frozen: it answers. */
  get alive(): boolean {
    return (this.status === 'running' || this.status === 'stopping') && !this.paused
  }

  // Life and death

  /** Starts the process. It lets clients in only when it has published itself, for which it needs a quorum. */
  start(): void {
    if (this.status !== 'down') return
    this.status = 'starting'
    this.#plan(this.config.startTime, 'started')
  }

  /** SIGKILL: what was not durable is lost, and every connection is closed by the kernel. */
  crash(reason: EtcdError = 'connection-reset'): void {
    if (this.status === 'down') return
    this.status = 'down'
    this.generation++
    this.paused = false
    this.serving = false
    this.lead = 0
    this.#held = []
    this.#commitDue = false
    this.#commitPlanned = false
    const process = this.#process
    this.#process = undefined
    process?.loop.stop()
    process?.queue.clear()
    process?.keeper.stop()
    this.#front.closeAll(reason)
    process?.proposals.stop(reason)
    process?.reads.stop(reason)
  }

  /** SIGTERM: clients are served to the end or to the request timeout, then a leader hands over, then all ends. */
  stop(): void {
    if (this.status === 'starting' || this.paused) this.crash()
    if (this.status !== 'running') return
    this.status = 'stopping'
    this.#life.end()
  }

  /** A client was answered: a stopping process waits for the last one. */
  drained(): void {
    this.#life.drained()
  }

  get isDrained(): boolean {
    return this.#front.isEmpty
  }

  /** SIGSTOP. */
  pause(): void {
    if (this.status !== 'down') this.paused = true
  }

  /** SIGCONT: what came in the meantime happens now, in its order; of the missed ticks one. */
  resume(): void {
    if (!this.paused) return
    this.paused = false
    const { generation } = this
    const held = this.#held
    this.#held = []
    for (const event of held) if (generation === this.generation) event()
    if (generation === this.generation) this.#process?.loop.resumed()
  }

  /** Whether an event may happen now; one that finds the process frozen happens when it goes on. */
  runs(event: () => void): boolean {
    if (this.paused) this.#held.push(event)
    return !this.paused
  }

  handle(event: ServerEvent): void {
    if (event.generation !== this.generation || !this.runs(() => this.handle(event))) return
    switch (event.kind) {
      case 'started':
        this.#started()
        return
      case 'commit-backend':
        this.#commitPlanned = false
        this.#commitBackend()
        return
      case 'removed':
        this.crash('stopped')
        return
    }
  }

  #started(): void {
    this.status = 'running'
    this.#process = newProcess(this)
    this.#applied = this.directory.storage.snapshot().index
    this.#process.keeper.start()
    this.#process.loop.start(firstTick(this))
    this.#life.begin()
  }

  // What arrives

  /** A client's request; the answer comes to `sink` under the client's own number for it. */
  call(sink: RequestSink, number: number, request: Request, options: RequestOptions = {}): void {
    this.#front.call(sink, number, request, options)
  }

  /** A peer asks for what only a leader can do. */
  forwarded(request: Request, done: (outcome: Outcome) => void): void {
    this.#front.forwarded(request, done)
  }

  /** A message from a peer's stream. */
  receive(message: Message): void {
    if (this.#process === undefined || !this.runs(() => this.receive(message))) return
    this.#process.loop.raft.step(message)
    this.#process.loop.work()
  }

  /** How sending a snapshot to a peer has ended. */
  snapshotSent(to: number, ok: boolean): void {
    if (this.#process === undefined || !this.runs(() => this.snapshotSent(to, ok))) return
    this.#process.loop.raft.reportSnapshot(to, ok)
    this.#process.loop.work()
  }

  // What the loop tells

  softStateChanged(soft: SoftState): void {
    const process = this.process
    const isNew = soft.lead !== 0 && soft.lead !== this.lead
    this.lead = soft.lead
    if (soft.state !== 'StateLeader') process.lessor.demote()
    else if (isNew) this.electedAt = this.simulation.now
    if (isNew) process.reads.leaderChanged()
  }

  readStateArrived(read: ReadState): void {
    this.process.reads.confirmed(String(read.context), read.index)
  }

  apply(entries: readonly Entry[], snapshot: Snapshot | undefined): void {
    if (entries.length > 0 || snapshot !== undefined) this.process.queue.push(entries, snapshot)
  }

  appliedIndex(): number {
    return this.#applied
  }

  send(message: Message): void {
    if (message.type === 'MsgSnap') message.snapshot = this.#snapshotNow()
    if (this.process.state.members.removed.has(message.to)) return
    this.world.send(this, message)
  }

  raftChanged(): void {
    this.process.proposals.release()
  }

  logWritten(): void {
    if (this.#commitDue) this.#commitBackend()
  }

  timeoutFacts(startedAt: number): TimeoutFacts {
    const { lead, electedAt } = this
    const leadership = lead === 0 ? 'none' : lead === this.id ? 'self' : 'other'
    return {
      startedAt,
      electedAt,
      electionTimeout: this.config.electionTimeout,
      leadership,
      connectedSince: leadership === 'self' ? this.#connectedToQuorum(startedAt) : this.connectedSince(lead, startedAt),
    }
  }

  /** Whether the stream to a member was up before `at` and has stayed so; every member is connected to itself. */
  connectedSince(member: number, at: number): boolean {
    if (member === this.id) return true
    const since = this.world.connectedSince(this, member)
    return since !== undefined && since < at
  }

  #connectedToQuorum(at: number): boolean {
    const { members } = this.process.state.members
    const connected = members.filter(({ id }) => this.connectedSince(id, at)).length
    return connected >= Math.floor(members.length / 2) + 1
  }

  // What is applied

  applyEntry(entry: Entry): void {
    const { state, reads } = this.process
    const isNew = entry.index > state.index
    this.#applied = entry.index
    if (isNew) {
      state.index = entry.index
      state.term = entry.term
    }
    if (entry.type !== 'EntryNormal') this.#applyChange(entry, isNew)
    else if (entry.data === undefined) this.#firstInTerm(reads)
    else if (isNew) this.#applyCommand(entry)
    if (isNew) this.#planCommit()
  }

  applySnapshot(snapshot: Snapshot): void {
    const process = this.process
    const state = (snapshot.data as ReplicatedState).clone()
    process.state = state
    this.#applied = snapshot.index
    this.directory.backend = state.clone()
  }

  appliedMore(): void {
    const process = this.#process
    if (process === undefined) return
    process.reads.appliedMore()
    process.loop.appliedMore()
    this.#compactLog()
  }

  #firstInTerm(reads: ReadLoop): void {
    reads.firstCommitInTerm()
    const { lessor, state } = this.process
    if (this.lead === this.id) lessor.promote(this.simulation.now, this.config.electionTimeout, state.leases.values())
  }

  #applyCommand(entry: Entry): void {
    const { state, proposals, lessor } = this.process
    const { member, request, command } = proposalOf(entry)!
    const outcome = state.apply(command)
    if (outcome.ok && command.kind === 'lease-grant') lessor.add(this.simulation.now, state.leases.get(command.lease)!)
    if (outcome.ok && command.kind === 'lease-revoke') lessor.remove(command.lease)
    if (outcome.ok && command.kind === 'publish' && command.member === this.id) this.serving = true
    proposals.settle(member, request, outcome)
  }

  #applyChange(entry: Entry, isNew: boolean): void {
    const { state, proposals, loop } = this.process
    const change = entry.data as ConfChange
    const context = changeContextOf(change.context)
    const outcome: Outcome = isNew ? state.changeMembers(context.change) : { ok: true, revision: state.store.revision }
    // A veto: Raft is told of a change of nobody, so that it knows the entry as applied.
    const changes = outcome.ok ? change.changes : change.changes.map((each) => ({ ...each, nodeId: 0 }))
    loop.raft.applyConfChange({ ...change, changes })
    proposals.settle(context.member, context.request, outcome)
    const removed = context.change.kind === 'member-remove' && context.change.member === this.id
    if (outcome.ok && removed && isNew) this.#plan(ms(REMOVED_STOP_DELAY), 'removed')
  }

  // The backend and the log

  #planCommit(): void {
    if (this.#commitPlanned) return
    this.#commitPlanned = true
    this.#plan(ms(BACKEND_COMMIT), 'commit-backend')
  }

  /** Never ahead of the log: what the log is still writing would be in the backend without being in the log. */
  #commitBackend(): void {
    const { loop, state, queue } = this.process
    this.#commitDue = loop.busy
    if (loop.busy) return
    if (queue.isHeld || this.directory.disk.stalled) this.#planCommit()
    else this.directory.backend = state.clone()
  }

  /** A snapshot point and a shorter log, every so many entries. Followers that lag more get the whole backend. */
  #compactLog(): void {
    const { storage } = this.directory
    const { loop, state } = this.process
    const at = this.#applied
    if (at - storage.snapshot().index <= this.config.snapshotCount || at > storage.lastIndex()) return
    if (loop.busy || state.index !== at) return
    this.directory.backend = state.clone()
    storage.createSnapshot(at, confStateOf(loop.raft.configuration), undefined)
    const keep = at - this.config.catchUpEntries
    if (keep > storage.firstIndex()) storage.compact(keep)
  }

  /** The backend as it is now, for a follower that lags too far behind. */
  #snapshotNow(): Snapshot {
    const { state, loop } = this.process
    return {
      index: state.index,
      term: state.term,
      confState: confStateOf(loop.raft.configuration),
      data: state.clone(),
    }
  }

  #plan(after: number, kind: ServerEvent['kind']): void {
    this.simulation.schedule(ms(after), this, { kind, generation: this.generation })
  }
}
