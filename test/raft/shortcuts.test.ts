import { describe, expect, test } from 'vitest'
import type { RawNode } from '../../src/raft/index.ts'
import { raftBehaviour } from '../../src/raft/index.ts'
import {
  appendAlone,
  catchUp,
  commitAll,
  followWinner,
  grantVote,
  hearAcknowledgement,
  hearLeader,
  noteAppends,
  noteHeartbeat,
  receiveAlone,
  restart,
  startCampaign,
  winElection,
} from '../../src/raft/shortcuts.ts'
import { Cluster, type Member } from './cluster.ts'

/** All that can be seen of a member, peers as it sees them, and what its disk holds. */
function seen({ raw, storage }: Member) {
  const { term, vote, lead, state, committed, applied, lastIndex, lastTerm, firstIndex, pendingConfIndex } = raw
  return {
    ...{ term, vote, lead, state, committed, applied, lastIndex, lastTerm, firstIndex, pendingConfIndex },
    timers: [raw.electionElapsed, raw.heartbeatElapsed, raw.randomizedElectionTimeout],
    peers: state === 'StateLeader' ? raw.peers.map((peer) => peerOf(raw, peer.id)) : [],
    disk: [storage.initialState().hardState, storage.lastIndex(), storage.term(storage.lastIndex())],
    idle: !raw.hasReady(),
  }
}

function peerOf(raw: RawNode, id: number) {
  const { match, next, state, recentActive, isPaused, inflightCount, windowFull } = raw.progress(id)!
  return { id, match, next, state, recentActive, isPaused, inflightCount, windowFull }
}

/** Numbers that differ from draw to draw, the same ones each time. */
function draws(): () => number {
  let drawn = 0
  return () => ((drawn++ * 7) % 10) / 10
}

/** Members each with chance of its own, the first of whom led and is cut off; of five, one more is. */
function leaderless(version: '3.4' | '3.5' | '3.6', preVote: boolean, size: number): Cluster {
  const cluster = new Cluster(size, { preVote, checkQuorum: true, behaviour: raftBehaviour(version) })
  for (let index = 0; index < size; index++) {
    const own = { preVote, checkQuorum: true, behaviour: raftBehaviour(version), random: draws() }
    cluster.members[index] = new Cluster(size, own).members[index]!
  }
  cluster.elect(1)
  cluster.isolate(1)
  if (size === 5) cluster.isolate(4)
  return cluster
}

const KINDS = (['3.4', '3.5', '3.6'] as const).flatMap((version) =>
  [true, false].flatMap((preVote) => [3, 5].map((size) => ({ version, preVote, size }))),
)

describe('an election, and a return', () => {
  test.each(KINDS)('an election without its messages ends as one with them: %j', ({ version, preVote, size }) => {
    const made = () => leaderless(version, preVote, size)
    const others = size === 5 ? [3, 5] : [3]
    const played = made()
    const elapsed = (cluster: Cluster) => cluster.tick(2, cluster.node(2).randomizedElectionTimeout - 1)
    for (const id of others) played.tick(id, 10)
    elapsed(played)
    played.tick(2)
    played.settle()
    expect(played.node(2).state).toBe('StateLeader')

    const short = made()
    for (const id of others) short.tick(id, 10)
    elapsed(short)
    const [winner, ...followers] = [2, ...others].map((id) => short.member(id))
    startCampaign(winner!.raw)
    const entry = winElection(winner!.raw, winner!.storage)
    for (const { raw, storage } of followers) {
      grantVote(raw, entry.term, 2)
      followWinner(raw, storage, 2, entry)
    }
    commitAll(winner!.raw, winner!.storage)
    for (const { id, raw, storage } of followers) {
      commitAll(raw, storage)
      hearAcknowledgement(winner!.raw, id)
    }
    for (const id of [2, ...others]) expect(seen(short.member(id)), `member ${id}`).toEqual(seen(played.member(id)))
    // And both go on alike.
    for (const cluster of [played, short]) {
      cluster.node(2).propose('x')
      cluster.settle()
      cluster.pass(3)
    }
    for (const id of [2, ...others]) expect(seen(short.member(id)), `later, ${id}`).toEqual(seen(played.member(id)))
  })

  test.each(KINDS)('a member is told what it missed as by messages: %j', ({ version, preVote, size }) => {
    const returned = () => {
      const cluster = leaderless(version, preVote, size)
      const others = size === 5 ? [2, 3, 5] : [2, 3]
      for (const id of others) cluster.tick(id, 10)
      cluster.elect(2)
      cluster.node(2).reportUnreachable(1)
      cluster.member(1).restart()
      cluster.heal()
      return cluster
    }
    const played = returned()
    expect(played.node(2).state).toBe('StateLeader')
    played.tick(2)
    played.settle()

    const short = returned()
    const { raw, storage } = short.member(1)
    short.tick(2)
    for (const member of short.members) if (member.id !== 1) member.work()
    noteHeartbeat(short.node(2), 1)
    hearLeader(raw, 2, short.node(2).term)
    catchUp(raw, storage, short.node(2))
    hearAcknowledgement(short.node(2), 1)
    expect(seen(short.member(1))).toEqual(seen(played.member(1)))
    expect(peerOf(short.node(2), 1)).toEqual(peerOf(played.node(2), 1))
    for (const cluster of [played, short]) {
      cluster.pass(3)
      cluster.node(2).propose('x')
      cluster.settle()
    }
    expect(seen(short.member(1)), 'later').toEqual(seen(played.member(1)))
  })
})

