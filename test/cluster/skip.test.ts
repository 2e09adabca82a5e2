import { afterEach, describe, expect, it, vi } from 'vitest'
import { UndisturbedElection } from '../../src/components/etcd/undisturbed-election.ts'
import { UndisturbedRelease } from '../../src/components/etcd/undisturbed-release.ts'
import { UndisturbedReturn } from '../../src/components/etcd/undisturbed-return.ts'
import { UndisturbedWrite } from '../../src/components/etcd/undisturbed-write.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { Sample } from '../../src/experiment/sample.ts'
import { assertOk, readFrom } from '../experiment/files.ts'
import { play } from '../validation/plans.ts'
import { randomActions, subject } from './random-plan.ts'

/** All that a sample says but what it cost. */
const told = (samples: readonly Sample[]) => samples.map((sample) => ({ ...sample, events: 0 }))

const FAULTS = Array.from({ length: 36 }, (_, number) => number)

afterEach(() => {
  vi.restoreAllMocks()
})

const NEAR = '{ within-zone: fixed(0.25ms), between-zones: fixed(0.5ms) }'
const FAR = '{ within-zone: fixed(12ms), between-zones: fixed(60ms) }'
const ROUGH = [
  ['three members, stacked', '{ cp: { count: 3 }, lb: { count: 2 } }', 'cp', 'local', '3.5', NEAR],
  ['five members, 3.4', '{ cp: { count: 5 }, lb: { count: 2 } }', 'cp', 'local', '3.4', NEAR],
  ['four members far apart, 3.4', '{ cp: { count: 4 }, lb: { count: 2 } }', 'cp', 'local', '3.4', FAR],
  ['seven members far apart', '{ cp: { count: 7 }, lb: { count: 2 } }', 'cp', 'local', '3.5', FAR],
  ['external etcd', '{ cp: { count: 3 }, et: { count: 3 }, lb: { count: 2 } }', 'et', 'all', '3.6', NEAR],
] as const

describe('skipping quiet time while much fails', () => {
  it.each(ROUGH)('changes nothing when things fail at random: %s', (_, nodes, on, etcd, version, network) => {
    const text = `
zones: [a, b, c]
nodes: ${nodes}
etcd: { on: ${on}, version: "${version}", fsync: fixed(2ms), start: fixed(1s), stop: fixed(200ms), pre-vote: ${version !== '3.4'} }
api-server: { on: cp, etcd: ${etcd}, start: fixed(7s) }
load-balancer: { on: lb, kind: haproxy, address: { kind: keepalived } }
network: ${network}
failures:
  node: { every: exponential(1h), lasts: exponential(3m), graceful: 30% }
  zone: { every: exponential(3h), lasts: exponential(2m) }
  etcd: { every: exponential(1h), lasts: "uniform(1s, 5s)" }
  api-server: { every: exponential(1h), lasts: "uniform(1s, 5s)" }
  balancer: { every: exponential(1h), lasts: "uniform(1s, 5s)" }
  link: { every: exponential(1h), lasts: exponential(1m) }
  disk-stall: { every: exponential(20m), lasts: exponential(3s) }
  disk-loss: { every: exponential(6h), lasts: exponential(5m) }
  # Processes that start together tick together.
  change: { every: exponential(1h), lasts: exponential(1m), hits: cluster }
  maintenance: { every: 40m, lasts: 2m, apart: 5m }
services: [write, read, etcd]
run: { seed: rough, horizon: 40m, replications: 4, start: all-up }`
    const readFile = readFrom()
    const [skipped, stepped] = [true, false].map((skip) => {
      const config = assertOk(readExperiment('rough.yaml', text, { readFile, overrides: { skip } }))
      return [0, 1, 2, 3].map((replication) => replicate(config, 0, replication))
    })
    expect(told(skipped!)).toEqual(told(stepped!))
    expect(skipped!.some((sample) => sample.services[0]!.outages > 0)).toBe(true)
  })
})

