import { describe, expect, it } from 'vitest'
import { B1, B2, OUTSIDE, PlanCluster, S1, S2, S3 } from './plan-cluster.ts'

const others = (of: readonly number[]): number[] => [S1, S2, S3, B1, B2, OUTSIDE].filter((each) => !of.includes(each))
/** Both directions between two sets, as the cluster lists them. */
const between = (some: readonly number[], rest: readonly number[]): string[] =>
  [...new Set(some.flatMap((a) => rest.flatMap((b) => (a === b ? [] : [`${a}>${b}`, `${b}>${a}`]))))].sort()

describe('crash', () => {
  it('lets the backup balancer end and come back without a client noticing', () => {
    const run = new PlanCluster(
      '{ at: 10s, do: crash, on: server-1, for: 60s }',
      '{ at: 200s, do: crash, on: balancer-2, for: 5s }',
    )
    const before = [...run.at(199).cluster.clients!.shares]
    expect(before[S1]).toBe(0)
    expect([...run.at(203).cluster.clients!.shares]).toEqual(before)
    expect([...run.at(300).cluster.clients!.shares]).toEqual(before)
  })

  it('of a machine takes everything on it down, and brings it back', () => {
    const run = new PlanCluster('{ at: 10s, do: crash, on: server-1, for: 20s }').at(10)
    expect(run.cluster.answering[S1]).toBe(false)
    expect(run.etcd(S1).state).toBe('down')
    expect(run.api(S1).state).toBe('absent')
    expect(run.cluster.probe(B1, S1)).toBe('unreachable')
    run.at(29.9)
    expect(run.etcd(S1).state).toBe('down')
    run.at(30.5)
    expect(run.cluster.answering[S1]).toBe(true)
    expect([run.etcd(S1).state, run.api(S1).state]).toEqual(['starting', 'starting'])
    run.at(40)
    expect([run.etcd(S1).state, run.api(S1).state]).toEqual(['running', 'serving'])
    expect(run.told).toEqual(['+ crash server-1', '- crash server-1'])
  })

  it('of a process leaves the rest of its machine alone', () => {
    const etcd = new PlanCluster('{ at: 10s, do: crash, on: etcd server-2, for: 20s }').at(11)
    expect([etcd.etcd(S2).state, etcd.api(S2).state]).toEqual(['down', 'serving'])
    expect(etcd.at(35).etcd(S2).state).toBe('running')
    const api = new PlanCluster('{ at: 10s, do: crash, on: api-server server-2, for: 20s }').at(11)
    expect([api.etcd(S2).state, api.api(S2).state]).toEqual(['running', 'absent'])
    expect(api.cluster.probe(B1, S2)).toBe('refused')
    expect(api.at(36).api(S2).state).toBe('serving')
    const balancer = new PlanCluster('{ at: 10s, do: crash, on: balancer balancer-1, for: 20s }').at(11)
    expect(balancer.balancer(B1).running).toBe(false)
    expect(balancer.cluster.entrance()).toBe(-1)
    expect(balancer.at(31).cluster.entrance()).toBe(0)
  })

  it('of a zone takes its machines down, balancers too', () => {
    const run = new PlanCluster('{ at: 10s, do: crash, on: zone a, for: 20s }').at(20)
    expect([...run.cluster.answering]).toEqual([false, true, true, false, true])
    expect(run.cluster.keepalived?.holder).toBe(1)
    run.at(60)
    expect(run.cluster.answering.every((answering) => answering)).toBe(true)
    expect(run.cluster.keepalived?.holder).toBe(0)
  })

  it('without `for` is repaired by nobody', () => {
    const run = new PlanCluster('{ at: 10s, do: crash, on: server-3 }').at(86_400)
    expect(run.etcd(S3).state).toBe('down')
    expect(run.told).toEqual(['+ crash server-3'])
  })

  it('of a machine whose process is held down as well needs both to end', () => {
    const run = new PlanCluster(
      '{ at: 10s, do: crash, on: server-1, for: 20s }',
      '{ at: 15s, do: crash, on: etcd server-1, for: 30s }',
    ).at(40)
    // The machine is back, its etcd is not: the API server beside it cannot start.
    expect([run.etcd(S1).state, run.api(S1).state]).toEqual(['down', 'starting'])
    expect(run.at(47).etcd(S1).state).toBe('running')
  })
})

