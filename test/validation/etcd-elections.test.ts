import { describe, expect, it } from 'vitest'
import { hasOracles, oracle } from '../structure/oracles.ts'
import { mean, play, quantile, transition } from './plans.ts'

const LEADER_CRASH = '{ at: 10s, do: crash, on: etcd-leader }'

function etcd(members: number, etcdKeys: string, network = 'fixed(0.5ms)'): string {
  return `
nodes: { member: { count: ${members} } }
etcd: { on: member, ${etcdKeys} }
network: { within-zone: ${network} }`
}

describe.skipIf(!hasOracles)('an election, against an independent Monte Carlo of the same rules', () => {
  /** One millisecond each for a message and for a write. */
  const model = (members: number, writes: string) =>
    etcd(members, `version: "3.4", pre-vote: true, writes: ${writes}, fsync: fixed(1ms)`, 'fixed(1ms)')

  it.each([
    [3, 'since-crash', '0/s'],
    [5, 'since-crash', '0/s'],
    // A thousand writes a second: the last word of the leader is as old as the crash.
    [3, 'since-heartbeat', '1000/s'],
    [5, 'since-heartbeat', '1000/s'],
  ] as const)('of %i members, %s', (members, from, writes) => {
    const name = `F12-a-n${members}-lease1-prevote1-${from}`
    const replications = from === 'since-crash' ? 8000 : 3000
    const samples = play({ model: model(members, writes), actions: [LEADER_CRASH], replications, horizon: '11s' })
    const elected = transition(samples, 'etcd.elected')
    expect(elected).toHaveLength(replications)
    // Four standard errors: the standard deviation is about 250 ms, the density at the quantiles at least 0.5 per second.
    const exact = 4 / Math.sqrt(replications)
    expect(Math.abs(mean(elected) - oracle(name, 'mean_ms')!)).toBeLessThan(250 * exact + 2)
    for (const [share, key] of [
      [0.1, 'p10_ms'],
      [0.5, 'p50_ms'],
      [0.9, 'p90_ms'],
    ] as const) {
      const error = (Math.sqrt(share * (1 - share)) / (share === 0.9 ? 0.0005 : 0.001)) * exact
      expect(Math.abs(quantile(elected, share) - oracle(name, key)!), key).toBeLessThan(error + 2)
    }
  })
})

describe('an election', () => {
  it.each([
    [3, 50, 500, false],
    [3, 250, 2500, false],
    [5, 50, 500, true],
    [5, 250, 2500, true],
  ])('of %i members scales with its timers (%i/%i ms)', (members, heartbeat, timeout, preVote) => {
    const keys = `version: "3.4", pre-vote: ${preVote}, writes: 100/s, heartbeat-interval: ${heartbeat}ms, election-timeout: ${timeout}ms`
    const samples = play({ model: etcd(members, keys), actions: [LEADER_CRASH], replications: 500 })
    const detected = transition(samples, 'etcd.detected')
    // Phase and whole ticks together are uniform on [9, 19) ticks since the leader's last word, at most 10 ms ago.
    const others = members - 1
    const expected = 0.9 * timeout + timeout / (others + 1)
    const deviation = (timeout * Math.sqrt(others / (others + 2))) / (others + 1)
    expect(Math.abs(mean(detected) + 5 - expected)).toBeLessThan((4 * deviation) / Math.sqrt(500) + 5)
    expect(Math.min(...detected)).toBeGreaterThan(0.9 * timeout - 20)
    expect(transition(samples, 'etcd.elected')).toHaveLength(500)
    const split = transition(samples, 'etcd.terms').filter((terms) => terms > 1).length / 500
    if (preVote) expect(split).toBeLessThan(0.02)
    else expect(split).toBeGreaterThan(0.05)
  })
})