describe('skipping quiet time', () => {
  it.each(FAULTS)('changes nothing that can be seen: random plan %i', (number) => {
    const given = subject(number)
    const actions = randomActions(given, number)
    const both = (skip: boolean) =>
      play({ model: given.model, actions, replications: 1, horizon: '6m', services: '[write, read, etcd]', skip })
    const skipped = both(true)
    const stepped = both(false)
    expect(told(skipped), actions.join('\n')).toEqual(told(stepped))
    expect(skipped[0]!.events).toBeLessThan(stepped[0]!.events)
  })

  // Faults far apart: most crashes find a sleeping group, most elections nothing that disturbs them, and members come
  // back to a leader that they have not heard of. An election that takes longer than a tick, or than a write is away, is played.
  it.each([
    { members: 3, version: '3.5', writes: '10/s', preVote: true, within: 0.25, between: 0.5, quick: true },
    { members: 4, version: '3.6', writes: '0/s', preVote: true, within: 0.25, between: 12, quick: false },
    { members: 5, version: '3.4', writes: '1/s', preVote: false, within: 0.1, between: 1, quick: true },
    { members: 5, version: '3.6', writes: '125/s', preVote: true, within: 0.25, between: 2, quick: false },
    { members: 5, version: '3.5', writes: '10/s', preVote: true, within: 2, between: 20, quick: false },
    { members: 7, version: '3.5', writes: '10/s', preVote: false, within: 0.25, between: 0.5, quick: true },
  ])('changes nothing when faults are rare: %j', ({ members, version, writes, preVote, within, between, quick }) => {
    const text = `
zones: [a, b, c]
nodes: { et: { count: ${members} } }
etcd: { on: et, version: "${version}", writes: ${writes}, pre-vote: ${preVote}, fsync: fixed(2ms), start: fixed(1s) }
network: { within-zone: fixed(${within}ms), between-zones: fixed(${between}ms) }
failures: { node: { every: exponential(12m), lasts: exponential(1m) } }
services: [etcd]
run: { seed: sparse, horizon: 1h, replications: 1, start: all-up }`
    const readFile = readFrom()
    const elections = vi.spyOn(UndisturbedElection.prototype, 'begin')
    const returns = vi.spyOn(UndisturbedReturn.prototype, 'begin')
    const [skipped, stepped] = [true, false].map((skip) => {
      const config = assertOk(readExperiment('sparse.yaml', text, { readFile, overrides: { skip } }))
      return [0, 1, 2].map((replication) => replicate(config, 0, replication))
    })
    expect(told(skipped!)).toEqual(told(stepped!))
    const outages = skipped!.reduce((total, sample) => total + sample.services[0]!.outages, 0)
    expect(outages).toBeGreaterThan(10)
    // What is compared did take the short ways.
    const won = elections.mock.results.filter(({ value }) => value === 'won').length
    const caughtUp = returns.mock.results.filter(({ value }) => value === true).length
    if (quick) expect(Math.min(won, caughtUp)).toBeGreaterThan(outages / 4)
  })

  // A stalled disk waits for a write, a leader's until another one is elected; who is told to stop goes on for a while.
  it.each([
    { members: 3, version: '3.5', writes: '10/s', preVote: true, lasts: '3s', stop: '365ms' },
    { members: 4, version: '3.6', writes: '10/s', preVote: true, lasts: '3s', stop: '1s' },
    { members: 5, version: '3.4', writes: '5/s', preVote: false, lasts: '1s', stop: '20ms' },
    { members: 3, version: '3.6', writes: '8/s', preVote: false, lasts: '300ms', stop: '200ms' },
    { members: 5, version: '3.5', writes: '10/s', preVote: true, lasts: '10s', stop: '150ms' },
  ])('changes nothing when disks stall and members stop: %j', ({ members, version, writes, preVote, lasts, stop }) => {
    const text = `
zones: [a, b, c]
nodes: { et: { count: ${members} } }
etcd: { on: et, version: "${version}", writes: ${writes}, pre-vote: ${preVote}, fsync: fixed(2ms), start: fixed(1s), stop: fixed(${stop}) }
network: { within-zone: fixed(0.25ms), between-zones: fixed(0.5ms) }
failures:
  node: { every: exponential(12m), lasts: exponential(1m), graceful: 80% }
  disk-stall: { every: exponential(4m), lasts: exponential(${lasts}) }
services: [etcd]
run: { seed: stalls, horizon: 1h, replications: 1, start: all-up }`
    const readFile = readFrom()
    const spies = [UndisturbedWrite, UndisturbedRelease].map((of) => vi.spyOn(of.prototype, 'begin'))
    const elections = vi.spyOn(UndisturbedElection.prototype, 'begin')
    const [skipped, stepped] = [true, false].map((skip) => {
      const config = assertOk(readExperiment('stalls.yaml', text, { readFile, overrides: { skip } }))
      return [0, 1, 2].map((replication) => replicate(config, 0, replication))
    })
    expect(told(skipped!)).toEqual(told(stepped!))
    expect(skipped!.some((sample) => sample.services[0]!.outages > 0)).toBe(true)
    // What is compared did take the short ways, mostly.
    for (const { mock } of spies) {
      const taken = mock.results.filter(({ value }) => value === true).length
      expect(taken).toBeGreaterThan(mock.results.length / 2)
    }
    expect(elections.mock.results.filter(({ value }) => value === 'won').length).toBeGreaterThan(2)
  })
})

// Of what happens at one instant, what was planned first comes first: a tick, before a start that takes less than one.
describe('members that start at the very instant at which others tick', () => {
  it.each([
    [2, '60ms', false],
    [3, '10ms', true],
    [5, '100ms', true],
    [3, '1s', false],
  ])(
    'are found by their heartbeats no sooner when time is skipped: %i members that take %s',
    (members, start, preVote) => {
      const model = `
zones: [a, b, c]
nodes: { m: { count: ${members} } }
etcd: { on: m, version: "3.5", pre-vote: ${preVote}, fsync: fixed(2ms), start: fixed(${start}) }
network: { within-zone: fixed(0.25ms), between-zones: fixed(45ms) }`
      // Whole seconds: whoever has come back once ticks when the others come back.
      const actions = [1, 2, 3, 4, 5, 6, 7].flatMap((minute) => [
        `{ at: ${minute}m, do: crash, on: etcd m-${(minute % members) + 1}, for: 20s }`,
        `{ at: ${minute * 60 + 10}s, do: crash, on: etcd m-${((minute + 1) % members) + 1}, for: 25s }`,
      ])
      const both = (skip: boolean) => play({ model, actions, replications: 12, horizon: '8m', skip })
      const stepped = both(false)
      expect(told(both(true))).toEqual(told(stepped))
      expect(stepped.some((sample) => sample.services[0]!.outages > 0)).toBe(true)
    },
  )
})
