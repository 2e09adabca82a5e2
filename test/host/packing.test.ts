import { describe, expect, it } from 'vitest'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { pack, unpack } from '../../src/host/packing.ts'
import { assertOk, readFrom } from '../experiment/files.ts'

const SERVERS = `
model:
  parts: { server: { count: 3, every: exponential(30d), lasts: "lognormal(median 1h, p95 9h)" } }
  services: { quorum: { at-least: 2, of: server } }
services: [quorum]
`

const KINDS = {
  'parts, with scores and instants': `${SERVERS}run: { horizon: 2y, sensitivity: true, at: [30d, 1y] }`,
  'biased cycles': `${SERVERS}slo: { quorum: 99.9% }
run: { solver: rare, sensitivity: true }`,
  'a control plane': `
model: hasim:models/clusters/stacked-3.yaml
services: [write, etcd]
run: { horizon: 1y, sensitivity: true }`,
}

describe('samples that cross between threads', () => {
  it.each(Object.entries(KINDS))('arrive as they left: %s', (_, text) => {
    const config = assertOk(readExperiment('kind.yaml', text, { readFile: readFrom() }))
    const samples = [0, 1, 2, 3].map((replication) => replicate(config, 0, replication))
    expect(unpack(pack(samples))).toEqual(samples)
    // What is compared is not nothing.
    expect(samples.some(({ services }) => services[0]!.lostMs > 0)).toBe(true)
    expect(samples.some(({ scores, services }) => scores !== undefined || services[0]!.cycles !== undefined)).toBe(true)
  })

  it('are as many as there were', () => {
    expect(unpack(pack([]))).toEqual([])
  })
})
