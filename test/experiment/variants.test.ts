import { describe, expect, it } from 'vitest'
import type { ClusterConfig } from '../../src/cluster/config.ts'
import * as sayDocument from '../../src/document/messages.ts'
import { fixed, meanOf } from '../../src/engine/distribution.ts'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import * as say from '../../src/experiment/messages.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { assertOk, readFrom, shownProblems } from './files.ts'

const MODEL = 'model: models/clusters/stacked-3.yaml\n'
type Sets = { path: string; value: string }[]

const read = (text: string, sets: Sets = []) => readExperiment('x.yaml', MODEL + text, { readFile: readFrom(), sets })
const problemsOf = (text: string, sets: Sets = []): string[] => shownProblems(read(text, sets))

function clusterOf(config: ExperimentConfig, id = 'base'): ClusterConfig {
  const model = config.variants.find((variant) => variant.id === id)?.model
  if (model?.kind !== 'cluster') throw new Error(`${id} is no cluster`)
  return model.cluster
}

describe('patches', () => {
  it('set numbers of the model, of defaults, and of a named profile', () => {
    const text = [
      'variants:',
      '  v:',
      '    etcd.heartbeat-interval: 50ms',
      '    load-balancer.check.fastinter: 500ms',
      '    load-balancer.address.script: {}',
      '    failures.node.every: fixed(30d)',
      '    failures.zone: none',
      '    failures.maintenance: { every: 30d, lasts: 10m, apart: 15m }',
    ].join('\n')
    const cluster = clusterOf(assertOk(read(text)), 'v')
    expect(cluster.etcd.heartbeatInterval).toBe(50)
    expect(cluster.loadBalancer?.check).toMatchObject({ inter: 2000, fastinter: 500, downinter: 2000 })
    expect(cluster.loadBalancer?.address?.script).toEqual({
      interval: 1000,
      timeout: 1000,
      fall: 1,
      rise: 1,
      weight: 0,
    })
    expect(cluster.failures.node['control-plane']?.every).toEqual(fixed(30 * 86_400_000))
    expect(cluster.failures.node['balancer']?.graceful).toBe(0.85)
    expect(cluster.failures.zone).toBeNull()
    expect(cluster.failures.maintenance).toMatchObject({ lasts: 600_000, guard: 'none' })
  })

  it('resolve another profile, and go on inside it', () => {
    const config = assertOk(read('variants:\n  a: {}\n  b: { failures: on-prem, failures.node.graceful: 10% }\n'))
    expect(clusterOf(config, 'a').failures).toMatchObject({ name: 'cloud-vm', commonCause: null })
    expect(clusterOf(config, 'b').failures).toMatchObject({ name: 'on-prem', commonCause: { beta: 0.05 } })
    expect(clusterOf(config, 'b').failures.node['control-plane']?.graceful).toBe(0.1)
  })

  it('take whole sections, so that an external etcd is a variant', () => {
    const text = 'variants:\n  v:\n    nodes.etcd: { count: 3 }\n    etcd.on: etcd\n    api-server.etcd: all\n'
    const cluster = clusterOf(assertOk(read(text)), 'v')
    expect(cluster.etcd.nodes.map((node) => cluster.nodes[node]!.name)).toEqual(['etcd-1', 'etcd-2', 'etcd-3'])
    expect(cluster.nodes.filter((node) => node.group === 'etcd').map((node) => node.zone)).toEqual(['a', 'b', 'c'])
  })

  it('are refused where they lead nowhere, at their own place', () => {
    const text = [
      'variants:',
      '  a: { nodes.controlplane.count: 5 }',
      '  b: { load-balancer.chek.inter: 1s }',
      '  c: { etcd.on.first: x }',
      '  d: { nodes.control-plane.count: five }',
      '  e: { nodes.control-plane.zones.7: a }',
      '  f: { .count: 1 }',
    ].join('\n')
    expect(problemsOf(text)).toEqual([
      `x.yaml:3:8: variants.a.nodes.controlplane.count: ${say.notNamed('entry of nodes', 'controlplane', 'control-plane', ['control-plane', 'balancer'])}`,
      `x.yaml:4:8: variants.b.load-balancer.chek.inter: chek: ${say.unknownKey('check', [])}`,
      `x.yaml:5:8: variants.c.etcd.on.first: ${say.notInside('etcd.on', 'control-plane')}`,
      `x.yaml:6:35: variants.d.nodes.control-plane.count: ${say.wrongType('five', 'a number')}`,
      `x.yaml:7:8: variants.e.nodes.control-plane.zones.7: ${say.tooBig('7', 2)}`,
      `x.yaml:8:8: variants.f..count: ${say.badPath('.count')}`,
    ])
  })

  it('that break something else are named with it', () => {
    const [problem] = problemsOf('variants:\n  three: {}\n  two: { zones: [a, b] }\n')
    const message = say.inVariants(say.notNamed('zone', 'c', 'a', ['a', 'b']), ['two, patched at x.yaml:4:10'])
    expect(problem).toBe(`models/clusters/stacked-3.yaml:6:44: nodes.control-plane.zones[2]: ${message}`)
  })
})