describe('a write', () => {
  const led = (version: '3.4' | '3.5' | '3.6', probes: boolean): Cluster => {
    const cluster = new Cluster(4, { checkQuorum: true, behaviour: raftBehaviour(version) })
    cluster.elect(1)
    cluster.node(1).propose('x')
    cluster.settle()
    // One of those who get it is probed, and the one who does not, too.
    if (probes) for (const id of [2, 4]) cluster.node(1).reportUnreachable(id)
    cluster.isolate(4)
    return cluster
  }
  const cases = (['3.4', '3.5', '3.6'] as const).flatMap((version) =>
    [true, false].map((probes) => ({ version, probes })),
  )

  test.each(cases)('without its messages leaves what it leaves with them: %j', ({ version, probes }) => {
    const played = led(version, probes)
    played.node(1).propose('')
    played.settle()
    expect(played.node(3).committed).toBe(played.node(1).lastIndex)

    const short = led(version, probes)
    const [leader, ...others] = short.members.map(({ raw, storage }) => ({ raw, storage })).slice(0, 3)
    const before = leader!.raw.committed
    const entry = appendAlone(leader!.raw, leader!.storage)
    for (const { raw, storage } of others) {
      receiveAlone(raw, storage, entry)
      commitAll(raw, storage)
    }
    noteAppends(leader!.raw, 4, before, entry.index)
    commitAll(leader!.raw, leader!.storage)
    for (const id of [2, 3]) hearAcknowledgement(leader!.raw, id)
    for (const id of [1, 2, 3]) expect(seen(short.member(id)), `member ${id}`).toEqual(seen(played.member(id)))
    for (const cluster of [played, short]) {
      cluster.heal()
      cluster.pass(3)
      cluster.node(1).propose('y')
      cluster.settle()
    }
    for (const id of [1, 2, 3, 4]) expect(seen(short.member(id)), `later, ${id}`).toEqual(seen(played.member(id)))
  })
})

describe('a restart in place', () => {
  test('is as a new node that read the disk', () => {
    for (const role of [1, 2]) {
      const make = () => {
        const cluster = new Cluster(3, { preVote: true, checkQuorum: true })
        cluster.elect(1)
        cluster.node(1).propose('x')
        cluster.settle()
        cluster.pass(4)
        return cluster
      }
      const anew = make()
      anew.member(role).restart()
      const inPlace = make()
      expect(restart(inPlace.node(role), inPlace.member(role).storage)).toBe(true)
      expect(seen(inPlace.member(role))).toEqual(seen(anew.member(role)))
      for (const cluster of [anew, inPlace]) cluster.pass(30)
      for (const id of [1, 2, 3]) expect(seen(inPlace.member(id))).toEqual(seen(anew.member(id)))
    }
  })

  test('is refused where the disk lacks something', () => {
    const cluster = new Cluster(3, { preVote: true, checkQuorum: true })
    cluster.elect(1)
    cluster.isolate(1)
    const leader = cluster.node(1)
    leader.propose('never committed')
    expect(restart(leader, cluster.member(1).storage)).toBe(false)
    // A vote is being written.
    const voting = new Cluster(3)
    voting.node(1).campaign()
    voting.collect()
    const voter = voting.node(3)
    voter.step(voting.queue.find((m) => m.to === 3)!)
    expect(voter.ready().hardState).toEqual({ term: 1, vote: 1, commit: 1 })
    expect(restart(voter, voting.member(3).storage)).toBe(false)
    // Another disk than the one it was started from.
    const follower = cluster.node(2)
    expect(restart(follower, cluster.member(3).storage)).toBe(false)
    expect(restart(follower, cluster.member(2).storage)).toBe(true)
  })
})
