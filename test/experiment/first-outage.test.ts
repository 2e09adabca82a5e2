import { describe, expect, it } from 'vitest'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { simulate } from '../../src/experiment/runner.ts'

const FACTS = { hasim: 'test', wallSeconds: 0, cpuSeconds: 0, workers: 1 }

/** Majority of three, MTTF 100 h, MTTR 10 h: hours to the first outage from none and from one down, by first steps. */
const FROM_ALL_UP = 250
const FROM_ONE_DOWN = FROM_ALL_UP - 100 / 3
const UP = 10 / 11
const STEADY = UP ** 3 * FROM_ALL_UP + 3 * UP ** 2 * (1 - UP) * FROM_ONE_DOWN

function firstOutageHours(start: string, horizon: string): { lo: number; mean: number; hi: number } {
  const text = `
model:
  parts: { server: { count: 3, every: exponential(100h), lasts: exponential(10h) } }
  services: { quorum: { at-least: 2, of: server } }
services: [quorum]
run: { seed: first, start: ${start}, horizon: ${horizon}, replications: 6000 }`
  const read = readExperiment('first.yaml', text, { readFile: () => ({ ok: false, problems: [] }) })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const first = simulate(read.value, replicate, FACTS).variants[0]?.services['quorum']?.firstOutageSeconds
  return { lo: (first?.lo ?? 0) / 3600, mean: (first?.mean ?? 0) / 3600, hi: (first?.hi ?? 0) / 3600 }
}

describe('the mean time to the first outage is that of the chain, however short the horizon', () => {
  it.each([
    ['all-up', '100h', FROM_ALL_UP],
    ['all-up', '300h', FROM_ALL_UP],
    ['all-up', '5000h', FROM_ALL_UP],
    ['steady', '20h', STEADY],
    ['steady', '100h', STEADY],
    ['steady', '5000h', STEADY],
  ])('%s, %s', (start, horizon, exact) => {
    const { lo, mean, hi } = firstOutageHours(start, horizon)
    // Twice the half-width: one in 10 000 is beyond by chance.
    expect(mean - 2 * (mean - lo)).toBeLessThan(exact)
    expect(mean + 2 * (hi - mean)).toBeGreaterThan(exact)
    expect((hi - lo) / 2 / exact).toBeLessThan(0.12)
  })
})
