import { describe, expect, test } from 'vitest'
import { type Entry, MemoryStorage, message, RawNode, raftBehaviour } from '../../src/raft/index.ts'
import { setRecentActive } from '../../src/raft/shortcuts.ts'
import { Cluster } from './cluster.ts'

function entry(term: number, index: number, data = `${term}/${index}`): Entry {
  return { term, index, type: 'EntryNormal', data }
}

describe('replication', () => {
  test('what a quorum has is applied everywhere, in order', () => {
    const cluster = new Cluster(5)
    cluster.elect(1)
    cluster.isolate(5)
    for (const data of ['a', 'b', 'c']) cluster.node(1).propose(data)
    cluster.settle()
    for (const id of [1, 2, 3, 4]) expect(cluster.appliedData(id)).toEqual(['a', 'b', 'c'])
    cluster.heal()
    cluster.pass(2)
    expect(cluster.appliedData(5)).toEqual(['a', 'b', 'c'])
  })

  test('an entry of an older term is committed only together with one of the own term (figure 8)', () => {
    const raw = leaderWithOldTail()
    acknowledge(raw, 2, 3)
    acknowledge(raw, 3, 3)
    expect(raw.committed).toBe(1)
    acknowledge(raw, 2, 4)
    expect(raw.committed).toBe(4)
  })

  test('a follower never commits beyond what the leader has shown to match', () => {
    const cluster = new Cluster(3)
    const m = message('MsgApp', 2, 1)
    m.term = 1
    m.index = 1
    m.logTerm = 1
    m.entries = [entry(1, 2)]
    m.commit = 9
    cluster.node(2).step(m)
    expect(cluster.node(2).committed).toBe(2)
  })

  test('an old, reordered append does not cut acknowledged entries off', () => {
    const cluster = new Cluster(3)
    const append = message('MsgApp', 2, 1)
    append.term = 1
    append.index = 1
    append.logTerm = 1
    cluster.node(2).step({ ...append, entries: [entry(1, 2), entry(1, 3), entry(1, 4)] })
    cluster.node(2).step({ ...append, entries: [entry(1, 2)] })
    expect(cluster.node(2).lastIndex).toBe(4)
    cluster.node(2).step({ ...append, term: 2, index: 2, entries: [entry(2, 3)] })
    expect([cluster.node(2).lastIndex, cluster.node(2).lastTerm]).toEqual([3, 2])
  })

  test('a commit beyond the own log is a broken promise', () => {
    const cluster = new Cluster(3)
    const m = message('MsgHeartbeat', 2, 1)
    m.term = 1
    m.commit = 7
    expect(() => cluster.node(2).step(m)).toThrow('acknowledged entries were lost')
  })

  test('the hint of a refusal knows terms from raft 3.5 on', () => {
    const hint = (version: '3.4' | '3.5'): [number, number] => {
      const cluster = new Cluster(3, { behaviour: raftBehaviour(version) })
      const m = message('MsgApp', 2, 1)
      m.term = 5
      m.index = 1
      m.logTerm = 1
      cluster.node(2).step({ ...m, entries: [entry(3, 2), entry(3, 3), entry(3, 4)] })
      cluster.member(2).work()
      cluster.node(2).step({ ...m, index: 9, logTerm: 2 })
      const refusal = cluster.member(2).work()[0]!
      expect(refusal.reject).toBe(true)
      return [refusal.rejectHint, refusal.logTerm]
    }
    expect(hint('3.4')).toEqual([4, 0])
    expect(hint('3.5')).toEqual([1, 1])
  })
})

describe('flow control', () => {
  test('a window bounds what is under way, and an answer opens it', () => {
    const cluster = new Cluster(2, { maxInflightMsgs: 3 })
    cluster.elect(1)
    cluster.isolate(2)
    for (let i = 0; i < 10; i++) cluster.node(1).propose(`${i}`)
    cluster.settle()
    expect(cluster.node(1).progress(2)).toMatchObject({ inflightCount: 3, windowFull: true, isPaused: true })
    cluster.heal()
    cluster.pass(3)
    expect(cluster.appliedData(2)).toHaveLength(10)
    expect(cluster.node(1).progress(2)).toMatchObject({ inflightCount: 0, match: cluster.node(1).lastIndex })
  })

  test('one append carries no more than the size limit, but at least one entry', () => {
    const cluster = new Cluster(2, { maxSizePerMsg: 60 })
    cluster.elect(1)
    cluster.isolate(2)
    for (let i = 0; i < 8; i++) cluster.node(1).propose('x'.repeat(i === 0 ? 500 : 20))
    cluster.settle()
    cluster.heal()
    cluster.node(1).reportUnreachable(2)
    cluster.sent.length = 0
    cluster.pass(3)
    const counts = cluster.sent.filter((m) => m.type === 'MsgApp' && m.entries.length > 0).map((m) => m.entries.length)
    expect(counts[0]).toBe(1)
    expect(Math.max(...counts)).toBe(2)
    expect(cluster.appliedData(2)).toHaveLength(8)
  })

  test('before raft 3.6 a full window forgets its oldest append, from 3.6 it sends an empty one', () => {
    const afterHeartbeat = (version: '3.5' | '3.6'): number[] => {
      const cluster = new Cluster(2, { maxInflightMsgs: 2, behaviour: raftBehaviour(version) })
      cluster.elect(1)
      cluster.cut.add('1>2')
      for (const data of ['a', 'b', 'c', 'd']) cluster.node(1).propose(data)
      cluster.settle()
      cluster.sent.length = 0
      const answer = message('MsgHeartbeatResp', 1, 2)
      answer.term = cluster.node(1).term
      cluster.node(1).step(answer)
      cluster.settle()
      return cluster.sent.filter((m) => m.type === 'MsgApp').map((m) => m.entries.length)
    }
    expect(afterHeartbeat('3.5')).toEqual([2])
    expect(afterHeartbeat('3.6')).toEqual([0])
  })
})

