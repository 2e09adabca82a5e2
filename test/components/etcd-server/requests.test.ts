import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../../src/components/etcd/server/client.ts'
import { Bench, get, put, serializable } from './bench.ts'
import { told, took } from './told.ts'

describe('requests at a member', () => {
  it('serves puts and reads at every member, with one revision each', () => {
    const bench = new Bench().established()
    const clients = bench.servers.map((server) => bench.client(server))
    const puts = clients.map((client, index) => {
      const asked = client.ask(put(`k${index}`))
      bench.run(50)
      return asked
    })
    expect(puts.map(told)).toEqual(['ok', 'ok', 'ok'])
    const reads = clients.map((client) => client.ask(get('k2')))
    bench.run(50)
    expect(reads.map(({ outcome }) => outcome)).toMatchObject([{ value: 'k2' }, { value: 'k2' }, { value: 'k2' }])
    const hashes = bench.servers.map((server) => server.state!.store.hash())
    expect(new Set(hashes).size).toBe(1)
    expect(bench.leader.state!.store.revision).toBe(4)
  })

  it('loses puts at a survivor that still believes in the dead leader, and holds those of a later moment', () => {
    const bench = new Bench({ version: '3.4' }).established()
    const [survivor] = bench.followers
    const client = bench.client(survivor!)
    const dead = bench.leader
    dead.crash()
    const believing: Conversation[] = []
    for (let at = 0; survivor!.raft!.lead === dead.id; at++) {
      if (at % 10 === 0) believing.push(client.ask(put('x')))
      bench.run(1)
    }
    expect(survivor!.raft!.lead).toBe(0)
    const waiting = client.ask(put('y'))
    const read = client.ask(get('y'))
    bench.run(9_000)
    expect(believing.length).toBeGreaterThan(80)
    const lost = believing.filter((each) => told(each).startsWith('etcdserver: request timed out'))
    expect(lost.length).toBeGreaterThanOrEqual(believing.length - 1)
    for (const each of lost) expect(took(each)).toBe(7_000)
    expect(told(waiting)).toBe('ok')
    expect(took(waiting)).toBeLessThan(3_000)
    expect(told(read)).toBe('ok')
  })

  it('blames the previous leader only where the new one is', () => {
    const bench = new Bench().established()
    const followers = bench.followers
    bench.leader.crash()
    const asked = followers.map((server) => bench.client(server).ask(put('x')))
    bench.run(8_000)
    const texts = followers.map((server, index) => [server === bench.leader, told(asked[index]!)])
    expect(texts).toContainEqual([true, 'etcdserver: request timed out, possibly due to previous leader failure'])
    expect(texts).toContainEqual([false, 'etcdserver: request timed out'])
  })
})

describe('requests at a member without quorum', () => {
  it('lets an isolated leader swallow puts and linearizable reads for 7 s, while serializable reads go on', () => {
    const bench = new Bench().established()
    const old = bench.leader
    const sinkless = bench.client(old)
    bench.isolate(old, 1)
    const write = sinkless.ask(put('x'))
    const local = sinkless.ask(serializable('x'))
    bench.run(6_990)
    expect([told(write), told(local)]).toEqual(['no answer', 'ok'])
    bench.run(20)
    expect(told(write)).toBe('etcdserver: request timed out')
    expect(took(write)).toBe(7_000)
    const later = sinkless.ask(serializable('x'))
    const blocked = sinkless.ask(put('y'))
    bench.run(7_010)
    expect(told(later)).toBe('ok')
    expect(told(blocked)).toBe('context deadline exceeded')
  })

  it('speaks of a lost connection only once the stream is given up', () => {
    const bench = new Bench().established()
    const [follower] = bench.followers
    const { leader } = bench
    const client = bench.client(follower!)
    bench.cut(follower!, leader, 1)
    const before = client.ask(put('x'))
    bench.run(7_010)
    expect(told(before)).toMatch(/^etcdserver: request timed out/)
  })

  it('refuses at once what asks for a leader, and puts of a learner or beyond the size limit', () => {
    const bench = new Bench().established()
    const [first, second] = bench.followers
    const client = bench.client(first!)
    const large = client.ask(put('x', 'a'.repeat(1.6 * 1024 * 1024)))
    bench.run(10)
    expect(told(large)).toBe('etcdserver: request is too large')
    second!.crash()
    bench.leader.crash()
    bench.run(3_000)
    const asked = client.ask(put('x'), { requireLeader: true })
    bench.run(10)
    expect(told(asked)).toBe('etcdserver: no leader')
  })
})

describe('requests under pressure and at the ends of a process', () => {
  it('turns proposals away when 5000 committed entries wait to be applied', () => {
    const bench = new Bench().established()
    const [follower] = bench.followers
    const writer = bench.client(bench.leader)
    const slow = bench.client(follower!)
    follower!.process.queue.hold(1)
    for (let number = 0; number <= 5_000; number++) writer.ask(put('x'))
    bench.run(500)
    const asked = slow.ask(put('y'))
    bench.run(10)
    expect(told(asked)).toBe('etcdserver: too many requests')
    follower!.process.queue.hold(-1)
    const again = slow.ask(put('y'))
    bench.run(50)
    expect(told(again)).toBe('ok')
  })

  it('fails reads under way when a leader is found, and a patient client does not notice', () => {
    const bench = new Bench().established()
    const [follower, other] = bench.followers
    bench.leader.crash()
    const outcomes: string[] = []
    const sink = {
      answered: (_: number, outcome: Conversation['outcome']) => outcomes.push(outcome!.ok ? 'ok' : outcome!.error),
    }
    follower!.call(sink, 1, get('x'))
    const patient = bench.client(other!).ask(get('x'))
    bench.run(6_000)
    expect(outcomes).toEqual(['leader-changed'])
    expect(told(patient)).toBe('ok')
    expect(patient.attempts).toBe(2)
  })

  it('lets nobody in before it has published itself', () => {
    const bench = new Bench()
    bench.servers[0]!.start()
    bench.run(20_000)
    const asked = bench.client(bench.servers[0]!).ask(serializable('x'), { deadline: 1_000 })
    bench.run(1_500)
    expect(told(asked)).toBe('context deadline exceeded')
    expect(asked.attempts).toBeGreaterThan(20)
    expect(bench.servers[0]!.status).toBe('running')
  })
})

describe('the end of a process', () => {
  it('hands over on SIGTERM without an election timeout', () => {
    const bench = new Bench().established()
    const old = bench.leader
    const clients = bench.followers.map((server) => bench.client(server))
    old.stop()
    const asked: Conversation[] = []
    for (let round = 0; round < 50; round++) {
      for (const client of clients) asked.push(client.ask(put('x')))
      bench.run(20)
    }
    bench.run(8_000)
    expect(old.status).toBe('down')
    expect(asked.filter((each) => told(each) !== 'ok').length).toBeLessThanOrEqual(2)
    expect(Math.max(...asked.filter((each) => told(each) === 'ok').map(took))).toBeLessThan(100)
  })

  it('tells clients of a killed process that their connection is gone', () => {
    const bench = new Bench().established()
    const { leader } = bench
    const client = bench.client(leader)
    const asked = client.ask(put('x'))
    leader.crash()
    bench.run(1)
    expect(told(asked)).toBe('connection reset by peer')
  })
})
