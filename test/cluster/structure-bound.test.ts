import { describe, expect, it } from 'vitest'
import { present } from '../../src/base/assert.ts'
import { DAY, HOUR } from '../../src/base/units.ts'
import { partsOf } from '../../src/cluster/parts.ts'
import type { ExperimentConfig, ModelConfig } from '../../src/experiment/config.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { longRunUnavailability } from '../../src/structure/exact/solve.ts'
import { assertOk, readFrom } from '../experiment/files.ts'

/** A control plane with failures of these kinds. */
function controlPlane(nodes: string, failures: readonly string[], run: string): ExperimentConfig {
  const text = `
model:
  name: control-plane
  zones: [a, b, c]
  nodes:
    control-plane: ${nodes}
    balancer: { count: 2, zones: [a, b] }
  etcd: { on: control-plane, version: "3.5" }
  api-server: { on: control-plane, etcd: local }
  load-balancer:
    { on: balancer, kind: haproxy, check: { path: /readyz, inter: 2s, fall: 3, rise: 2 }, address: { kind: keepalived } }
  failures:
${failures.map((line) => `    ${line}`).join('\n')}
services: [write, read, etcd]
run: ${run}
`
  const files = { readFile: readFrom(), sets: [], overrides: {} }
  return assertOk(readExperiment('x.yaml', text, files))
}

const OFTEN = 'every: exponential(5d), lasts: exponential(4h)'
const KINDS = {
  node: [`node: { ${OFTEN} }`],
  'zone cut off': [`zone: { ${OFTEN}, on-loss: unreachable }`],
  'zone without power, nodes': [
    `zone: { ${OFTEN}, on-loss: crash }`,
    'node: { every: exponential(5d), lasts: exponential(4h) }',
  ],
  'zone cut off, etcd': [`zone: { ${OFTEN}, on-loss: unreachable }`, `etcd: { ${OFTEN} }`],
  link: [`link: { ${OFTEN} }`],
  'API server, balancer': [`api-server: { ${OFTEN} }`, `balancer: { ${OFTEN} }`],
  'lost disk': [`disk-loss: { ${OFTEN} }`],
  'change of the API servers': ['change: { every: exponential(5d), lasts: exponential(4h), hits: api-servers }'],
  'change of all': ['change: { every: exponential(5d), lasts: exponential(4h), hits: cluster }'],
} as const
const NODES = {
  'one node': '{ count: 1, zones: [a] }',
  'three in three zones': '{ count: 3, zones: [a, b, c] }',
  'three in two zones': '{ count: 3, zones: [a, a, b] }',
} as const

describe('what the parts alone lose', () => {
  const cases = Object.entries(KINDS).flatMap(([kind, failures]) =>
    Object.entries(NODES).map(([nodes, spec]) => ({ kind, nodes, failures, spec })),
  )
  it.each(cases)('is never more than the cluster loses: $kind, $nodes', ({ failures, spec }) => {
    const config = controlPlane(spec, failures, '{ horizon: 30d }')
    for (let replication = 0; replication < 3; replication++) {
      for (const { lostMs, structureLostMs, outages } of replicate(config, 0, replication).services) {
        // Requests of the last second before a repair had only to wait.
        expect(present(structureLostMs, 'a reading') - lostMs).toBeLessThanOrEqual(1_000 * (outages + 1))
      }
    }
  })

  it('ends with the zone for machines that have no repair of their own, and is known', () => {
    const config = controlPlane(NODES['one node'], [`zone: { ${OFTEN}, on-loss: crash }`], '{ horizon: 30d }')
    const parts = partsOf((config.variants[0]!.model as ModelConfig & { kind: 'cluster' }).cluster).model
    // One zone, down 4 h in 124 h.
    expect(longRunUnavailability(parts, 'etcd')).toBeCloseTo(4 / 124, 12)
    const services = Array.from({ length: 50 }, (_, replication) => replicate(config, 0, replication).services[2]!)
    const lost = services.reduce((sum, { lostMs }) => sum + lostMs, 0) / (50 * 30 * DAY)
    expect(lost).toBeGreaterThan(0.025)
    expect(lost).toBeLessThan(0.04)
  })

  it('was lost from the first moment on, where a change is under way as a steady run begins', () => {
    const config = controlPlane(NODES['three in three zones'], KINDS['change of the API servers'], '{ horizon: 1h }')
    const services = Array.from({ length: 300 }, (_, replication) => replicate(config, 0, replication).services[0]!)
    const under = services.filter(({ structureLostMs }) => structureLostMs === HOUR)
    expect(under.length).toBeGreaterThan(0)
    for (const { lostMs, firstOutageMs } of under)
      expect({ lostMs, firstOutageMs }).toEqual({ lostMs: HOUR, firstOutageMs: 0 })
  })
})
