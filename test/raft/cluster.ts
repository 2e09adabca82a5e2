import { present } from '../../src/base/assert.ts'
import {
  type ConfState,
  changeOf,
  type Entry,
  MemoryStorage,
  type Message,
  type RaftConfig,
  RawNode,
  type ReadState,
} from '../../src/raft/index.ts'

/** Raft options of a test, for all members alike. */
export type Options = Partial<Omit<RaftConfig, 'id' | 'storage'>>

/** One member with its disk; a crash keeps the disk and loses the rest. */
export class Member {
  readonly id: number
  readonly storage = new MemoryStorage()
  readonly applied: Entry[] = []
  readonly readStates: ReadState[] = []
  raw: RawNode
  readonly #options: Options

  constructor(id: number, confState: ConfState, options: Options) {
    this.id = id
    this.#options = options
    this.storage.applySnapshot({ index: 1, term: 1, confState, data: undefined })
    this.raw = this.#start()
  }

  /** Starts anew from the disk; the state machine's contents are thought to be durable, too. */
  restart(): void {
    this.raw = this.#start()
  }

  #start(): RawNode {
    return new RawNode({
      id: this.id,
      storage: this.storage,
      electionTick: 10,
      heartbeatTick: 1,
      random: () => 0,
      applied: present(this.applied.at(-1)?.index ?? 1, 'applied'),
      ...this.#options,
    })
  }

  /** Persists, applies and advances all there is to do; returns the messages to send. */
  work(): Message[] {
    const sent: Message[] = []
    while (this.raw.hasReady()) {
      const ready = this.raw.ready()
      if (ready.hardState !== undefined) this.storage.setHardState(ready.hardState)
      if (ready.snapshot !== undefined) this.storage.applySnapshot(ready.snapshot)
      this.storage.append(ready.entries)
      for (const entry of ready.committedEntries) {
        this.applied.push(entry)
        if (entry.type !== 'EntryNormal') this.raw.applyConfChange(changeOf(entry))
      }
      this.readStates.push(...ready.readStates)
      sent.push(...ready.messages)
      this.raw.advance()
    }
    return sent
  }
}

/** Members 1..n and the messages between them. */
export class Cluster {
  readonly members: Member[]
  queue: Message[] = []
  /** Cut links, as `from>to`. */
  readonly cut = new Set<string>()
  /** Everything that was ever sent, cut or not. */
  readonly sent: Message[] = []

  constructor(size: number, options: Options = {}, learners: readonly number[] = []) {
    const ids = Array.from({ length: size }, (_, i) => i + 1)
    const confState: ConfState = {
      voters: ids.filter((id) => !learners.includes(id)),
      learners,
      votersOutgoing: [],
      learnersNext: [],
      autoLeave: false,
    }
    this.members = ids.map((id) => new Member(id, confState, options))
  }

  member(id: number): Member {
    return present(this.members[id - 1], `member ${id}`)
  }

  node(id: number): RawNode {
    return this.member(id).raw
  }

  /** Cuts all links of a member, or joins them again. */
  isolate(id: number, isolated = true): void {
    for (const { id: other } of this.members) {
      for (const link of [`${id}>${other}`, `${other}>${id}`]) {
        if (isolated) this.cut.add(link)
        else this.cut.delete(link)
      }
    }
  }

  heal(): void {
    this.cut.clear()
  }

  /** Lets all members work and delivers until nothing moves. */
  settle(): void {
    for (let round = 0; round < 1000; round++) {
      this.collect()
      if (this.queue.length === 0) return
      const batch = this.queue
      this.queue = []
      for (const m of batch) this.deliver(m)
    }
    throw new Error('the cluster does not settle')
  }

  collect(): void {
    for (const member of this.members) {
      for (const m of member.work()) {
        this.sent.push(m)
        this.queue.push(m)
      }
    }
  }

  deliver(m: Message): void {
    if (this.cut.has(`${m.from}>${m.to}`)) return
    this.members[m.to - 1]?.raw.step(m)
  }

  tick(id: number, count = 1): void {
    for (let i = 0; i < count; i++) this.node(id).tick()
  }

  /** Ticks all, one tick at a time, settling after each. */
  pass(ticks: number): void {
    for (let i = 0; i < ticks; i++) {
      for (const { raw } of this.members) raw.tick()
      this.settle()
    }
  }

  elect(id: number): void {
    this.node(id).campaign()
    this.settle()
  }

  leaders(): number[] {
    return this.members.filter(({ raw }) => raw.state === 'StateLeader').map(({ id }) => id)
  }

  /** Payloads a member has applied, the leaders' empty entries left out. */
  appliedData(id: number): unknown[] {
    return this.member(id)
      .applied.filter((entry) => entry.type === 'EntryNormal' && entry.data !== undefined)
      .map((entry) => entry.data)
  }
}
