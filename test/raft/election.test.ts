import { describe, expect, test } from 'vitest'
import { message, raftBehaviour } from '../../src/raft/index.ts'
import { Cluster } from './cluster.ts'

describe('the election timeout', () => {
  test.each([0, 0.05, 0.5, 0.999])('draw %f gives a timeout within [E, 2E-1] and a campaign exactly then', (draw) => {
    const cluster = new Cluster(3, { random: () => draw })
    const timeout = cluster.node(1).randomizedElectionTimeout
    expect(timeout).toBe(10 + Math.floor(10 * draw))
    cluster.tick(1, timeout - 1)
    expect(cluster.node(1).state).toBe('StateFollower')
    cluster.tick(1)
    expect(cluster.node(1).state).toBe('StateCandidate')
    cluster.settle()
    expect(cluster.leaders()).toEqual([1])
  })
})

describe('elections', () => {
  test('a majority elects, a minority waits', () => {
    const cluster = new Cluster(5)
    for (const id of [3, 4, 5]) cluster.isolate(id)
    cluster.elect(1)
    expect(cluster.node(1).state).toBe('StateCandidate')
    cluster.isolate(3, false)
    cluster.elect(1)
    expect(cluster.node(1).state).toBe('StateLeader')
    expect(cluster.node(1).term).toBe(2)
  })

  test('one vote a term: the second candidate is refused', () => {
    const cluster = new Cluster(3)
    cluster.node(1).campaign()
    cluster.node(2).campaign()
    cluster.settle()
    expect(cluster.leaders()).toHaveLength(1)
    expect(cluster.node(3).vote).toBe(cluster.leaders()[0])
  })

  test('the first answer of each member counts: repeating or changing it does not', () => {
    const cluster = new Cluster(5)
    cluster.node(1).campaign()
    cluster.member(1).work()
    const answer = (from: number, reject: boolean): void => {
      const m = message('MsgVoteResp', 1, from)
      m.term = 1
      m.reject = reject
      cluster.node(1).step(m)
    }
    answer(2, true)
    answer(3, false)
    answer(3, false)
    answer(2, false)
    expect(cluster.node(1).state).toBe('StateCandidate')
    answer(4, false)
    expect(cluster.node(1).state).toBe('StateLeader')
  })

  test('a vote is on disk before it is told', () => {
    const cluster = new Cluster(3)
    const voter = cluster.member(2)
    const request = message('MsgVote', 2, 1)
    request.term = 1
    request.index = 1
    request.logTerm = 1
    voter.raw.step(request)
    const ready = voter.raw.ready()
    expect(ready.hardState).toEqual({ term: 1, vote: 1, commit: 1 })
    expect(ready.mustSync).toBe(true)
    expect(ready.messages.map((m) => [m.type, m.reject])).toEqual([['MsgVoteResp', false]])
  })

  test('a shorter log of a later term beats a longer one: the last term decides', () => {
    const ask = (logTerm: number, index: number): boolean => {
      const cluster = new Cluster(3)
      cluster.elect(1)
      cluster.elect(2)
      const m = message('MsgVote', 3, 1)
      m.term = 9
      m.logTerm = logTerm
      m.index = index
      cluster.node(3).step(m)
      return !cluster.member(3).work()[0]!.reject
    }
    // Member 3 has entries 2 and 3 of terms 1 and 2.
    expect(ask(1, 99)).toBe(false)
    expect(ask(2, 2)).toBe(false)
    expect(ask(2, 3)).toBe(true)
    expect(ask(3, 2)).toBe(true)
  })
})

describe('who is elected', () => {
  test('a learner follows and answers, but neither campaigns nor counts', () => {
    const cluster = new Cluster(3, {}, [3])
    cluster.elect(1)
    cluster.node(1).propose('x')
    cluster.settle()
    expect(cluster.appliedData(3)).toEqual(['x'])
    cluster.isolate(2)
    cluster.node(1).propose('y')
    cluster.settle()
    expect(cluster.appliedData(1)).toEqual(['x'])
    cluster.tick(3, 100)
    expect(cluster.node(3).state).toBe('StateFollower')
  })

  test('a single member before raft 3.6 leads at once, from 3.6 once its vote is durable', () => {
    const at = (version: '3.5' | '3.6'): string => {
      const { raw } = new Cluster(1, { behaviour: raftBehaviour(version) }).member(1)
      raw.campaign()
      return raw.state
    }
    expect(at('3.5')).toBe('StateLeader')
    expect(at('3.6')).toBe('StateCandidate')
    const cluster = new Cluster(1)
    cluster.elect(1)
    expect(cluster.leaders()).toEqual([1])
  })
})