describe('stop and reboot', () => {
  it('hand leadership over before the process ends', () => {
    const before = new PlanCluster().at(9).leader
    const run = new PlanCluster('{ at: 10s, do: stop, on: etcd-leader, for: 20s }').at(10.1)
    expect(run.leader).not.toBe(before)
    expect(run.leader).toBeGreaterThanOrEqual(0)
    expect(run.etcd(before).state).toBe('stopping')
    expect(run.at(11).etcd(before).state).toBe('down')
    expect(run.at(32).etcd(before).state).toBe('running')
  })

  it('of a balancer machine give the address up in good order', () => {
    const run = new PlanCluster('{ at: 10s, do: stop, on: balancer-1, for: 1m }').at(10.7)
    expect(run.cluster.keepalived?.holder).toBe(1)
    const crashed = new PlanCluster('{ at: 10s, do: crash, on: balancer-1, for: 1m }').at(10.7)
    expect(crashed.cluster.keepalived?.holder).toBe(-1)
  })

  it('reboot comes back by itself, after half a minute or when it says', () => {
    const run = new PlanCluster('{ at: 10s, do: reboot, on: server-1 }').at(43)
    expect(run.etcd(S1).state).toBe('down')
    expect(run.at(46).etcd(S1).state).toBe('running')
    expect(new PlanCluster('{ at: 10s, do: reboot, on: server-1, for: 5s }').at(17).etcd(S1).state).toBe('running')
  })
})

describe('pause', () => {
  it('freezes a process where it stands', () => {
    const before = new PlanCluster().at(9).leader
    const run = new PlanCluster('{ at: 10s, do: pause, on: etcd-leader, for: 20s }').at(15)
    expect(run.etcd(before).paused).toBe(true)
    expect(run.etcd(before).state).toBe('running')
    expect(run.leader).not.toBe(before)
    run.at(31)
    expect(run.etcd(before).alive).toBe(true)
    expect(run.etcd(before).raft?.state).toBe('StateFollower')
  })

  it('of an API server lets its kernel accept and nobody answer', () => {
    const run = new PlanCluster('{ at: 10s, do: pause, on: api-server server-1, for: 20s }').at(11)
    expect(run.cluster.probe(B1, S1)).toBe('hangs')
    expect(run.at(31).cluster.probe(B1, S1)).toBe('ok')
  })

  it('of a machine freezes all that runs there', () => {
    const run = new PlanCluster('{ at: 10s, do: pause, on: server-1, for: 20s }').at(11)
    expect([run.etcd(S1).paused, run.api(S1).paused]).toEqual([true, true])
    run.at(31)
    expect([run.etcd(S1).paused, run.api(S1).paused]).toEqual([false, false])
  })

  it('lasts through a start that is under way', () => {
    const run = new PlanCluster(
      '{ at: 10s, do: crash, on: etcd server-1, for: 5s }',
      '{ at: 15500ms, do: pause, on: etcd server-1, for: 20s }',
    ).at(30)
    expect(run.etcd(S1).alive).toBe(false)
    run.at(37)
    expect(run.etcd(S1).alive).toBe(true)
    expect(run.etcd(S1).raft?.lead).toBe(run.leader + 1)
  })
})

