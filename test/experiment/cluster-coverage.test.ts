import { describe, expect, it } from 'vitest'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { Estimate, ResultFile } from '../../src/experiment/result.ts'
import { simulate } from '../../src/experiment/runner.ts'
import { assertOk, readFrom } from './files.ts'

const SEEDS = 200
/** Quorums are lost once in 40 to 100 years: many of these samples meet no loss. */
const TEXT = `
model:
  name: control-plane
  zones: [a, b, c]
  nodes: { member: { count: 3, zones: [a, b, c] } }
  etcd: { on: member, version: "3.5" }
  failures: { node: { every: exponential(2000h), lasts: "lognormal(mean 4h, sigma 1)" } }
variants: { slow: {}, quick: { failures.node.every: exponential(3000h) } }
services: [etcd]
run: { replications: 40 }
`

function sampleOf(seed: number): ResultFile {
  const files = { readFile: readFrom(), sets: [], overrides: { seed: `coverage/${seed}`, solver: 'simulate' as const } }
  const config = assertOk(readExperiment('x.yaml', TEXT, files))
  return simulate(config, replicate, { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 })
}

/** Of all samples: whether their intervals hold what all of them together say. */
function shareThatHolds(estimates: readonly Estimate[]): number {
  const mean = estimates.reduce((sum, one) => sum + one.mean, 0) / estimates.length
  return estimates.filter(({ lo, hi }) => lo <= mean && mean <= hi!).length / estimates.length
}

describe('of a control plane, few years each', () => {
  const samples = Array.from({ length: SEEDS }, (_, seed) => sampleOf(seed))
  const services = samples.flatMap(({ variants }) => variants.map(({ services }) => services['etcd']!))
  const ofVariant = (variant: number) => services.filter((_, i) => i % 2 === variant)
  // Of 200 samples two standard errors are 3 %.
  const LEAST = 0.92

  it.each([0, 1])('what is lost is covered by 95 %% intervals, quorum losses met or not (variant %d)', (variant) => {
    const all = ofVariant(variant)
    expect(shareThatHolds(all.map(({ lostSecondsPerYear }) => lostSecondsPerYear))).toBeGreaterThanOrEqual(LEAST)
    for (const { unavailability, structure } of all) {
      expect(unavailability.lo).toBeGreaterThan(structure!.unavailability.mean)
    }
  })

  it.each([0, 1])('so is how long outages last (variant %d)', (variant) => {
    const lengths = ofVariant(variant).map(({ outageSeconds }) => outageSeconds.mean!)
    expect(shareThatHolds(lengths)).toBeGreaterThanOrEqual(LEAST)
  })

  it('so are the difference and the ratio of variants', () => {
    const comparisons = samples.map((sample) => sample.comparisons[0]!)
    expect(shareThatHolds(comparisons.map((one) => one.lostSecondsPerYear))).toBeGreaterThanOrEqual(LEAST)
    expect(shareThatHolds(comparisons.map((one) => one.ratio!))).toBeGreaterThanOrEqual(LEAST)
  })

  it('what was hardly met is told for itself, and what is lost adds up', () => {
    const unseen = services.filter(({ mechanisms }) => !mechanisms.some(({ mechanism }) => mechanism === 'quorum-lost'))
    expect(unseen.length).toBeGreaterThan(0)
    for (const { mechanisms, causes, lostSecondsPerYear } of unseen) {
      expect(mechanisms[0]).toMatchObject({ mechanism: 'parts-not-met' })
      for (const parts of [mechanisms, causes]) {
        expect(parts.reduce((sum, one) => sum + one.secondsPerYear, 0)).toBe(lostSecondsPerYear.mean)
      }
    }
  })
})
