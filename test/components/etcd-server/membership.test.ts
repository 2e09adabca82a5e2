import { describe, expect, it } from 'vitest'
import { emptyDirectory } from '../../../src/components/etcd/server/durable.ts'
import { errorText } from '../../../src/components/etcd/server/errors.ts'
import { type MembershipView, refuseChange } from '../../../src/components/etcd/server/membership.ts'
import { etcdVersion } from '../../../src/components/etcd/server/version.ts'
import { Bench, put } from './bench.ts'
import { told } from './told.ts'

const UNHEALTHY = errorText('unhealthy')

const addVoter = (member: number) => ({ kind: 'member-add', member, learner: false }) as const
const addLearner = (member: number) => ({ kind: 'member-add', member, learner: true }) as const
const promote = (member: number) => ({ kind: 'member-promote', member }) as const
const remove = (member: number) => ({ kind: 'member-remove', member }) as const

/** What member 1 of `voters` sees; the others are connected and started unless named. */
function view(voters: number, version: string, without: { lost?: number[]; unnamed?: number[] } = {}): MembershipView {
  const lost = new Set(without.lost)
  const members = Array.from({ length: voters }, (_, index) => ({
    id: index + 1,
    name: without.unnamed?.includes(index + 1) === true ? '' : `m${index + 1}`,
    learner: false,
  }))
  return {
    version: etcdVersion(version)!,
    self: 1,
    list: { members, removed: new Set() },
    strict: true,
    connected: (member) => !lost.has(member),
    connectedLong: (member) => !lost.has(member),
    matchShare: () => undefined,
  }
}

describe('whether a change of the membership is proposed', () => {
  it.each([
    // One of three is down: quorum of four would be three, and two are up.
    ['3.4.45', 3, [3], 'unhealthy'],
    ['3.5.29', 3, [3], 'unhealthy'],
    ['3.5.30', 3, [3], 'unhealthy'],
    ['3.6.14', 3, [3], 'unhealthy'],
    // One of five is down: quorum of six is four, and four are up; older ones want all.
    ['3.5.29', 5, [5], 'unhealthy'],
    ['3.5.30', 5, [5], undefined],
    ['3.6.10', 5, [5], 'unhealthy'],
    ['3.6.11', 5, [5], undefined],
    ['3.7.1', 5, [5], undefined],
    ['3.4.45', 1, [], undefined],
    ['3.6.14', 3, [], undefined],
  ] as const)('%s, %i voters, without %j: adding a voter gives %s', (version, voters, lost, expected) => {
    expect(refuseChange(addVoter(9), view(voters, version, { lost: [...lost] }))).toBe(expected)
  })

  it('counts started members for voters, not for learners', () => {
    const young = view(3, '3.6', { unnamed: [2, 3] })
    expect(refuseChange(addVoter(9), young)).toBe('not-enough-started')
    expect(refuseChange(addLearner(9), young)).toBeUndefined()
    // A single voter may grow, and then has to wait for the second one to start.
    expect(refuseChange(addVoter(2), view(1, '3.6'))).toBeUndefined()
    expect(refuseChange(addVoter(3), view(2, '3.6', { unnamed: [2] }))).toBe('not-enough-started')
  })

  it('lets a dead voter go, but not a living one that the quorum needs', () => {
    const degraded = view(3, '3.6', { lost: [3] })
    expect(refuseChange(remove(3), degraded)).toBeUndefined()
    expect(refuseChange(remove(2), degraded)).toBe('unhealthy')
    expect(refuseChange(remove(2), view(3, '3.6'))).toBeUndefined()
    expect(refuseChange(remove(2), view(3, '3.6', { unnamed: [3] }))).toBe('not-enough-started')
  })

  it('asks nothing without strict-reconfig-check', () => {
    expect(refuseChange(addVoter(9), { ...view(3, '3.6', { lost: [2, 3] }), strict: false })).toBeUndefined()
  })

  it('promotes learners that have nine tenths of the log', () => {
    const base = view(3, '3.6')
    const list = { ...base.list, members: [...base.list.members, { id: 4, name: 'm4', learner: true }] }
    const at = (share: number) => refuseChange(promote(4), { ...base, list, matchShare: () => share })
    expect([at(0.89), at(0.9)]).toEqual(['learner-not-ready', undefined])
    expect(refuseChange(promote(2), base)).toBe('not-learner')
    expect(refuseChange(addLearner(5), { ...base, list })).toBe('too-many-learners')
  })
})

