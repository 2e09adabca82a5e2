import { describe, expect, it } from 'vitest'
import { emptyDirectory } from '../../../src/components/etcd/server/durable.ts'
import { endpointHealthy } from '../../../src/components/etcd/server/health.ts'
import type { EtcdServer } from '../../../src/components/etcd/server/server.ts'
import { etcdVersion } from '../../../src/components/etcd/server/version.ts'
import { Bench } from './bench.ts'
import { told, took } from './told.ts'

/** `etcdctl endpoint health`: a linearizable read of the key `health` within the command's timeout; ms. */
const ENDPOINT_HEALTH_TIMEOUT = 5_000

type Path = '/health' | '/livez' | '/readyz'
const ask = (bench: Bench, server: EtcdServer, path: Path, more = {}) =>
  bench.client(server).ask({ kind: 'health', path, ...more })

/** Verdicts of the endpoints of a member, given eight seconds. */
function verdicts(bench: Bench, server: EtcdServer, paths: readonly Path[] = ['/health', '/livez', '/readyz']) {
  const asked = paths.map((path) => ask(bench, server, path))
  bench.run(8_000)
  return asked.map((each) => (each.outcome!.ok ? 'ok' : (each.outcome!.detail ?? told(each))))
}

describe('health endpoints', () => {
  it('are all well in a well cluster', () => {
    const bench = new Bench().established()
    for (const server of bench.servers) expect(verdicts(bench, server)).toEqual(['ok', 'ok', 'ok'])
  })

  it('without quorum say that the process lives and is not ready', () => {
    const bench = new Bench().established()
    const [a, b] = bench.followers
    bench.leader.crash()
    b!.crash()
    bench.run(3_000)
    expect(verdicts(bench, a!)).toEqual(['leader', 'ok', 'linearizable_read'])
    const local = ask(bench, a!, '/health', { serializable: true })
    const readyz = ask(bench, a!, '/readyz')
    bench.run(8_000)
    expect([told(local), took(readyz)]).toEqual(['ok', 7_000])
  })

  it('NOSPACE fails /health alone, unless it is excluded', () => {
    const bench = new Bench().established()
    const client = bench.client(bench.leader)
    client.ask({ kind: 'alarm', action: 'activate', alarm: 'NOSPACE', member: 1 })
    bench.run(50)
    expect(verdicts(bench, bench.servers[1]!)).toEqual(['alarms', 'ok', 'ok'])
    const excluding = ask(bench, bench.leader, '/health', { exclude: ['NOSPACE'] })
    bench.run(50)
    expect(told(excluding)).toBe('ok')
    client.ask({ kind: 'alarm', action: 'activate', alarm: 'CORRUPT', member: 1 })
    bench.run(50)
    expect(verdicts(bench, bench.servers[1]!)).toEqual(['alarms', 'ok', 'data_corruption'])
  })

  it.each([
    ['3.4.28', '404 page not found', '404 page not found'],
    ['3.4.45', 'ok', 'ok'],
    ['3.5.10', '404 page not found', '404 page not found'],
    ['3.5.18', 'ok', 'ok'],
    ['3.5.19', 'ok', 'non_learner'],
    ['3.6.0', 'ok', 'non_learner'],
  ])('%s: a learner is live: %s, and ready: %s', (version, live, ready) => {
    const bench = new Bench({ version, spare: 1 }).established()
    bench.client(bench.leader).ask({ kind: 'member-add', member: 4, learner: true })
    bench.run(50)
    const learner = bench.add(4, emptyDirectory(bench.disk(4)))
    learner.start()
    bench.run(5_000)
    expect(verdicts(bench, learner, ['/livez', '/readyz'])).toEqual([live, ready])
  })
})

describe('etcdctl endpoint health', () => {
  it('asks a member for a linearizable read and for its alarms, within five seconds', () => {
    const bench = new Bench().established()
    const client = bench.client(bench.followers[0]!)
    const verdict = () => {
      const [read, alarms] = [{ kind: 'get', key: 'health' } as const, { kind: 'alarm-list' } as const].map((request) =>
        client.ask(request, { deadline: ENDPOINT_HEALTH_TIMEOUT }),
      )
      bench.run(ENDPOINT_HEALTH_TIMEOUT + 50)
      const listed = alarms!.outcome!.ok ? alarms!.outcome!.alarms : undefined
      return endpointHealthy(etcdVersion('3.6')!, read!.outcome!.ok ? 'ok' : 'failed', listed)
    }
    expect(verdict()).toBe(true)
    const alarm = (action: 'activate' | 'deactivate') =>
      client.ask({ kind: 'alarm', action, alarm: 'CORRUPT', member: 2 })
    alarm('activate')
    bench.run(50)
    expect(verdict()).toBe(false)
    alarm('deactivate')
    bench.run(50)
    expect(verdict()).toBe(true)
    const lost = [bench.leader, bench.followers[1]!]
    for (const server of lost) server.crash()
    bench.run(3_000)
    expect(verdict()).toBe(false)
  })

  it('counts a refused permission as health, and from 3.5 an alarm as illness', () => {
    const [old, young] = [etcdVersion('3.4')!, etcdVersion('3.5')!]
    expect(endpointHealthy(old, 'permission-denied', undefined)).toBe(true)
    expect(endpointHealthy(old, 'ok', ['NOSPACE'])).toBe(true)
    expect(endpointHealthy(young, 'ok', ['NOSPACE'])).toBe(false)
    expect(endpointHealthy(young, 'ok', undefined)).toBe(false)
    expect(endpointHealthy(young, 'ok', [])).toBe(true)
    expect(endpointHealthy(young, 'failed', [])).toBe(false)
  })
})