describe('pre-vote', () => {
  test('a member that was cut off comes back without disturbing anybody', () => {
    const cluster = new Cluster(3, { preVote: true, checkQuorum: true })
    cluster.elect(1)
    cluster.isolate(3)
    cluster.pass(100)
    expect(cluster.node(3).state).toBe('StatePreCandidate')
    expect(cluster.node(3).term).toBe(1)
    cluster.heal()
    cluster.pass(30)
    expect(cluster.leaders()).toEqual([1])
    expect(cluster.members.map(({ raw }) => raw.term)).toEqual([1, 1, 1])
  })

  test('without it, the same member deposes the leader by its higher term', () => {
    const cluster = new Cluster(3, { checkQuorum: true })
    cluster.elect(1)
    cluster.isolate(3)
    cluster.pass(50)
    const term = cluster.node(3).term
    expect(term).toBeGreaterThan(1)
    cluster.heal()
    cluster.pass(1)
    expect(cluster.node(1).term).toBeGreaterThanOrEqual(term)
  })

  test('a pre-vote is granted to many, recorded for none, and resets no timer', () => {
    const cluster = new Cluster(3, { preVote: true })
    cluster.tick(3, 4)
    for (const from of [1, 2]) {
      const m = message('MsgPreVote', 3, from)
      m.term = 1
      m.index = 1
      m.logTerm = 1
      cluster.node(3).step(m)
    }
    const granted = cluster.member(3).work()
    expect(granted.map((m) => [m.type, m.to, m.term, m.reject])).toEqual([
      ['MsgPreVoteResp', 1, 1, false],
      ['MsgPreVoteResp', 2, 1, false],
    ])
    expect([cluster.node(3).term, cluster.node(3).vote, cluster.node(3).electionElapsed]).toEqual([0, 0, 4])
  })

  test('a pre-vote of an older term is answered, not dropped', () => {
    const cluster = new Cluster(3, { preVote: true })
    cluster.elect(1)
    cluster.elect(1)
    cluster.elect(2)
    const m = message('MsgPreVote', 2, 3)
    m.term = 1
    cluster.node(2).step(m)
    expect(
      cluster
        .member(2)
        .work()
        .map((a) => [a.type, a.reject, a.term]),
    ).toEqual([['MsgPreVoteResp', true, 2]])
  })
})

describe('check quorum', () => {
  test('followers that hear a leader drop foreign vote requests without a word', () => {
    const cluster = new Cluster(3, { checkQuorum: true })
    cluster.elect(1)
    const m = message('MsgVote', 2, 3)
    m.term = 5
    m.index = 99
    m.logTerm = 5
    cluster.node(2).step(m)
    expect(cluster.node(2).hasReady()).toBe(false)
    expect(cluster.node(2).term).toBe(1)
    // One election timeout without the leader, and the lease is over. Its own timeout is drawn longer.
    cluster.node(2).setRandomizedElectionTimeout(19)
    cluster.tick(2, 10)
    cluster.node(2).step(m)
    expect(cluster.node(2).term).toBe(5)
    expect(cluster.node(2).vote).toBe(3)
  })

  test('a leader cut off from its quorum steps down within two election timeouts, without a last heartbeat', () => {
    const cluster = new Cluster(3, { checkQuorum: true })
    cluster.elect(1)
    cluster.pass(10)
    cluster.isolate(1)
    let ticks = 0
    while (cluster.node(1).state === 'StateLeader') {
      cluster.sent.length = 0
      cluster.tick(1)
      cluster.collect()
      ticks++
    }
    expect(ticks).toBeLessThanOrEqual(20)
    expect(ticks).toBeGreaterThan(9)
    expect(cluster.sent.filter((m) => m.type === 'MsgHeartbeat')).toEqual([])
    expect(cluster.node(1).lead).toBe(0)
  })

  test('without it a cut-off leader goes on believing', () => {
    const cluster = new Cluster(3)
    cluster.elect(1)
    cluster.isolate(1)
    cluster.tick(1, 100)
    expect(cluster.node(1).state).toBe('StateLeader')
  })

  test('a stale leader learns of a later term from the answer to its heartbeat', () => {
    const cluster = new Cluster(3, { checkQuorum: true })
    cluster.elect(1)
    cluster.isolate(3)
    cluster.tick(3, 10)
    cluster.settle()
    expect(cluster.node(3).term).toBe(2)
    cluster.heal()
    cluster.tick(1)
    cluster.settle()
    expect(cluster.node(1).term).toBe(2)
    expect(cluster.sent.some((m) => m.type === 'MsgAppResp' && m.from === 3 && m.term === 2 && m.index === 0)).toBe(
      true,
    )
  })
})