describe('a change of the membership', () => {
  it('refuses to add a voter to a degraded cluster of three', () => {
    const bench = new Bench({ spare: 1 }).established()
    bench.followers[0]!.crash()
    const asked = bench.client(bench.leader).ask(addVoter(4))
    bench.run(10)
    expect(told(asked)).toBe(UNHEALTHY)
  })

  it('adds a learner, which is filled by a snapshot, refuses clients, is promoted and then counts', () => {
    const server = { snapshotCount: 20, catchUpEntries: 5 }
    const bench = new Bench({ spare: 1, server }).established()
    const client = bench.client(bench.leader)
    for (let number = 0; number < 100; number++) client.ask(put(`k${number}`))
    bench.run(200)
    const added = client.ask(addLearner(4))
    bench.run(100)
    expect(told(added)).toBe('ok')
    const early = client.ask(promote(4))
    bench.run(100)
    expect(told(early)).toBe(errorText('learner-not-ready'))
    const learner = bench.add(4, emptyDirectory(bench.disk(4)))
    learner.start()
    bench.run(3_000)
    expect(learner.state!.store.hash()).toBe(bench.leader.state!.store.hash())
    expect(learner.raft!.firstIndex).toBeGreaterThan(1)
    const write = bench.client(learner).ask(put('x'))
    const read = bench.client(learner).ask({ kind: 'get', key: 'k7', serializable: true })
    bench.run(10)
    expect([told(write), told(read)]).toEqual([errorText('learner'), 'ok'])
    // Asked of a follower, which passes it on to the leader.
    const promoted = bench.client(bench.followers[0]!).ask(promote(4))
    bench.run(100)
    expect(told(promoted)).toBe('ok')
    expect(bench.leader.raft!.configuration.incoming).toEqual([1, 2, 3, 4])
    bench.followers[0]!.crash()
    const after = bench.client(learner).ask(put('x'))
    bench.run(100)
    expect(told(after)).toBe('ok')
  })
})

describe('the removal of a member', () => {
  it('removes a member, which ends, and never takes its identity again', () => {
    const bench = new Bench().established()
    const [gone] = bench.followers
    const client = bench.client(bench.leader)
    const removed = client.ask(remove(gone!.id))
    bench.run(2_000)
    expect([told(removed), gone!.status]).toEqual(['ok', 'down'])
    const again = client.ask(addVoter(gone!.id))
    bench.run(50)
    expect(told(again)).toBe(errorText('member-exists'))
    const write = client.ask(put('x'))
    bench.run(50)
    expect(told(write)).toBe('ok')
    // It comes back with its old data: the others turn it away for good.
    gone!.start()
    bench.run(3_000)
    expect(gone!.status).toBe('down')
  })

  it('removes its leader, whose place another takes', () => {
    const bench = new Bench().established()
    const old = bench.leader
    const removed = bench.client(old).ask(remove(old.id))
    bench.run(6_000)
    expect([told(removed), old.status]).toEqual(['ok', 'down'])
    expect(bench.leader.raft!.configuration.incoming).toHaveLength(2)
    const write = bench.client(bench.leader).ask(put('x'))
    bench.run(50)
    expect(told(write)).toBe('ok')
  })

  it('leaves a change that came too early for Raft to the patience of its client', () => {
    const bench = new Bench({ members: 5 }).established()
    const { leader } = bench
    const [a, b] = bench.followers
    const client = bench.client(leader)
    const first = client.ask(remove(a!.id), { deadline: 5_000 })
    const second = client.ask(remove(b!.id), { deadline: 5_000 })
    bench.run(6_000)
    expect(told(first)).toBe('ok')
    expect(told(second)).toMatch(/request timed out|deadline/)
    expect(bench.leader.raft!.configuration.incoming).toHaveLength(4)
  })
})
