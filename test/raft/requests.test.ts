import { describe, expect, test } from 'vitest'
import { type ConfChange, raftBehaviour, type SingleChange } from '../../src/raft/index.ts'
import { Cluster } from './cluster.ts'

function change(...changes: SingleChange[]): ConfChange {
  return { kind: 'conf-change', transition: 'auto', changes, context: '' }
}

describe('leadership transfer', () => {
  test('goes to a caught-up member at once, leases or not, without a pre-vote', () => {
    const cluster = new Cluster(3, { checkQuorum: true, preVote: true })
    cluster.elect(1)
    cluster.pass(3)
    cluster.node(1).transferLeader(3)
    cluster.settle()
    expect(cluster.leaders()).toEqual([3])
    expect(cluster.sent.filter((m) => m.type === 'MsgPreVote' && m.from === 3)).toEqual([])
  })

  test('a member that lags is brought up first', () => {
    const cluster = new Cluster(3)
    cluster.elect(1)
    cluster.isolate(3)
    cluster.node(1).propose('x')
    cluster.settle()
    cluster.heal()
    cluster.pass(1)
    cluster.node(1).transferLeader(3)
    cluster.pass(1)
    expect(cluster.leaders()).toEqual([3])
    expect(cluster.appliedData(3)).toEqual(['x'])
  })

  test('proposals are dropped meanwhile, and one election timeout later the leader gives up', () => {
    const cluster = new Cluster(3)
    cluster.elect(1)
    cluster.isolate(3)
    cluster.node(1).transferLeader(3)
    expect(cluster.node(1).leadTransferee).toBe(3)
    expect(cluster.node(1).propose('x')).toBe('raft proposal dropped')
    cluster.tick(1, 9)
    expect(cluster.node(1).leadTransferee).toBe(3)
    cluster.tick(1)
    expect(cluster.node(1).leadTransferee).toBe(0)
    expect(cluster.node(1).propose('x')).toBeUndefined()
  })

  test('a follower passes the request on; a learner cannot be the target', () => {
    const cluster = new Cluster(4, {}, [4])
    cluster.elect(1)
    cluster.node(2).transferLeader(4)
    cluster.settle()
    expect(cluster.node(1).leadTransferee).toBe(0)
    expect(cluster.leaders()).toEqual([1])
    cluster.node(2).transferLeader(3)
    cluster.settle()
    expect(cluster.leaders()).toEqual([3])
  })
})

describe('proposals', () => {
  test('a follower forwards, and says so when it cannot', () => {
    const cluster = new Cluster(3)
    expect(cluster.node(2).propose('early')).toBe('raft proposal dropped')
    cluster.elect(1)
    expect(cluster.node(2).propose('x')).toBeUndefined()
    cluster.settle()
    expect(cluster.appliedData(3)).toEqual(['x'])
    const strict = new Cluster(3, { disableProposalForwarding: true })
    strict.elect(1)
    expect(strict.node(2).propose('x')).toBe('raft proposal dropped')
  })

  test('a leader holds no more uncommitted data than it may, but always one proposal', () => {
    const cluster = new Cluster(3, { maxUncommittedEntriesSize: 100 })
    cluster.elect(1)
    cluster.isolate(1)
    expect(cluster.node(1).propose('x'.repeat(500))).toBeUndefined()
    expect(cluster.node(1).propose('y')).toBe('raft proposal dropped')
    expect(cluster.node(1).propose(undefined)).toBeUndefined()
    cluster.heal()
    cluster.pass(2)
    expect(cluster.node(1).propose('y')).toBeUndefined()
  })
})

describe.each(['3.6', '3.7'] as const)('reads, raft %s', (version) => {
  const behaviour = raftBehaviour(version)

  test('wait for a quorum, on the leader and through a follower', () => {
    const cluster = new Cluster(3, { behaviour })
    cluster.elect(1)
    cluster.node(1).propose('x')
    cluster.settle()
    const { committed } = cluster.node(1)
    cluster.node(1).readIndex('a')
    cluster.collect()
    expect(cluster.member(1).readStates).toEqual([])
    cluster.settle()
    expect(cluster.member(1).readStates).toEqual([{ index: committed, context: 'a' }])
    cluster.node(2).readIndex('b')
    cluster.settle()
    expect(cluster.member(2).readStates).toEqual([{ index: committed, context: 'b' }])
  })

  test('a leader cut off answers none; the next heartbeats confirm all at once', () => {
    const cluster = new Cluster(3, { behaviour })
    cluster.elect(1)
    cluster.isolate(1)
    cluster.node(1).readIndex('a')
    cluster.node(1).readIndex('b')
    cluster.settle()
    expect(cluster.member(1).readStates).toEqual([])
    cluster.heal()
    cluster.tick(1)
    cluster.settle()
    expect(cluster.member(1).readStates.map((s) => s.context)).toEqual(['a', 'b'])
  })

  test('a new leader first commits an entry of its own', () => {
    const cluster = new Cluster(3, { behaviour })
    cluster.elect(1)
    cluster.node(2).campaign()
    while (cluster.node(2).state !== 'StateLeader') {
      cluster.collect()
      for (const m of cluster.queue.splice(0)) cluster.deliver(m)
    }
    cluster.node(2).readIndex('early')
    expect(cluster.member(2).readStates).toEqual([])
    cluster.settle()
    expect(cluster.member(2).readStates).toEqual([{ index: cluster.node(2).committed, context: 'early' }])
  })

  test('a follower without a leader drops them; a deposed leader forgets them', () => {
    const cluster = new Cluster(3, { behaviour })
    cluster.node(2).readIndex('lost')
    cluster.elect(1)
    cluster.isolate(1)
    cluster.node(1).readIndex('forgotten')
    cluster.settle()
    cluster.elect(2)
    cluster.heal()
    cluster.pass(3)
    // Leading again does not bring them back.
    cluster.elect(1)
    cluster.pass(3)
    expect(cluster.leaders()).toEqual([1])
    expect(cluster.members.flatMap((member) => member.readStates)).toEqual([])
  })

  test('under a lease they are answered at once', () => {
    const cluster = new Cluster(3, { behaviour, checkQuorum: true, readOnlyOption: 'lease' })
    cluster.elect(1)
    cluster.node(1).readIndex('a')
    cluster.collect()
    expect(cluster.member(1).readStates.map((s) => s.context)).toEqual(['a'])
  })
})