describe('snapshots', () => {
  test('a peer behind the compacted log gets a snapshot and goes on from there', () => {
    const cluster = behindSnapshot()
    cluster.settle()
    expect(cluster.sent.filter((m) => m.type === 'MsgSnap').map((m) => [m.to, m.snapshot?.data])).toEqual([
      [3, 'state'],
    ])
    expect(cluster.node(3).lastIndex).toBe(cluster.node(1).lastIndex)
    expect(cluster.node(1).progress(3)?.state).toBe('StateReplicate')
    cluster.node(1).propose('more')
    cluster.settle()
    expect(cluster.appliedData(3)).toEqual(['more'])
  })

  test.each([true, false])('a snapshot is lost; the host reports success: %s', (ok) => {
    const cluster = behindSnapshot()
    cluster.cut.add('1>3')
    cluster.settle()
    const peer = cluster.node(1).progress(3)!
    const sent = peer.pendingSnapshot
    expect(peer).toMatchObject({ state: 'StateSnapshot', isPaused: true, next: sent + 1 })
    cluster.node(1).reportSnapshot(3, ok)
    expect(peer).toMatchObject({ state: 'StateProbe', isPaused: true, next: ok ? sent + 1 : peer.match + 1 })
    cluster.heal()
    cluster.pass(3)
    expect(peer).toMatchObject({ state: 'StateReplicate', match: cluster.node(1).lastIndex })
  })

  test('a snapshot that the log already matches moves the commit index and keeps the tail', () => {
    const cluster = new Cluster(3)
    const append = message('MsgApp', 2, 1)
    append.term = 1
    append.index = 1
    append.logTerm = 1
    append.entries = [entry(1, 2), entry(1, 3), entry(1, 4)]
    cluster.node(2).step(append)
    const { confState } = cluster.member(2).storage.snapshot()
    const m = message('MsgSnap', 2, 1)
    m.term = 1
    m.snapshot = { index: 3, term: 1, confState, data: 'state' }
    cluster.node(2).step(m)
    expect([cluster.node(2).committed, cluster.node(2).lastIndex]).toEqual([3, 4])
    cluster.node(2).step({ ...m, snapshot: { ...m.snapshot, index: 2 } })
    expect([cluster.node(2).committed, cluster.node(2).lastIndex]).toEqual([3, 4])
    const answers = cluster.member(2).work()
    expect(answers.map((a) => a.index)).toEqual([4, 3, 3])
  })

  test('a leader sends no snapshot to a peer it has not heard from', () => {
    const cluster = behindSnapshot(false)
    cluster.node(1).propose('x')
    cluster.settle()
    expect(cluster.sent.filter((m) => m.type === 'MsgSnap')).toEqual([])
  })
})

/** Leader 1 whose log is compacted beyond what member 3 has; member 3 may just have answered a heartbeat. */
function behindSnapshot(heard = true): Cluster {
  const cluster = new Cluster(3)
  cluster.elect(1)
  cluster.isolate(3)
  for (let i = 0; i < 5; i++) cluster.node(1).propose(`${i}`)
  cluster.settle()
  const { storage, raw } = cluster.member(1)
  storage.createSnapshot(raw.applied, undefined, 'state')
  storage.compact(raw.applied)
  // Entries on the way to member 3 are lost; its answer makes the leader look what it lacks.
  raw.reportUnreachable(3)
  setRecentActive(raw, 3, heard)
  if (heard) {
    const answer = message('MsgHeartbeatResp', 1, 3)
    answer.term = raw.term
    raw.step(answer)
    cluster.heal()
  }
  cluster.sent.length = 0
  return cluster
}

/** Leader in term 5 of a log 1/1 2/2 2/3 whose own empty entry is 4: nothing but index 1 is known to be committed. */
function leaderWithOldTail(): RawNode {
  const storage = new MemoryStorage()
  const confState = { voters: [1, 2, 3], learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false }
  storage.applySnapshot({ index: 1, term: 1, confState, data: undefined })
  storage.append([entry(2, 2), entry(2, 3)])
  storage.setHardState({ term: 4, vote: 0, commit: 1 })
  const raw = new RawNode({ id: 1, storage, electionTick: 10, heartbeatTick: 1, random: () => 0 })
  const work = (): void => {
    storage.append(raw.ready().entries)
    raw.advance()
  }
  raw.campaign()
  work()
  const vote = message('MsgVoteResp', 1, 2)
  vote.term = 5
  raw.step(vote)
  work()
  return raw
}

function acknowledge(raw: RawNode, from: number, index: number): void {
  const m = message('MsgAppResp', 1, from)
  m.term = raw.term
  m.index = index
  raw.step(m)
}
