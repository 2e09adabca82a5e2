import { describe, expect, it } from 'vitest'
import type { TraceEntry } from '../../src/engine/trace.ts'
import type { Sample } from '../../src/experiment/sample.ts'
import { probabilityInterval } from '../../src/stats/count.ts'
import { kolmogorovSmirnov } from '../../src/stats/two-sample.ts'
import { hasMeasurements, measured, play, quantile, transition } from './plans.ts'

const REPLICATIONS = 1000

/** A cluster as measured: one machine, data directories on tmpfs, etcd 3.4 (defaults 100/1000 ms). */
function etcd(members: number, options: { readonly preVote?: boolean; readonly idle?: boolean } = {}): string {
  const { preVote = false, idle = false } = options
  return `
nodes: { member: { count: ${members} } }
etcd: { on: member, version: "3.4", pre-vote: ${preVote}, writes: ${idle ? 0 : 100}/s, fsync: uniform(0.1ms, 2ms) }
network: { within-zone: fixed(0.2ms) }`
}

const run = (model: string, action: string, replications = REPLICATIONS, horizon = '30s'): Sample[] =>
  play({ model, actions: [action], replications, horizon })

function expectSameLaw(samples: readonly Sample[], name: string, series: string, column: string): void {
  const seen = transition(samples, name)
  const { distance, p } = kolmogorovSmirnov(seen, measured(series, column))
  expect(p, `${series}: ${name} differs from ${column} by ${distance}`).toBeGreaterThan(0.01)
}

/** The model's share of elections with more than one term lies in the measured share's 99 % Clopper–Pearson interval. */
function expectSameShareOfSplits(samples: readonly Sample[], series: string): void {
  const terms = transition(samples, 'etcd.terms')
  const real = measured(series, 'n_terms')
  const { lo, hi } = probabilityInterval(real.filter((each) => each > 1).length, real.length, 0.99)
  const share = terms.filter((each) => each > 1).length / terms.length
  // One split in a thousand may be none.
  expect(share, series).toBeGreaterThanOrEqual((lo ?? 0) - 1 / terms.length)
  expect(share, series).toBeLessThanOrEqual(hi ?? 1)
}

describe.skipIf(!hasMeasurements)('etcd, against measurements of etcd 3.4.23', () => {
  it.each([
    ['etcd-leader-kill-3-members', etcd(3)],
    ['etcd-leader-kill-3-members-idle', etcd(3, { idle: true })],
    ['etcd-leader-kill-5-members', etcd(5)],
    ['etcd-leader-kill-3-members-pre-vote', etcd(3, { preVote: true })],
  ])('a killed leader is missed and replaced: %s', (series, model) => {
    const samples = run(model, '{ at: 10s, do: crash, on: etcd-leader }')
    expect(transition(samples, 'etcd.elected')).toHaveLength(REPLICATIONS)
    expectSameLaw(samples, 'etcd.detected', series, 't_detect_ms')
    expectSameLaw(samples, 'etcd.elected', series, 't_elected_ms')
    expectSameShareOfSplits(samples, series)
  })

  it('a stopped leader (SIGSTOP) is replaced, and disturbs nobody when it goes on', () => {
    const series = 'etcd-leader-sigstop-3-members'
    const samples = run(etcd(3), '{ at: 10s, do: pause, on: etcd-leader, for: 6s }')
    expectSameLaw(samples, 'etcd.detected', series, 't_detect_ms')
    expectSameLaw(samples, 'etcd.elected', series, 't_elected_ms')
    expectSameShareOfSplits(samples, series)
    expect(measured(series, 'heal_disturbed').every((disturbed) => disturbed === 0)).toBe(true)
    expect(transition(samples, 'etcd.elected.afterReturn')).toEqual([])
  })

  it('SIGTERM hands leadership over: no timeout is paid', () => {
    const samples = run(etcd(3), '{ at: 10s, do: stop, on: etcd-leader }')
    const elected = transition(samples, 'etcd.elected')
    expect(elected).toHaveLength(REPLICATIONS)
    expect(Math.max(...elected)).toBeLessThan(100)
    const real = measured('etcd-leader-sigterm-3-members', 't_elected_ms')
    expect(Math.abs(quantile(elected, 0.5) - quantile(real, 0.5))).toBeLessThan(5)
    expect(transition(samples, 'etcd.terms').every((terms) => terms === 1)).toBe(true)
  })

  it('a killed follower is not missed: no election, no lost write', () => {
    expect(measured('etcd-follower-kill-3-members', 'n_terms').every((terms) => terms === 0)).toBe(true)
    const samples = run(etcd(3), '{ at: 10s, do: crash, on: an etcd-follower, for: 5s }', 300)
    expect(transition(samples, 'etcd.elected')).toEqual([])
    expect(transition(samples, 'etcd.elected.afterReturn')).toEqual([])
    expect(samples.every((sample) => sample.services[0]!.lostMs === 0)).toBe(true)
  })
})