test('a read context used twice: raft 3.6 confirms it by the answer to its first use, 3.7 does not', () => {
  const confirmedByOldAnswer = (version: '3.6' | '3.7'): boolean => {
    const cluster = new Cluster(3, { behaviour: raftBehaviour(version) })
    cluster.elect(1)
    cluster.cut.add('3>1')
    cluster.node(1).readIndex('again')
    cluster.settle()
    expect(cluster.member(1).readStates).toHaveLength(1)
    const old = cluster.sent.find((m) => m.type === 'MsgHeartbeatResp' && m.from === 3 && m.context !== undefined)!
    cluster.isolate(1)
    cluster.node(1).readIndex('again')
    cluster.settle()
    cluster.node(1).step(old)
    cluster.settle()
    return cluster.member(1).readStates.length === 2
  }
  expect(confirmedByOldAnswer('3.6')).toBe(true)
  expect(confirmedByOldAnswer('3.7')).toBe(false)
})

describe('membership', () => {
  test('a new leader takes no change before it has applied the log it was elected with', () => {
    const cluster = new Cluster(3)
    cluster.elect(1)
    cluster.isolate(3)
    cluster.node(1).proposeConfChange(change({ type: 'remove', nodeId: 3 }), true)
    cluster.collect()
    for (const m of cluster.queue.splice(0)) cluster.deliver(m)
    cluster.member(2).work()
    // Member 2 has the change, not knowing whether it is committed, and is elected by member 3.
    cluster.isolate(1)
    cluster.isolate(3, false)
    cluster.cut.add('3>1').add('1>3')
    cluster.queue = []
    cluster.node(2).campaign()
    while (cluster.node(2).state !== 'StateLeader') {
      cluster.collect()
      for (const m of cluster.queue.splice(0)) cluster.deliver(m)
    }
    expect(cluster.node(2).pendingConf).toBe(true)
    cluster.node(2).proposeConfChange(change({ type: 'remove', nodeId: 1 }), true)
    cluster.settle()
    expect(cluster.node(2).configuration.incoming).toEqual([1, 2])
  })

  test('one change at a time: the second is put aside', () => {
    const cluster = new Cluster(3)
    cluster.elect(1)
    cluster.isolate(1)
    cluster.node(1).proposeConfChange(change({ type: 'remove', nodeId: 3 }), true)
    expect(cluster.node(1).pendingConf).toBe(true)
    cluster.node(1).proposeConfChange(change({ type: 'remove', nodeId: 2 }), true)
    cluster.heal()
    cluster.pass(2)
    // Its place is taken by an empty entry.
    expect(cluster.node(1).configuration.incoming).toEqual([1, 2])
    expect(
      cluster
        .member(1)
        .applied.map((entry) => entry.type)
        .slice(-2),
    ).toEqual(['EntryConfChange', 'EntryNormal'])
  })

  test('several changes go through a joint configuration and leave it by themselves', () => {
    const cluster = new Cluster(5, {}, [4, 5])
    cluster.elect(1)
    const promote = [4, 5].map((nodeId): SingleChange => ({ type: 'add-voter', nodeId }))
    cluster.node(1).proposeConfChange(change(...promote))
    cluster.pass(3)
    for (const { raw } of cluster.members) {
      expect(raw.configuration).toMatchObject({ incoming: [1, 2, 3, 4, 5], outgoing: [], learners: [] })
    }
  })
})

describe('membership and leadership', () => {
  test('no campaign while a committed change is not applied', () => {
    const cluster = new Cluster(3)
    cluster.elect(1)
    cluster.isolate(3)
    cluster.node(1).proposeConfChange(change({ type: 'remove', nodeId: 2 }), true)
    cluster.collect()
    const raw = cluster.node(2)
    for (const m of cluster.queue.splice(0)) cluster.deliver(m)
    cluster.collect()
    for (const m of cluster.queue.splice(0)) cluster.deliver(m)
    cluster.collect()
    // Member 2 learns of the commit, but its host has not applied it yet.
    for (const m of cluster.queue.splice(0)) cluster.deliver(m)
    expect(raw.committed).toBeGreaterThan(raw.applied)
    raw.campaign()
    expect(raw.state).toBe('StateFollower')
  })

  test('a removed leader goes on without counting itself, or steps down if told to', () => {
    for (const stepDownOnRemoval of [false, true]) {
      const cluster = new Cluster(3, { stepDownOnRemoval })
      cluster.elect(1)
      cluster.node(1).proposeConfChange(change({ type: 'remove', nodeId: 1 }), true)
      cluster.settle()
      expect(cluster.node(1).configuration.incoming).toEqual([2, 3])
      expect(cluster.leaders()).toEqual(stepDownOnRemoval ? [] : [1])
      expect(cluster.node(1).propose('x')).toBe('raft proposal dropped')
    }
  })
})
