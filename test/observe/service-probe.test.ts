import { describe, expect, it } from 'vitest'
import { ms } from '../../src/base/units.ts'
import { OutageRecorder } from '../../src/observe/outage-recorder.ts'
import { ServiceProbe } from '../../src/observe/service-probe.ts'
import type { MemberAnswer } from '../../src/protocol/etcd-client.ts'

const HORIZON = 100_000
const DEADLINE = 1_000

type Step = readonly [at: number, answers: readonly MemberAnswer[], shares?: readonly number[], term?: number]

/** What a probe of two members makes of their answers; a request is equally likely to reach either. */
function probe(steps: readonly Step[], combine: 'any' | 'shares' = 'shares') {
  const recorder = new OutageRecorder({ horizonMs: HORIZON, at: [], from: ms(0) })
  const service = new ServiceProbe(2, DEADLINE, recorder, (shares, succeeds) => {
    if (combine === 'any') return succeeds.includes(true) ? 1 : 0
    return shares.reduce((sum, share, member) => sum + (succeeds[member] ? share : 0), 0)
  })
  const accuser = { mechanism: () => 'election', cause: () => 'plan', detail: () => 'a crash' }
  service.update(ms(0), ['ok', 'ok'], 1, Float64Array.from([0.5, 0.5]), accuser)
  for (const [at, answers, shares = [0.5, 0.5], term = 1] of steps) {
    service.update(ms(at), answers, term, Float64Array.from(shares), accuser)
  }
  service.settle(ms(HORIZON))
  return recorder.finish(ms(HORIZON))
}

describe('a service probe', () => {
  it('counts requests as lost from the moment they are, to the moment they are not', () => {
    const sample = probe([
      [10_000, ['lost', 'refused']],
      [13_000, ['ok', 'ok']],
    ])
    expect(sample).toMatchObject({ lostMs: 3_000, downMs: 3_000, outages: 1, firstOutageMs: 10_000 })
    expect(sample.mechanisms).toEqual({ election: 3_000 })
    expect(sample.causes).toEqual({ plan: 3_000 })
  })

  it('lets requests that wait succeed when they are answered within the deadline', () => {
    expect(
      probe([
        [10_000, ['waits', 'waits']],
        [10_900, ['ok', 'ok']],
      ]).lostMs,
    ).toBe(0)
    expect(
      probe([
        [10_000, ['waits', 'waits']],
        [11_000, ['ok', 'ok']],
      ]).lostMs,
    ).toBe(0)
    const sample = probe([
      [10_000, ['waits', 'waits']],
      [13_500, ['ok', 'ok']],
    ])
    // Those that began in the last second had only to wait.
    expect(sample).toMatchObject({ lostMs: 2_500, firstOutageMs: 10_000 })
    expect([...sample.outageMs]).toEqual([2_500])
  })

  it('loses those that were swallowed, though a wait follows', () => {
    const sample = probe([
      [10_000, ['lost', 'lost']],
      [11_200, ['waits', 'waits']],
      [11_500, ['ok', 'ok']],
    ])
    expect(sample.lostMs).toBe(1_200)
  })

  it('loses those that waited for a leader and were then swallowed by it', () => {
    const sample = probe([
      [10_000, ['waits', 'waits']],
      [10_400, ['lost', 'lost']],
      [12_000, ['ok', 'ok']],
    ])
    expect(sample.lostMs).toBe(2_000)
  })

  it('weighs members by the requests that reach them, and knows degraded time', () => {
    const sample = probe([
      [10_000, ['ok', 'lost'], [0.75, 0.25]],
      [12_000, ['lost', 'ok'], [0.75, 0.25]],
      [13_000, ['ok', 'ok'], [0.75, 0.25]],
      [14_000, ['ok', 'ok'], [0.5, 0.2]],
      [15_000, ['ok', 'ok']],
    ])
    expect(sample.degradedMs).toBe(3_000)
    expect(sample.downMs).toBe(1_000)
    expect(sample.lostMs).toBeCloseTo(2_000 * 0.25 + 1_000 * 0.75 + 1_000 * 0.3, 6)
  })

  it('is content with any member when the client may ask any', () => {
    expect(
      probe(
        [
          [10_000, ['lost', 'ok']],
          [20_000, ['ok', 'ok']],
        ],
        'any',
      ).lostMs,
    ).toBe(0)
  })
})

describe('a service probe of members whose leader has to wait', () => {
  it('lets requests that a leader has taken in wait for it, and loses them with its office', () => {
    const hung = [10_000, ['hangs', 'hangs']] as const
    expect(probe([hung, [10_700, ['ok', 'ok']]]).lostMs).toBe(0)
    expect(probe([hung, [13_500, ['ok', 'ok']]]).lostMs).toBe(2_500)
    const outvoted = probe([hung, [11_200, ['waits', 'waits']], [11_500, ['ok', 'ok']]])
    expect(outvoted).toMatchObject({ lostMs: 1_200, firstOutageMs: 10_000 })
    expect(probe([hung, [11_200, ['lost', 'lost']], [11_500, ['ok', 'ok']]]).lostMs).toBe(1_500)
    // What waited for a leader until one took it in, too.
    const taken = [10_000, ['waits', 'waits']] as const
    expect(probe([taken, [10_400, ['hangs', 'hangs']], [10_900, ['ok', 'ok']]]).lostMs).toBe(0)
    const [again, done] = [
      [10_800, ['waits', 'waits']],
      [11_000, ['ok', 'ok']],
    ] as const
    expect(probe([taken, [10_400, ['hangs', 'hangs']], again, done]).lostMs).toBe(800)
    // Another one leads before anybody was seen to wait for it.
    const half = [0.5, 0.5]
    expect(probe([hung, [11_300, ['ok', 'ok'], half, 2]]).lostMs).toBe(1_300)
    // In vain already, and then with another leader.
    const late = [
      [15_000, ['waits', 'waits']],
      [15_300, ['hangs', 'hangs']],
      [15_400, ['ok', 'ok']],
    ] as const
    expect(probe([hung, ...late]).lostMs).toBe(5_000)
  })
})

describe('a service probe that begins in an outage', () => {
  it('sees that requests reach nobody from the very first moment on', () => {
    const recorder = new OutageRecorder({ horizonMs: HORIZON, at: [0], from: ms(0) })
    const combine = (shares: Float64Array) => shares.reduce((sum, share) => sum + share, 0)
    const service = new ServiceProbe(2, DEADLINE, recorder, combine)
    const accuser = { mechanism: () => 'api-servers-lost', cause: () => 'change', detail: () => 'a change' }
    service.update(ms(0), ['ok', 'ok'], 1, Float64Array.from([0, 0]), accuser)
    service.update(ms(30_000), ['ok', 'ok'], 1, Float64Array.from([0.5, 0.5]), accuser)
    service.settle(ms(HORIZON))
    expect(recorder.finish(ms(HORIZON))).toMatchObject({ lostMs: 30_000, firstOutageMs: 0, at: [{ down: true }] })
  })
})