describe('names', () => {
  it('keep the order of the file, digits or not', () => {
    const config = assertOk(read('variants: { five: {}, 5: {}, v3.4: { etcd.version: "3.4" }, 3: }\n'))
    expect(config.variants.map((variant) => variant.id)).toEqual(['five', '5', 'v3.4', '3'])
  })

  it('have no slash, which ids of outages need', () => {
    expect(problemsOf('variants: { a/b: {} }\n')).toEqual([`x.yaml:2:13: variants.a/b: ${say.badName('a/b')}`])
  })
})

describe('--set', () => {
  it('comes after the model and before the patch', () => {
    const sets = [{ path: 'nodes.control-plane.count', value: '5' }]
    const config = assertOk(read('variants:\n  a: {}\n  b: { etcd.version: "3.4" }\n', sets))
    expect(clusterOf(config, 'a').etcd).toMatchObject({ nodes: [0, 1, 2, 3, 4], preVote: true })
    expect(clusterOf(config, 'b').etcd).toMatchObject({ nodes: [0, 1, 2, 3, 4], preVote: false })
  })

  it('reads values as YAML and reaches the run section', () => {
    const sets = [
      { path: 'etcd.version', value: '3.4' },
      { path: 'failures.node.every', value: 'exponential(30d)' },
      { path: 'run.horizon', value: '2y' },
      { path: 'run.seed', value: '007' },
    ]
    const config = assertOk(read('', sets))
    expect(config).toMatchObject({ seed: '007', run: { horizon: 2 * 31_557_600_000 } })
    expect(clusterOf(config).etcd.version).toBe('3.4')
    expect(meanOf(clusterOf(config).failures.node['control-plane']!.every)).toBe(30 * 86_400_000)
  })

  it('is refused on a path a variant sets, above or below it', () => {
    const text = 'variants:\n  five: { nodes.control-plane.count: 5 }\n'
    for (const path of ['nodes.control-plane.count', 'nodes.control-plane', 'nodes']) {
      expect(problemsOf(text, [{ path, value: '{}' }])).toContain(`--set ${path}: ${say.patchedToo(path, 'five')}`)
    }
    expect(problemsOf(text, [{ path: 'nodes.balancer.count', value: '2' }])).toEqual([])
  })

  it('tells unknown paths and wrong values without a file', () => {
    expect(problemsOf('', [{ path: 'etcd.electon-timeout', value: '1s' }])).toEqual([
      `--set etcd.electon-timeout: ${say.unknownKey('election-timeout', [])}`,
    ])
    expect(problemsOf('', [{ path: 'etcd.heartbeat-interval', value: '100' }])).toEqual([
      `--set etcd.heartbeat-interval: ${sayDocument.noUnit(100)}`,
    ])
    expect(problemsOf('', [{ path: 'run.horizn', value: '1y' }])).toEqual([
      `--set run.horizn: ${say.unknownKey('horizon', [])}`,
    ])
  })
})
