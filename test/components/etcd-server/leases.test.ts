import { describe, expect, it } from 'vitest'
import { errorText } from '../../../src/components/etcd/server/errors.ts'
import { Lessor, minimumTtl } from '../../../src/components/etcd/server/lessor.ts'
import { Bench } from './bench.ts'
import { told } from './told.ts'

const grant = (lease: number, ttl: number) => ({ kind: 'lease-grant', lease, ttl }) as const
const keepAlive = (lease: number) => ({ kind: 'lease-keepalive', lease }) as const
const attach = (key: string, lease: number) => ({ kind: 'put', key, value: 'v', lease }) as const

/** A cluster with lease 7 of `ttl` seconds and a key on it. */
function withLease(ttl: number, version = '3.6'): Bench {
  const bench = new Bench({ version }).established()
  const client = bench.client(bench.leader)
  client.ask(grant(7, ttl))
  bench.run(50)
  client.ask(attach('event', 7))
  bench.run(50)
  expect(bench.leader.state!.store.get('event')).toBeDefined()
  return bench
}

/** Runs until the key is gone everywhere; how long that took, in ms. */
function expiry(bench: Bench, atMost = 60_000): number {
  const from = bench.simulation.now
  while (bench.simulation.now - from < atMost) {
    const alive = bench.servers.filter(({ alive }) => alive)
    if (alive.every(({ state }) => state!.store.get('event') === undefined)) break
    bench.run(20)
  }
  return bench.simulation.now - from
}

describe('leases', () => {
  it('are at least as long as three half elections', () => {
    expect([minimumTtl(10, 100), minimumTtl(50, 100), minimumTtl(5, 100)]).toEqual([2, 8, 1])
    const bench = new Bench().established()
    const asked = bench.client(bench.leader).ask(grant(1, 1))
    bench.run(50)
    expect(asked.outcome).toMatchObject({ ttl: 2 })
  })

  it('expire on the leader within one scan, with their keys, on all members', () => {
    const took = expiry(withLease(5))
    expect(took).toBeGreaterThan(4_700)
    expect(took).toBeLessThan(5_600)
  })

  it('are kept alive by any member', () => {
    const bench = withLease(5)
    const client = bench.client(bench.followers[0]!)
    for (let round = 0; round < 5; round++) {
      bench.run(3_000)
      const asked = client.ask(keepAlive(7))
      bench.run(100)
      expect(told(asked)).toBe('ok')
    }
    expect(bench.leader.state!.store.get('event')).toBeDefined()
    const unknown = client.ask(keepAlive(8))
    bench.run(100)
    expect(told(unknown)).toBe(errorText('lease-not-found'))
  })
})

describe('leases without their leader', () => {
  it('get an election timeout and their whole time from a new leader', () => {
    const bench = withLease(5)
    bench.run(4_000)
    bench.leader.crash()
    while (bench.cluster.leader() === undefined) bench.run(10)
    const took = expiry(bench)
    expect(took).toBeGreaterThan(5_900)
    expect(took).toBeLessThan(6_700)
  })

  it('do not expire while nobody leads', () => {
    const bench = withLease(5)
    const followers = bench.followers
    bench.leader.crash()
    followers[0]!.crash()
    bench.run(60_000)
    expect(followers[1]!.state!.store.get('event')).toBeDefined()
    const asked = bench.client(followers[1]!).ask(keepAlive(7))
    bench.run(8_000)
    expect(told(asked)).toBe('etcdserver: no leader')
  })

  it.each([
    ['3.5.2', 'ok'],
    ['3.5.3', 'etcdserver: request timed out, waiting for the applied index took too long'],
  ])('%s: a renewal at a leader that cannot apply for over a second: %s', (version, expected) => {
    const bench = withLease(60, version)
    const client = bench.client(bench.leader)
    bench.leader.process.queue.hold(1)
    client.ask(grant(8, 60))
    bench.run(50)
    const asked = client.ask(keepAlive(7))
    bench.run(2_000)
    expect(told(asked)).toBe(expected)
  })

  it.each([
    ['3.5.12', false],
    ['3.5.13', true],
    ['3.6.0', true],
  ])('%s: a leader whose disk hangs makes sure that it leads: %s', (version, guarded) => {
    const bench = withLease(10, version)
    const stalled = bench.leader
    bench.run(8_500)
    stalled.directory.disk.stall(1)
    stalled.call({ answered: () => {} }, 1, attach('other', 7))
    // The others elect a leader and keep the lease alive; the stalled one hears of neither.
    bench.run(3_000)
    const { leader } = bench
    expect(leader).not.toBe(stalled)
    const client = bench.client(leader)
    for (let round = 0; round < 10; round++) {
      client.ask(keepAlive(7))
      bench.run(1_000)
    }
    stalled.directory.disk.stall(-1)
    for (let round = 0; round < 3; round++) {
      client.ask(keepAlive(7))
      bench.run(1_000)
    }
    expect(leader.state!.leases.has(7)).toBe(guarded)
  })

  it('are spread out by a new leader when there are a thousand', () => {
    const lessor = new Lessor(2)
    const leases = Array.from({ length: 3_000 }, (_, id) => ({ id, ttl: 10, keys: new Set<string>() }))
    lessor.promote(0, 1_000, leases)
    const perSecond = new Map<number, number>()
    for (const { id } of leases) {
      const second = Math.floor(lessor.expiresAt(id) / 1000)
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    }
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(750)
    expect(lessor.expired(60_000, 7_000)).toHaveLength(500)
    expect(lessor.expired(60_000, 7_000)).toHaveLength(500)
  })
})
