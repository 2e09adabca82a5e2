import { expect, it } from 'vitest'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { Sample } from '../../src/experiment/sample.ts'
import { assertOk, readFrom } from '../experiment/files.ts'

interface Rare {
  readonly members: number
  readonly etcd: string
  readonly between?: string
  readonly failures?: string
  readonly run: string
  readonly actions?: string
  readonly more?: string
  readonly services?: string
}

// Found by trying models at random, and reduced: each went another way when time was skipped.
const RARE: { readonly [what: string]: Rare } = {
  'a slowed link is fast again while slow messages are under way': {
    members: 5,
    etcd: 'writes: 0/s',
    failures: 'disk-stall: { every: exponential(10s), lasts: exponential(200ms) }',
    run: 'seed: s46, horizon: 10s, random: false',
    actions: '{ at: 1527.5ms, do: delay, on: m-5, for: 40.6ms, by: 1500ms }',
  },
  'a link is slow, and a leader hears nothing for a round trip': {
    members: 3,
    etcd: 'election-timeout: 2000ms, writes: 0/s',
    failures: 'etcd: { every: exponential(1m), lasts: "uniform(0.1s, 3s)" }',
    run: 'seed: s74, horizon: 150s, random: false',
    actions: '{ at: 41.3s, do: delay, on: m-3, for: 24.67s, by: 1500ms }',
  },
  'a slow disk stalls while its leader writes': {
    members: 3,
    etcd: 'writes: 10/s',
    failures: 'disk-stall: { every: exponential(30s), lasts: exponential(3s) }',
    run: 'seed: s167, horizon: 70s, random: true',
    actions: '{ at: 58681.8ms, do: slow-disk, on: etcd-leader, for: 1771ms, by: 900ms }',
  },
  'a start takes one tick, from an instant at which others tick': {
    members: 3,
    etcd: 'heartbeat-interval: 250ms, election-timeout: 1750ms, start: fixed(250ms), writes: 0/s, initial-election-tick-advance: false',
    failures:
      'node: { every: exponential(2m), lasts: fixed(2s), graceful: 50% }, etcd: { every: fixed(17s), lasts: fixed(1s) }',
    run: 'seed: s10, horizon: 70s, random: true',
    actions: '{ at: 37s, do: crash, on: etcd m-3, for: 6.5s }, { at: 36.5s, do: crash, on: etcd m-2, for: 13s }',
  },
  'a member that stopped in good order is started again at once': {
    members: 3,
    etcd: 'version: "3.6", heartbeat-interval: 500ms, election-timeout: 3500ms, start: fixed(4s), writes: 0/s',
    between: '45ms',
    failures: 'etcd: { every: exponential(2m), lasts: "uniform(0.1s, 3s)", graceful: 50% }',
    run: 'seed: s1510, horizon: 12m',
  },
  'answers arrive, others tick and a member starts at one instant': {
    members: 3,
    etcd: 'election-timeout: 700ms, fsync: fixed(0.1ms), stop: fixed(200ms), start: fixed(10ms), writes: 0/s',
    between: '50ms',
    failures: 'etcd: { every: fixed(17s), lasts: fixed(1s) }',
    run: 'seed: s24, horizon: 200s, random: true',
    actions: '{ at: 106s, do: stop, on: etcd m-3, for: 10s }',
  },
  'a stuck follower goes on right before its leader fails': {
    members: 3,
    etcd: 'heartbeat-interval: 500ms, election-timeout: 5000ms, writes: 0.5/s',
    failures: `node: { every: exponential(5m), lasts: exponential(5s) }, link: { every: exponential(3m), lasts: exponential(5s) },
      etcd: { every: exponential(1m), lasts: "uniform(0.1s, 3s)" }, disk-stall: { every: exponential(10s), lasts: exponential(8s) }`,
    run: 'seed: s1456, horizon: 10s, random: true',
  },
  'a link is cut and mended right before a leader looks whom it has heard': {
    members: 4,
    etcd: 'fsync: fixed(0.1ms), start: fixed(4s), writes: 10/s, pre-vote: false',
    between: '20ms',
    failures: `node: { every: exponential(90s), lasts: exponential(2s), graceful: 75% }, link: { every: exponential(3m), lasts: exponential(5s) },
      etcd: { every: exponential(2m), lasts: "uniform(0.1s, 3s)", graceful: 50% }, disk-stall: { every: exponential(60s), lasts: "uniform(0.9s,2.2s)" }`,
    run: 'seed: s9074, horizon: 70s',
  },
  'followers stop answering under a leader that waits for its own disk': {
    members: 4,
    etcd: 'version: "3.6", heartbeat-interval: 250ms, election-timeout: 1250ms, writes: 1/s, pre-vote: false',
    between: '45ms',
    failures: 'disk-stall: { every: exponential(8s), lasts: exponential(3s) }',
    run: 'seed: s27, horizon: 20m',
  },
  'a disk is lost and replaced while answers of its member are under way': {
    members: 5,
    etcd: 'writes: 100/s, pre-vote: true, initial-election-tick-advance: false',
    between: '45ms',
    failures: 'node: { every: exponential(5m), lasts: exponential(2s), graceful: 0% }',
    run: 'seed: s6700, horizon: 150s, random: false',
    actions: '{ at: 145.2058s, do: lose-disk, on: etcd m-5, for: 16.2ms }',
  },
  'a process that is to be restarted once it has stopped is told to stop again': {
    members: 1,
    etcd: 'stop: fixed(3s), writes: 0/s',
    run: 'seed: s20219, horizon: 200s, random: false',
    actions:
      '{ at: 97s, do: stop, on: etcd m-1, for: 2s }, { at: 99.5s, do: stop, on: etcd m-1, for: 30s }, { at: 103s, do: lose-disk, on: etcd m-1, for: 1s }',
  },
  'a member with a slow disk is elected': {
    members: 7,
    etcd: 'heartbeat-interval: 250ms, election-timeout: 5000ms, writes: 10/s',
    failures:
      'node: { every: exponential(1m), lasts: exponential(20s) }, disk-stall: { every: exponential(60s), lasts: exponential(3s) }',
    run: 'seed: s1189, horizon: 120s, random: true',
    actions:
      '{ at: 102399.7ms, do: crash, on: etcd m-1, for: 24303ms }, { at: 109285.8ms, do: slow-disk, on: etcd m-5, for: 16532ms, by: 1ms }',
    more: 'api-server: { on: m, start: fixed(5s), etcd: local }',
    services: 'write, read, etcd: { deadline: 2s }',
  },
}