describe('cut and isolate', () => {
  it.each([
    ['cut, on: server-1', between([S1], others([S1]))],
    ['cut, on: [server-1, server-2]', between([S1, S2], others([S1, S2]))],
    ['cut, on: [server-1], from: [server-2, balancer-1]', between([S1], [S2, B1])],
    ['cut, on: zone a', between([S1, B1], others([S1, B1]))],
    ['cut, on: zone a, from: zone b', between([S1, B1], [S2, B2])],
    ['cut, on: etcd server-2', between([S2], others([S2]))],
    ['cut, on: link server-1 -> server-3', ['0>2', '2>0']],
    ['cut, on: link server-1 -> server-3, one-way: true', ['0>2']],
    ['cut, on: server-1, from: server-2, one-way: true', ['0>1']],
    ['isolate, on: server-3', between([S3], others([S3]))],
    ['isolate, on: zone b', between([S2, B2], others([S2, B2]))],
    ['isolate, on: server-3, one-way: true', others([S3]).map((to) => `${S3}>${to}`)],
  ])('%s', (action, expected) => {
    const run = new PlanCluster(`{ at: 10s, do: ${action}, for: 20s }`).at(11)
    expect(run.cuts).toEqual([...expected].sort())
    expect(run.at(31).cuts).toEqual([])
  })

  it('that overlap end one by one', () => {
    const run = new PlanCluster(
      '{ at: 10s, do: isolate, on: server-1, for: 20s }',
      '{ at: 15s, do: cut, on: server-1, from: server-2, for: 30s }',
    ).at(31)
    expect(run.cuts).toEqual(between([S1], [S2]))
    expect(run.at(46).cuts).toEqual([])
  })

  it('isolating the leader leaves it alone and elects another', () => {
    const before = new PlanCluster().at(9).leader
    const run = new PlanCluster('{ at: 10s, do: isolate, on: etcd-leader, for: 20s }').at(20)
    expect(run.leader).not.toBe(before)
    expect(run.etcd(before).raft?.state).not.toBe('StateLeader')
    expect(run.at(40).etcd(before).raft?.lead).toBe(run.leader + 1)
  })
})

describe('delay and lose', () => {
  it.each([
    ['on: server-1', between([S1], others([S1]))],
    ['on: [server-1, server-2, server-3]', between([S1, S2, S3], [S1, S2, S3, B1, B2, OUTSIDE])],
    ['on: server-1, from: server-2', between([S1], [S2])],
    ['on: server-1, from: server-2, one-way: true', ['0>1']],
    ['on: link server-2 -> server-3, one-way: true', ['1>2']],
    ['on: zone a, one-way: true', [S1, B1].flatMap((from) => others([from]).map((to) => `${from}>${to}`)).sort()],
  ])('%s', (target, expected) => {
    const slow = new PlanCluster(`{ at: 10s, do: delay, ${target}, by: 20ms, for: 20s }`).at(11)
    expect(Object.keys(slow.delays)).toEqual([...expected].sort())
    expect(new Set(Object.values(slow.delays))).toEqual(new Set([20]))
    expect(slow.at(31).delays).toEqual({})
    const lossy = new PlanCluster(`{ at: 10s, do: lose, ${target}, share: 100%, for: 20s }`).at(11)
    expect(lossy.links((from, to) => lossy.cluster.network.loses(from, to))).toEqual([...expected].sort())
    lossy.at(31)
    expect(lossy.cluster.network.lossy).toBe(false)
  })

  it('losses that overlap end one by one', () => {
    const run = new PlanCluster(
      '{ at: 10s, do: lose, on: server-1, share: 100%, for: 20s }',
      '{ at: 15s, do: lose, on: server-1, from: server-2, share: 30%, for: 30s }',
    ).at(31)
    const lost = run.links(() => false)
    expect(lost).toEqual([])
    expect(run.cluster.network.lossy).toBe(true)
    expect(run.at(46).cluster.network.lossy).toBe(false)
  })

  it('losing all of what the leader sends deposes it, a little of it does not', () => {
    const before = new PlanCluster().at(9).leader
    const all = new PlanCluster('{ at: 10s, do: lose, on: etcd-leader, share: 100%, for: 20s }').at(20)
    expect(all.leader).not.toBe(before)
    const few = new PlanCluster('{ at: 10s, do: lose, on: etcd-leader, share: 1%, for: 20s }').at(20)
    expect(few.leader).toBe(before)
  })
})

