import { describe, expect, it } from 'vitest'
import { play } from '../validation/plans.ts'

const STACKED = `
zones: [a, b, c]
nodes: { server: { count: 3 }, balancer: { count: 2, zones: [a, b] } }
etcd: { on: server, version: "3.5" }
api-server: { on: server, start: fixed(5s) }
load-balancer: { on: balancer, kind: haproxy, address: { kind: keepalived } }`
const EXTERNAL = `
nodes: { server: { count: 2 }, member: { count: 3 }, balancer: { count: 1 } }
etcd: { on: member, version: "3.5" }
api-server: { on: server, etcd: all, start: fixed(5s) }
load-balancer: { on: balancer, kind: haproxy }
clients: { connections: new }`

/** Time lost of a service, by mechanism, most first; what is under a tenth of it is left out. */
function mechanisms(model: string, service: string, ...actions: string[]): string[] {
  const [sample] = play({ model, actions, replications: 1, horizon: '20m', services: `[${service}]` })
  const { mechanisms: lost, lostMs } = sample!.services[0]!
  return Object.entries(lost)
    .filter(([, each]) => each > lostMs / 10)
    .sort(([, a], [, b]) => b - a)
    .map(([mechanism]) => mechanism)
}

describe('the mechanism of a loss', () => {
  it.each([
    ['quorum-lost', STACKED, 'etcd', '{ at: 1m, do: crash, on: [server-1, server-2], for: 1m }'],
    [
      'quorum-lost',
      STACKED,
      'etcd',
      '{ at: 1m, do: isolate, on: [server-1], for: 1m }, { at: 1m, do: isolate, on: server-2, for: 1m }',
    ],
    ['election', STACKED, 'etcd', '{ at: 1m, do: crash, on: etcd-leader, for: 1m }'],
    ['balancer-lost', STACKED, 'write', '{ at: 1m, do: crash, on: [balancer-1, balancer-2], for: 1m }'],
    ['address-take-over', STACKED, 'write', '{ at: 1m, do: crash, on: address-holder, for: 1m }'],
    [
      'api-servers-lost',
      EXTERNAL,
      'write',
      '{ at: 1m, do: crash, on: [api-server server-1, api-server server-2], for: 5m }',
    ],
    ['disk-stall', STACKED, 'write', '{ at: 1m, do: slow-disk, on: an etcd-follower, by: 10s, for: 20s }'],
    ['health-check-lag', EXTERNAL, 'write', '{ at: 1m, do: pause, on: api-server server-1, for: 5s }'],
    ['kept-connections', STACKED, 'write', '{ at: 1m, do: pause, on: the preferred api-server, for: 40s }'],
  ])('is %s', (expected, model, service, action) => {
    const actions = action.split(/(?<=\}), /)
    expect(mechanisms(model, service, ...actions)[0]).toBe(expected)
  })

  it('is the restart of the API servers once the quorum is back', () => {
    const actions = ['{ at: 1m, do: crash, on: [etcd server-1, etcd server-2], for: 8m }']
    const samples = play({ model: STACKED, actions, replications: 20, horizon: '20m', services: '[write]' })
    for (const { services } of samples) {
      const { 'quorum-lost': quorum = 0, 'api-restart': restart = 0 } = services[0]!.mechanisms
      expect(quorum).toBeGreaterThan(478_000)
      expect(quorum).toBeLessThan(490_000)
      // At least the start of a server, at most the back-off it had come to.
      expect(restart).toBeGreaterThan(0)
      expect(restart).toBeLessThan(330_000)
    }
  })

  it('adds up to what is lost', () => {
    const actions = ['{ at: 1m, do: crash, on: zone a, for: 3m }', '{ at: 2m, do: isolate, on: zone b, for: 1m }']
    for (const { services } of play({
      model: STACKED,
      actions,
      replications: 10,
      horizon: '20m',
      services: '[write, read, etcd]',
    })) {
      for (const { lostMs, mechanisms: lost, causes } of services) {
        expect(Object.values(lost).reduce((sum, each) => sum + each, 0)).toBeCloseTo(lostMs, 6)
        expect(Object.values(causes).reduce((sum, each) => sum + each, 0)).toBeCloseTo(lostMs, 6)
      }
    }
  })
})