function played(rare: Rare, skip: boolean): Sample {
  const { members, etcd, between = '1ms', failures = '', run, actions, more = '', services = 'etcd' } = rare
  const settings = [
    ['version', '"3.5"'],
    ['fsync', 'fixed(2ms)'],
    ['stop', 'fixed(20ms)'],
    ['start', 'fixed(1s)'],
  ].filter(([key]) => !etcd.includes(`${key}:`))
  const text = `
model:
  zones: ${between === '1ms' ? '[a]' : '[a, b, c]'}
  nodes: { m: { count: ${members} } }
  etcd: { on: m, ${settings.map(([key, value]) => `${key}: ${value}`).join(', ')}, ${etcd} }
  ${more}
  network: { within-zone: fixed(${between === '50ms' ? '25ms' : '0.25ms'}), between-zones: fixed(${between}) }
  failures: { ${failures} }
services: [${services}]
run: { ${run}, replications: 1, start: all-up${actions === undefined ? '' : `, faults: { plan: p, actions: [${actions}] }`} }`
  const config = assertOk(readExperiment('rare.yaml', text, { readFile: readFrom(), overrides: { skip } }))
  return { ...replicate(config, 0, 0), events: 0 }
}

it.each(Object.entries(RARE))('skipping quiet time changes nothing when %s', (_, rare) => {
  expect(played(rare, true)).toEqual(played(rare, false))
})