describe('disks', () => {
  it('slow-disk makes each write of a member longer', () => {
    const run = new PlanCluster('{ at: 10s, do: slow-disk, on: server-1, by: 50ms, for: 20s }').at(11)
    expect(run.etcd(S1).disk.slowBy).toBe(50)
    expect(run.at(31).etcd(S1).disk.slowBy).toBe(0)
    const leader = new PlanCluster('{ at: 10s, do: slow-disk, on: etcd-leader, by: 50ms, for: 20s }').at(11)
    expect(leader.etcd(leader.leader).disk.slowBy).toBe(50)
  })

  it('lose-disk empties a member, which is filled from the leader when it has a new disk', () => {
    const run = new PlanCluster('{ at: 10s, do: lose-disk, on: server-1, for: 20s }').at(20)
    expect(run.etcd(S1).state).toBe('down')
    run.at(35)
    expect(run.etcd(S1).state).toBe('running')
    const leader = run.etcd(run.leader)
    expect(run.etcd(S1).raft?.lead).toBe(leader.config.id)
    expect(run.etcd(S1).raft?.committed).toBe(leader.raft?.committed)
  })

  it('lose-disk waits for a leader, while one is possible', () => {
    const run = new PlanCluster(
      '{ at: 10s, do: lose-disk, on: server-1, for: 5s }',
      '{ at: 11s, do: isolate, on: [server-2], for: 60s }',
    ).at(60)
    expect(run.etcd(S1).state).toBe('down')
    expect(run.at(90).etcd(S1).state).toBe('running')
  })

  it('lose-disk twice, the second time before the first loss was made good, is made good once', () => {
    const run = new PlanCluster(
      '{ at: 9s, do: crash, on: server-2, for: 52s }',
      '{ at: 10s, do: lose-disk, on: server-1, for: 50.9s }',
      '{ at: 10s, do: lose-disk, on: server-3, for: 5s }',
      '{ at: 20s, do: lose-disk, on: server-3, for: 5s }',
    )
    // There is one copy left, on a machine that is down.
    expect(run.at(60).etcd(S3).state).toBe('down')
    run.at(100)
    expect([S1, S2, S3].map((machine) => run.etcd(machine).state)).toEqual(['running', 'running', 'running'])
  })
})

describe('roles', () => {
  it('are who has them at that moment, and are undone on the same one', () => {
    const before = new PlanCluster().at(9).leader
    const run = new PlanCluster('{ at: 10s, do: crash, on: etcd-leader, for: 20s }').at(25)
    expect(run.leader).not.toBe(before)
    expect(run.at(35).etcd(before).state).toBe('running')
  })

  it('an etcd-follower is not the leader, and two are two', () => {
    const run = new PlanCluster('{ at: 10s, do: crash, on: [an etcd-follower, an etcd-follower], for: 1h }').at(10.5)
    const down = [S1, S2, S3].filter((machine) => run.etcd(machine).state === 'down')
    expect(down).toHaveLength(2)
    expect(down).not.toContain(new PlanCluster().at(9).leader)
  })

  it('the address-holder is the balancer that has it', () => {
    const run = new PlanCluster(
      '{ at: 10s, do: crash, on: address-holder, for: 1h }',
      '{ at: 20s, do: crash, on: address-holder, for: 1h }',
    ).at(19)
    expect([run.balancer(B1).running, run.balancer(B2).running]).toEqual([false, true])
    run.at(21)
    expect([run.balancer(B1).running, run.balancer(B2).running]).toEqual([false, false])
  })

  it('the preferred API server is the one with the most clients', () => {
    const run = new PlanCluster(
      '{ at: 10s, do: crash, on: api-server server-1, for: 10s }',
      '{ at: 40s, do: crash, on: the preferred api-server, for: 1h }',
    ).at(41)
    expect(run.api(S1).state).toBe('serving')
    expect([run.api(S2).state, run.api(S3).state]).toContain('absent')
  })

  it('that nobody has are left out', () => {
    const run = new PlanCluster(
      '{ at: 10s, do: crash, on: [server-1, server-2], for: 1m }',
      '{ at: 20s, do: crash, on: etcd-leader, for: 10s }',
    ).at(25)
    expect(run.etcd(S3).state).toBe('running')
  })
})

describe('a link', () => {
  it.each(['pause', 'stop', 'reboot', 'lose-disk'])('cannot be hit by %s: the plan is refused', (kind) => {
    expect(() => new PlanCluster(`{ at: 10s, do: ${kind}, on: link server-1 -> server-2 }`)).toThrow('link')
  })
})
