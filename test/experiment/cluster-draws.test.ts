import { describe, expect, it } from 'vitest'
import { partsOf } from '../../src/cluster/parts.ts'
import type { ModelConfig } from '../../src/experiment/config.ts'
import { inputDrawsOf } from '../../src/experiment/input-draws.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { simulate } from '../../src/experiment/runner.ts'
import { longRunUnavailability } from '../../src/structure/exact/solve.ts'
import { assertOk, readFrom, shownProblems } from './files.ts'

const OUTSIDE = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }

/** Three members of etcd, alone. */
const read = (uncertain: string, more = '', lasts = '4h') =>
  readExperiment(
    'x.yaml',
    `model:
  name: members
  zones: [a, b, c]
  nodes: { member: { count: 3, zones: [a, b, c] } }
  etcd: { on: member, version: "3.5" }
  failures: { node: { every: exponential(2000h), lasts: exponential(${lasts}) } }
${more}
services: [etcd]
slo: { etcd: 99.999% }
run: { replications: 40, uncertain: { ${uncertain} } }
`,
    { readFile: readFrom(), sets: [], overrides: {} },
  )

/** What the parts alone lose with repairs of so many hours. */
function partsLose(hours: number): number {
  const config = assertOk(read('', '', `${hours}h`))
  const { cluster } = config.variants[0]!.model as ModelConfig & { kind: 'cluster' }
  return longRunUnavailability(partsOf(cluster).model, 'etcd')!
}

describe('uncertain inputs of a control plane', () => {
  it('give its services a second interval: what the parts lose at the quantiles, and elections beside it', () => {
    const result = simulate(assertOk(read("member.lasts: 'uniform(2h, 6h)'")), replicate, OUTSIDE)
    const { inputUncertainty, slo, unavailability, structure } = result.variants[0]!.services['etcd']!
    const elections = unavailability.mean - structure!.unavailability.mean
    expect(elections).toBeGreaterThan(0)
    expect(inputUncertainty!.draws).toBe(400)
    for (const [drawn, hours] of [
      [inputUncertainty!.p2_5, 2.1],
      [inputUncertainty!.p50, 4],
      [inputUncertainty!.p97_5, 5.9],
    ] as const) {
      expect(Math.abs(drawn / (partsLose(hours) + elections) - 1)).toBeLessThan(0.08)
    }
    // It is met below 3.6 h or so, in four of ten draws.
    expect(slo!.metInDraws!.mean).toBeGreaterThan(0.2)
    expect(slo!.metInDraws!.mean).toBeLessThan(0.6)
  })

  it('are the same for all variants, so that each draw compares like with like', () => {
    const config = assertOk(
      read("member.every: 'uniform(1000h, 4000h)'", 'variants: { three: {}, five: { nodes.member.count: 5 } }'),
    )
    const draws = inputDrawsOf(config)
    for (let draw = 0; draw < 100; draw++) draws.next()
    draws.stop()
    const [three, five] = [draws.lossesOf(0, 0)!, draws.lossesOf(1, 0)!]
    expect(three.length).toBe(100)
    // Lives of 1000 to 4000 h move what three lose by a factor of 16, and five lose a hundredth of it at any of them.
    expect(Math.max(...three) / Math.min(...three)).toBeGreaterThan(8)
    three.forEach((loss, draw) => {
      expect(five[draw]!).toBeLessThan(loss / 5)
    })
  })

  it('that hardly differ move hardly anything: the chance of a few replications is in all draws alike', () => {
    const draws = inputDrawsOf(assertOk(read("member.every: 'uniform(1999h, 2001h)'")))
    for (let draw = 0; draw < 100; draw++) draws.next()
    const losses = draws.lossesOf(0, 0)!.slice(0, 100)
    expect(Math.max(...losses) / Math.min(...losses)).toBeLessThan(1.02)
  })

  it('must be means of its failures, the same in all variants', () => {
    expect(shownProblems(read('membr.every: exponential(1h)')).join()).toContain('did you mean member.every')
    const changed = read(
      'member.every: exponential(1h)',
      'variants: { a: {}, b: { failures.node.every: exponential(3000h) } }',
    )
    expect(shownProblems(changed).join()).toContain('member.every is not the same in all variants')
  })

  it('are not told of a start from all up, which has no exact structure', () => {
    const config = assertOk(read("member.every: 'uniform(1000h, 4000h)'"))
    const draws = inputDrawsOf({ ...config, run: { ...config.run, start: 'all-up' } })
    draws.next()
    expect(draws.isOver).toBe(true)
    expect(draws.lossesOf(0, 0)).toBeNull()
  })
})