describe('an election over slow links', () => {
  it.each([10, 25, 50])('comes later by the way of its messages when each takes %i ms longer', (delay) => {
    const keys = 'version: "3.5", writes: 100/s, fsync: fixed(1ms)'
    const plain = play({ model: etcd(3, keys), actions: [LEADER_CRASH], replications: 500 })
    const slow = `{ at: 1s, do: delay, on: [member-1, member-2, member-3], by: ${delay}ms }`
    const delayed = play({ model: etcd(3, keys), actions: [slow, LEADER_CRASH], replications: 500 })
    // Pre-vote and vote take two round trips; taken by replication, since timeouts are drawn far wider than that.
    const median = (samples: typeof plain) => quantile(transition(samples, 'etcd.elected'), 0.5)
    const campaign = (samples: typeof plain) => {
      const detected = transition(samples, 'etcd.detected')
      return quantile(
        transition(samples, 'etcd.elected').map((elected, k) => elected - detected[k]!),
        0.5,
      )
    }
    expect(campaign(delayed) - campaign(plain)).toBeGreaterThan(3.99 * delay)
    expect(campaign(delayed) - campaign(plain)).toBeLessThan(4.1 * delay + 5)
    // The leader's last word comes one way later. Members count whole ticks, so that shows in the mean: now and then a
    // campaign starts a tick later. Both runs draw the same timeouts.
    const shift = mean(transition(delayed, 'etcd.detected')) - mean(transition(plain, 'etcd.detected'))
    expect(shift).toBeGreaterThan(0.51 * delay)
    expect(shift).toBeLessThan(1.5 * delay)
    const asConfigured = play({
      model: etcd(3, keys, `fixed(${delay + 0.5}ms)`),
      actions: [LEADER_CRASH],
      replications: 500,
    })
    expect(Math.abs(median(asConfigured) - median(delayed))).toBeLessThan(60)
  })

  it('survives two members killed at once of five', () => {
    for (const [version, share] of [
      ['3.5', 0.02],
      ['3.4', 0.35],
    ] as const) {
      const keys = `version: "${version}", writes: 100/s`
      const kill = '{ at: 10s, do: crash, on: [etcd-leader, an etcd-follower] }'
      const samples = play({ model: etcd(5, keys), actions: [kill], replications: 500 })
      expect(transition(samples, 'etcd.elected')).toHaveLength(500)
      expect(transition(samples, 'etcd.recovered')).toHaveLength(500)
      const split = transition(samples, 'etcd.terms').filter((terms) => terms > 1).length / 500
      expect(split).toBeLessThan(share)
      // Minimum of three uniforms on [900, 1900) ms.
      expect(Math.abs(mean(transition(samples, 'etcd.detected')) - 1145)).toBeLessThan(40)
    }
  })

  it.each(['3.4', '3.5', '3.6'])('follows the return of a quorum (etcd %s)', (version) => {
    const keys = `version: "${version}", writes: 100/s, start: fixed(150ms)`
    const kill = '{ at: 10s, do: crash, on: [etcd-leader, an etcd-follower], for: 8s }'
    const samples = play({ model: etcd(3, keys), actions: [kill], replications: 500, horizon: '1m' })
    const elected = transition(samples, 'etcd.elected.afterReturn')
    expect(elected).toHaveLength(500)
    // Nobody leads before two are there; both skip all but two ticks, so one stands within 0.2 to 1.1 s of its start.
    expect(Math.min(...elected)).toBeGreaterThan(150)
    expect(quantile(elected, 0.5)).toBeGreaterThan(300)
    expect(quantile(elected, 0.5)).toBeLessThan(700)
    expect(quantile(elected, 0.95)).toBeLessThan(1500)
    expect(transition(samples, 'etcd.recovered.afterReturn')).toHaveLength(500)
  })

  it('costs few events: what repeats itself is skipped', () => {
    const samples = play({
      model: etcd(5, 'version: "3.4"'),
      actions: [LEADER_CRASH],
      replications: 20,
      horizon: '30d',
    })
    expect(Math.max(...samples.map(({ events }) => events))).toBeLessThan(3000)
  })
})
