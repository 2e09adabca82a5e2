import { describe, expect, it } from 'vitest'
import { errorText } from '../../../src/components/etcd/server/errors.ts'
import { refusedByAlarm } from '../../../src/components/etcd/server/space.ts'
import { Bench, get, put, serializable } from './bench.ts'
import { told, took } from './told.ts'

const NO_SPACE = errorText('no-space')
const BIG = 'x'.repeat(10_000)

/** A cluster whose quota of 100 kB was filled by puts to one key. */
function full(): Bench {
  const bench = new Bench({ server: { quotaBytes: 100_000 } }).established()
  const client = bench.client(bench.leader)
  for (let number = 0; number < 20; number++) {
    client.ask(put('k', BIG))
    bench.run(20)
  }
  const outcomes = client.conversations.map(told)
  expect(outcomes.filter((each) => each === 'ok')).toHaveLength(9)
  expect(outcomes.at(-1)).toBe(NO_SPACE)
  return bench
}

describe('a backend at its quota', () => {
  it('raises NOSPACE for all, and lets pass what makes room', () => {
    const bench = full()
    const client = bench.client(bench.followers[0]!)
    const outcomes = [
      put('small'),
      { kind: 'lease-grant', lease: 1, ttl: 10 } as const,
      get('k'),
      { kind: 'delete', key: 'k' } as const,
      { kind: 'compact', revision: 11 } as const,
    ].map((request) => {
      const asked = client.ask(request)
      bench.run(20)
      return told(asked)
    })
    expect(outcomes).toEqual([NO_SPACE, NO_SPACE, 'ok', 'ok', 'ok'])
  })

  it('has room again after compaction, defragmentation and disarming, in this order', () => {
    const bench = full()
    const client = bench.client(bench.leader)
    const disarm = () => {
      for (const { id } of bench.servers)
        client.ask({ kind: 'alarm', action: 'deactivate', alarm: 'NOSPACE', member: id })
      bench.run(20)
    }
    client.ask({ kind: 'compact', revision: 10 })
    bench.run(20)
    disarm()
    // The file is as large as before: the next put raises the alarm again.
    const early = client.ask(put('k', BIG))
    bench.run(20)
    for (const server of bench.servers) bench.client(server).ask({ kind: 'defragment' })
    bench.run(20)
    disarm()
    const late = client.ask(put('k', BIG))
    bench.run(20)
    expect([told(early), told(late)]).toEqual([NO_SPACE, 'ok'])
  })

  it('stays readable under a CORRUPT alarm, and takes no change', () => {
    const corrupt = new Set(['CORRUPT'] as const)
    expect(refusedByAlarm({ kind: 'delete', key: 'k' }, corrupt)).toBe('corrupt')
    expect(
      refusedByAlarm({ kind: 'alarm', action: 'deactivate', alarm: 'CORRUPT', member: 1 }, corrupt),
    ).toBeUndefined()
    const bench = new Bench().established()
    const client = bench.client(bench.leader)
    client.ask({ kind: 'alarm', action: 'activate', alarm: 'CORRUPT', member: 1 })
    bench.run(20)
    const write = client.ask(put('x'))
    const read = client.ask(get('x'))
    bench.run(20)
    expect([told(write), told(read)]).toEqual([errorText('corrupt'), 'ok'])
  })
})

describe('a defragmentation', () => {
  it('stops reads and writes of its member, and neither its leadership nor the others', () => {
    // 100 kB at 20 kB/s: five seconds.
    const bench = new Bench({ server: { defragmentRate: 20_000 } }).established()
    const { leader } = bench
    const term = leader.raft!.term
    const client = bench.client(leader)
    const elsewhere = bench.client(bench.followers[0]!)
    for (let number = 0; number < 10; number++) client.ask(put(`k${number}`, BIG))
    bench.run(100)
    const defragmented = client.ask({ kind: 'defragment' })
    const [write, read, local] = [client.ask(put('x')), client.ask(get('x')), client.ask(serializable('x'))]
    const other = elsewhere.ask(put('y'))
    bench.run(100)
    expect([write, read, local, other].map(told)).toEqual(['no answer', 'no answer', 'no answer', 'ok'])
    bench.run(6_000)
    expect(took(defragmented)).toBeGreaterThan(5_000)
    expect([write, read, local].map(told)).toEqual(['ok', 'ok', 'ok'])
    expect(took(local)).toBe(took(defragmented))
    expect([bench.leader, leader.raft!.term]).toEqual([leader, term])
  })
})
