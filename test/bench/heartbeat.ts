import type * as Raft from '../../src/raft/index.ts'
import { built } from './built.ts'
import { cpuTime, interleaved, reportRatio } from './measure.ts'

const ROUNDS = 5
const BEATS = 100_000

/** A heartbeat round of three Raft members, against a loop that makes and reads the same four messages. */
export async function benchHeartbeat(): Promise<void> {
  const raft = await built<typeof Raft>('raft/index')
  const hosts = [1, 2, 3].map((id) => newHost(raft, id))
  const leader = hosts[0]!.node
  leader.campaign()
  settle(hosts)
  if (leader.state !== 'StateLeader') throw new Error('an undisturbed candidate wins')
  const rounds = (): number =>
    cpuTime(BEATS, () => {
      for (let i = 0; i < BEATS; i++) {
        leader.tick()
        settle(hosts)
      }
    })
  const [ours, bare] = interleaved([rounds, bareRounds], ROUNDS)
  reportRatio('Raft heartbeat round, three members', 'round', ours!, bare!, 'a bare loop over the messages')
}

/** A member with its disk. */
interface Host {
  readonly node: Raft.RawNode
  readonly storage: Raft.MemoryStorage
}

function newHost(raft: typeof Raft, id: number): Host {
  const storage = new raft.MemoryStorage()
  const confState = { voters: [1, 2, 3], learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false }
  storage.applySnapshot({ index: 1, term: 1, confState, data: undefined })
  return { storage, node: new raft.RawNode({ id, storage, electionTick: 10, heartbeatTick: 1, random: () => 0 }) }
}

const inbox: Raft.Message[] = []

/** Delivers messages until none is left; logs are durable at once. */
function settle(hosts: readonly Host[]): void {
  for (const host of hosts) work(host)
  for (let next = 0; next < inbox.length; next++) {
    const message = inbox[next]!
    const to = hosts[message.to - 1]!
    to.node.step(message)
    work(to)
  }
  inbox.length = 0
}

function work({ node, storage }: Host): void {
  while (node.hasReady()) {
    const ready = node.ready()
    if (ready.hardState !== undefined) storage.setHardState(ready.hardState)
    if (ready.entries.length > 0) storage.append(ready.entries)
    for (const message of ready.messages) inbox.push(message)
    node.advance()
  }
}

interface BareMessage {
  readonly type: 'beat' | 'answer'
  readonly from: number
  readonly to: number
  readonly term: number
  readonly commit: number
}

function bareRounds(): number {
  const elapsed = [0, 0, 0]
  const queue: BareMessage[] = []
  return cpuTime(BEATS, () => {
    for (let i = 0; i < BEATS; i++) {
      for (const to of [2, 3]) queue.push({ type: 'beat', from: 1, to, term: 2, commit: 2 })
      for (let next = 0; next < queue.length; next++) {
        const { type, from, to, term, commit } = queue[next]!
        elapsed[to - 1] = 0
        if (type === 'beat') queue.push({ type: 'answer', from: to, to: from, term, commit })
      }
      queue.length = 0
    }
  })
}
