import { describe, expect, test } from 'vitest'
import { MemoryStorage, RawNode } from '../../src/raft/index.ts'
import { Cluster } from './cluster.ts'

describe('restart', () => {
  test('term, vote, log and commit come back; leader and role do not', () => {
    const cluster = new Cluster(3, { preVote: true, checkQuorum: true })
    cluster.elect(1)
    cluster.node(1).propose('x')
    cluster.settle()
    const before = cluster.node(1)
    cluster.member(1).restart()
    const after = cluster.node(1)
    expect([after.term, after.vote, after.lastIndex, after.committed, after.applied]).toEqual([
      before.term,
      before.vote,
      before.lastIndex,
      before.committed,
      before.applied,
    ])
    expect([after.state, after.lead]).toEqual(['StateFollower', 0])
    expect(after.hasReady()).toBe(false)
  })

  test('a vote given before the crash binds after it', () => {
    const cluster = new Cluster(3)
    cluster.isolate(1)
    cluster.isolate(3)
    cluster.node(2).campaign()
    cluster.settle()
    cluster.member(2).restart()
    cluster.heal()
    expect([cluster.node(2).term, cluster.node(2).vote]).toEqual([1, 2])
    cluster.elect(1)
    expect(cluster.node(2).vote).toBe(2)
    expect(
      cluster.sent.filter((m) => m.type === 'MsgVoteResp' && m.from === 2 && m.to === 1).map((m) => m.reject),
    ).toEqual([true])
  })

  test('what was never acknowledged as applied is handed out again', () => {
    const storage = new MemoryStorage()
    const confState = { voters: [1], learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false }
    storage.applySnapshot({ index: 1, term: 1, confState, data: undefined })
    storage.append([
      { term: 1, index: 2, type: 'EntryNormal', data: 'a' },
      { term: 1, index: 3, type: 'EntryNormal', data: 'b' },
    ])
    storage.setHardState({ term: 1, vote: 1, commit: 3 })
    const start = (applied: number): unknown[] =>
      new RawNode({ id: 1, storage, electionTick: 10, heartbeatTick: 1, random: () => 0, applied })
        .ready()
        .committedEntries.map((entry) => entry.data)
    expect(start(1)).toEqual(['a', 'b'])
    expect(start(2)).toEqual(['b'])
    expect(start(3)).toEqual([])
  })

  test('a stored commit index that cannot be is an assertion, and so are settings that cannot work', () => {
    const storage = new MemoryStorage()
    const base = { id: 1, storage, electionTick: 10, heartbeatTick: 1, random: () => 0 }
    expect(() => new RawNode({ ...base, readOnlyOption: 'lease' })).toThrow('checkQuorum')
    expect(() => new RawNode({ ...base, heartbeatTick: 10 })).toThrow('election tick')
    storage.setHardState({ term: 1, vote: 0, commit: 5 })
    expect(() => new RawNode(base)).toThrow('beyond the log')
  })
})
