import { assert, present } from '../../src/base/assert.ts'
import {
  type ConfState,
  changeOf,
  describeEntries,
  type Entry,
  type HardState,
  isLocalTarget,
  MemoryStorage,
  type Message,
  type RaftConfig,
  RawNode,
  type Snapshot,
  type Storage,
} from '../../src/raft/index.ts'

/** How all nodes of an `add-nodes` command are set up. */
export type NodeOptions = Omit<RaftConfig, 'id' | 'storage' | 'random' | 'electionTick' | 'heartbeatTick'>

export const ELECTION_TICK = 3
export const HEARTBEAT_TICK = 1

/** One member, its log, the work of its storage threads, and every state it ever had. */
export interface TestNode {
  readonly id: number
  readonly raw: RawNode
  readonly storage: MemoryStorage
  readonly asynchronous: boolean
  readonly appendWork: Message[]
  readonly applyWork: Message[]
  /** States after each applied entry: all payloads so far in a row. The last one is served as the snapshot. */
  readonly history: Snapshot[]
}

const EMPTY_CONF_STATE: ConfState = {
  voters: [],
  learners: [],
  votersOutgoing: [],
  learnersNext: [],
  autoLeave: false,
}
export const NO_SNAPSHOT: Snapshot = { index: 0, term: 0, confState: EMPTY_CONF_STATE, data: '' }

/** The nodes and the messages between them: one queue, which keeps the order for each recipient. */
export class Environment {
  readonly nodes: TestNode[] = []
  messages: Message[] = []
  /** Nothing but errors is printed. */
  quiet = false
  #output = ''

  write(text: string): void {
    if (!this.quiet) this.#output += text
  }

  writeLine(text: string): void {
    this.write(`${text}\n`)
  }

  /** Moves what `body` writes two columns to the right, and ends its last line. */
  indented(body: () => string | undefined): string | undefined {
    const before = this.#output
    this.#output = ''
    const error = body()
    const lines = this.#output.replace(/\n$/, '').split('\n')
    this.#output = before + (this.#output === '' ? '' : lines.map((line) => `  ${line}\n`).join(''))
    return error
  }

  /** Everything written since the last call. */
  takeOutput(): string {
    const output = this.#output
    this.#output = ''
    return output
  }

  node(id: number): TestNode {
    return present(this.nodes[id - 1], `node ${id}`)
  }

  addNode(options: NodeOptions, start: Snapshot | undefined): void {
    const storage = new MemoryStorage()
    if (start !== undefined) assert(storage.applySnapshot(start) === undefined, 'a fresh log takes any snapshot')
    const history = [start ?? NO_SNAPSHOT]
    const id = this.nodes.length + 1
    const raw = new RawNode({
      ...options,
      id,
      storage: servingHistory(storage, history),
      electionTick: ELECTION_TICK,
      heartbeatTick: HEARTBEAT_TICK,
      // Where the timeout matters, a file sets it; the middle of the range is as good as any.
      random: () => 0.5,
    })
    const asynchronous = options.asyncStorageWrites === true
    this.nodes.push({ id, raw, storage, asynchronous, appendWork: [], applyWork: [], history })
  }

  /** Takes the messages for one recipient out of the queue; those that never leave a node cannot be dropped. */
  takeMessages(to: number, type: string | undefined, drop: boolean): Message[] {
    const taken = this.messages.filter((m) => matches(m, to, type, drop))
    this.messages = this.messages.filter((m) => !matches(m, to, type, drop))
    return taken
  }

  hasMessages(to: number): boolean {
    return this.messages.some((m) => m.to === to)
  }

  writeLog(node: TestNode): void {
    const first = node.storage.firstIndex()
    const last = node.storage.lastIndex()
    if (last < first) this.write(`log is empty: first index=${first}, last index=${last}`)
    else
      this.write(describeEntries(present(node.storage.entries(first, last + 1, Number.POSITIVE_INFINITY), 'the log')))
  }
}

function matches(m: Message, to: number, type: string | undefined, drop: boolean): boolean {
  const local = m.from === m.to || isLocalTarget(m.from) || isLocalTarget(m.to)
  return m.to === to && !(drop && local) && (type === undefined || m.type === type)
}

/** The log in memory, but for snapshots: always the newest applied state. */
function servingHistory(storage: MemoryStorage, history: readonly Snapshot[]): Storage {
  return {
    initialState: () => storage.initialState(),
    entries: (lo, hi, maxSize) => storage.entries(lo, hi, maxSize),
    term: (index) => storage.term(index),
    firstIndex: () => storage.firstIndex(),
    lastIndex: () => storage.lastIndex(),
    snapshot: () => history[history.length - 1],
  }
}

/** Makes durable what one Ready or append message names. */
export function persist(
  node: TestNode,
  hardState: HardState | undefined,
  entries: readonly Entry[],
  snapshot: Snapshot | undefined,
): string | undefined {
  if (hardState !== undefined) node.storage.setHardState(hardState)
  if (snapshot !== undefined) {
    if (entries.length > 0) return "can't apply snapshot and entries at the same time"
    return node.storage.applySnapshot(snapshot)
  }
  node.storage.append(entries)
  return undefined
}

/** Applies committed entries to a state machine that puts all payloads in a row. */
export function apply(node: TestNode, entries: readonly Entry[]): void {
  for (const entry of entries) {
    const before = present(node.history[node.history.length - 1], 'a state')
    let { confState } = before
    let payload = typeof entry.data === 'string' ? entry.data : ''
    if (entry.type !== 'EntryNormal') {
      const change = changeOf(entry)
      payload = change.context
      confState = node.raw.applyConfChange(change)
    }
    node.history.push({ index: entry.index, term: entry.term, confState, data: `${before.data}${payload}` })
  }
}
