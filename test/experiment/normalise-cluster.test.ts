import { describe, expect, it } from 'vitest'
import type { ClusterConfig } from '../../src/cluster/config.ts'
import { exponential, fixed } from '../../src/engine/distribution.ts'
import * as say from '../../src/experiment/messages.ts'
import { readModel } from '../../src/experiment/parse.ts'
import { assertOk, readFrom, shownProblems } from './files.ts'

const read = (text: string) => readModel('x.yaml', text, { readFile: readFrom() })
const problemsOf = (text: string): string[] => shownProblems(read(text))

function clusterOf(text: string): ClusterConfig {
  const { model } = assertOk(read(text))
  if (model.kind !== 'cluster') throw new Error('no cluster')
  return model.cluster
}

const SMALL = 'nodes: { m: { count: 3 } }\netcd: { on: m }\n'
const STACKED = 'nodes: { m: { count: 3 }, lb: { count: 2 } }\netcd: { on: m }\napi-server: { on: m }\n'

describe('a cluster', () => {
  it('gets its defaults from the products', () => {
    const cluster = clusterOf(`${STACKED}load-balancer: { on: lb, kind: haproxy, address: { kind: keepalived } }\n`)
    expect(cluster.zones).toEqual(['zone'])
    expect(cluster.etcd).toMatchObject({ version: '3.5', heartbeatInterval: 100, electionTimeout: 1000, preVote: true })
    expect(cluster.apiServer).toMatchObject({ etcd: 'local', startTimeout: 20_000, kubelet: { backOffMax: 300_000 } })
    expect(cluster.loadBalancer).toMatchObject({
      check: { kind: 'http', path: '/readyz', inter: 2000, fastinter: 2000, fall: 3, rise: 2, timeoutCheck: null },
      timeoutConnect: null,
      retries: 3,
      redispatch: false,
      address: { advertInt: 1000, priorities: [101, 100], version: 2, script: null },
    })
    expect(cluster.clients).toEqual({ connections: 'kept', http2ReadIdle: 30_000, http2PingTimeout: 15_000 })
  })

  it('takes what it says itself, and the version picks the rest', () => {
    const cluster = clusterOf('nodes: { m: { count: 3 } }\netcd: { on: m, version: 3.4, fsync: 1ms, writes: 0 }\n')
    expect(cluster.etcd).toMatchObject({ version: '3.4', preVote: false, fsync: fixed(1), writesPerSecond: 0 })
    expect(cluster.apiServer).toBeNull()
    expect(cluster.loadBalancer).toBeNull()
  })

  it('lays members over zones in turn, or as they are told', () => {
    const text = `zones: [a, b, c]
nodes: { m: { count: 5 }, n: { count: 3, zones: [a, a, b] } }
etcd: { on: [m, n] }
`
    const { nodes, etcd } = clusterOf(text)
    expect(nodes.map((node) => `${node.name} ${node.zone}`)).toEqual([
      'm-1 a',
      'm-2 b',
      'm-3 c',
      'm-4 a',
      'm-5 b',
      'n-1 a',
      'n-2 a',
      'n-3 b',
    ])
    expect(etcd.nodes).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('takes failures spelt out, by group if wanted', () => {
    const text = `${STACKED}failures:
  node: { every: exponential(30d), lasts: 10m }
  nodes: { lb: none }
  zone: { every: 1y, modes: [{ share: 90%, lasts: 1h }, { share: 10%, lasts: 1d }], on-loss: crash }
  change: { every: 1y, lasts: 1h, hits: cluster }
`
    const { failures } = clusterOf(text)
    expect(failures.node).toEqual({
      m: { every: exponential(30 * 86_400_000), modes: [{ share: 1, lasts: fixed(600_000) }], graceful: 0 },
      lb: null,
    })
    expect(failures.zone).toMatchObject({ onLoss: 'crash', modes: [{ share: 0.9 }, { share: 0.1 }] })
    expect(failures.change?.hits).toBe('cluster')
    expect(failures.link).toBeNull()
  })

  it('is echoed as a document that reads to the same again', () => {
    const { document, model } = assertOk(read(`${STACKED}failures: homelab\n`))
    expect(assertOk(read(JSON.stringify(document))).model).toEqual(model)
  })
})

describe('what does not fit together', () => {
  const balanced = (balancer: string) => `${STACKED}load-balancer: ${balancer}\n`

  it.each([
    [
      'zones: [a]\nnodes: { m: { count: 3, zones: [b] } }\netcd: { on: m }\n',
      `x.yaml:2:33: nodes.m.zones[0]: ${say.notNamed('zone', 'b', 'a', ['a'])}`,
    ],
    [`zones: [a, a]\n${SMALL}`, `x.yaml:1:12: zones[1]: ${say.twice('a')}`],
    [
      'nodes: { m: { count: 3 } }\netcd: { on: m, election-timeout: 499ms }\n',
      `x.yaml:2:34: etcd.election-timeout: ${say.electionTooShort()}`,
    ],
    [
      'nodes: { m: { count: 3 } }\netcd: { on: m, election-timeout: 51s }\n',
      `x.yaml:2:34: etcd.election-timeout: ${say.electionTooLong()}`,
    ],
    [
      'nodes: { m: { count: 3 } }\netcd: { on: m, version: "3.3" }\n',
      `x.yaml:2:25: etcd.version: ${say.notOneOf('3.3', ['3.4', '3.5', '3.6'])}`,
    ],
    [
      'nodes: { m: { count: 3 }, n: { count: 2 } }\netcd: { on: m }\napi-server: { on: n }\n',
      `x.yaml:3:13: api-server.etcd: ${say.noLocalEtcd(['n'])}`,
    ],
    [
      `${SMALL}load-balancer: { on: m, kind: haproxy, address: { kind: keepalived } }\n`,
      `x.yaml:3:16: load-balancer: ${say.balancerWithoutServers()}`,
    ],
    [balanced('{ on: lb, kind: haproxy }'), `x.yaml:4:16: load-balancer: ${say.addressNeeded(2)}`],
    [balanced('{ on: lb, kind: single }'), `x.yaml:4:22: load-balancer.on: ${say.singleIsOne(2)}`],
    [
      balanced('{ on: lb, kind: haproxy, address: { kind: keepalived, priorities: [100, 100] } }'),
      `x.yaml:4:88: load-balancer.address.priorities[1]: ${say.samePriority(100)}`,
    ],
    [
      balanced('{ on: lb, kind: haproxy, address: { kind: keepalived, priorities: [100] } }'),
      `x.yaml:4:82: load-balancer.address.priorities: ${say.tooFewPriorities(1, 2)}`,
    ],
    [
      `zones: [a, b]\n${SMALL}network: { pairs: [{ between: [a, a], latency: 1ms }] }\n`,
      `x.yaml:4:31: network.pairs[0].between: ${say.sameZone('a')}`,
    ],
    [
      `${SMALL}failures: { nodes: { n: none } }\n`,
      `x.yaml:3:25: failures.nodes.n: ${say.notNamed('node group', 'n', 'm', ['m'])}`,
    ],
    [
      `${SMALL}failures: { link: { every: 1d, lasts: 1h, modes: [{ share: 100%, lasts: 1h }] } }\n`,
      `x.yaml:3:19: failures.link: ${say.lastsOrModes()}`,
    ],
  ])('%s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem])
  })
})
