import { expect, it } from 'vitest'
import { readExperiment } from '../../src/experiment/parse.ts'
import { rareResult } from '../../src/experiment/rare-result.ts'
import { assertOk, readFrom } from './files.ts'

const RUN = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial: false }

const TEXT = `
model:
  parts:
    server: { count: 1, every: exponential(1000h), lasts: exponential(250h) }
    pair: { count: 2, every: exponential(500h), lasts: exponential(400h) }
  services:
    single: server
    both: { all: [ server, { at-least: 1, of: pair } ] }
services: [single, both]
run: { solver: rare, precision: 3% }
`

it('tells the first outage of a run from the long run from there, where a system is down already or half down', () => {
  const config = assertOk(readExperiment('x.yaml', TEXT, { readFile: readFrom(), sets: [], overrides: {} }))
  const { single, both } = rareResult(config, '0', RUN).variants[0]!.services
  // Down at once for a fifth of all instants, else 1000 h; from all up it would be these for all.
  const first = single!.firstOutageSeconds!
  expect(first.mean).toBeCloseTo(800 * 3600, 3)
  expect(first.hi).toBeLessThan(810 * 3600)
  for (const service of [single!, both!]) {
    const { lo, hi } = service.firstOutageSeconds!
    const exact = service.exact!.firstOutageSeconds!
    expect(lo).toBeLessThanOrEqual(exact * (1 + 1e-9))
    expect(hi).toBeGreaterThanOrEqual(exact * (1 - 1e-9))
    expect((hi! - lo) / exact).toBeLessThan(0.2)
  }
})