describe.skipIf(!hasMeasurements)("an isolated leader, against measurements of its host's link", () => {
  /** In the trials the link came back when the lone member had campaigned about three times. */
  const ISOLATED = '{ at: 10s, do: isolate, on: etcd-leader, for: 6500ms }'
  const HEALED_AT = 16_500

  it.each([
    ['etcd-leader-isolated-3-members', false],
    ['etcd-leader-isolated-3-members-pre-vote', true],
  ])('is replaced as a dead one, and claims to lead for a while: %s', (series, preVote) => {
    const trace: TraceEntry[] = []
    const model = etcd(3, { preVote })
    const tracer = { record: (at: TraceEntry['at'], who: string, what: string) => trace.push({ at, who, what }) }
    const samples = play({ model, actions: [ISOLATED], replications: 500, horizon: '16s', tracer })
    expectSameLaw(samples, 'etcd.detected', series, 't_detect_ms')
    expectSameLaw(samples, 'etcd.elected', series, 't_elected_ms')
    expectSameShareOfSplits(samples, series)
    const resigned = trace.filter(({ at, what }) => what === 'etcd no longer leads' && at < HEALED_AT)
    const claimed = resigned.map(({ at }) => at - 10_000)
    expect(claimed).toHaveLength(500)
    expect(Math.min(...claimed)).toBeGreaterThanOrEqual(1_000 - 20)
    expect(Math.max(...claimed)).toBeLessThan(2_000 + 20)
    expect(kolmogorovSmirnov(claimed, measured(series, 'iso_claims_leader_until_ms')).p).toBeGreaterThan(0.01)
  })

  it('deposes the new leader on its return without pre-vote', () => {
    const series = 'etcd-leader-isolated-3-members'
    const patience = '[ { etcd: { deadline: 200ms } } ]'
    const samples = play({ model: etcd(3), actions: [ISOLATED], replications: 500, services: patience, horizon: '1m' })
    const disturbed = transition(samples, 'etcd.elected.afterReturn')
    const real = measured(series, 'heal_disturbed')
    const { lo } = probabilityInterval(real.filter((each) => each === 1).length, real.length, 0.99)
    expect(disturbed.length / samples.length).toBeGreaterThan(lo!)
    expectSameLaw(samples, 'etcd.elected.afterReturn', series, 'heal_elected_ms')
    expectSameLaw(samples, 'etcd.terms.afterReturn', series, 'heal_terms')
    const gaps = samples.flatMap(({ worst }) => {
      const after = worst.filter(({ fromMs }) => fromMs >= HEALED_AT - 20).map(({ ms }) => ms)
      return after.length > 0 ? [Math.max(...after)] : []
    })
    expect(kolmogorovSmirnov(gaps, measured(series, 'heal_outage_ms')).p).toBeGreaterThan(0.01)
  })

  it('disturbs nobody on its return with pre-vote', () => {
    expect(measured('etcd-leader-isolated-3-members-pre-vote', 'heal_disturbed').includes(1)).toBe(false)
    const samples = run(etcd(3, { preVote: true }), ISOLATED, 500)
    expect(transition(samples, 'etcd.elected')).toHaveLength(500)
    expect(transition(samples, 'etcd.elected.afterReturn')).toEqual([])
  })
})
