import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import { type RareService, solveRarely } from '../../../src/structure/rare/solve.ts'
import { HEAVY_SYSTEMS } from './heavy-systems.ts'

const SEEDS = process.env['HASIM_FULL'] === undefined ? 100 : 1000
const NAMES = ['unavailability', 'outages', 'meanOutage', 'firstOutage', 'firstOutageSteady'] as const
type Name = (typeof NAMES)[number]

function rarely(of: PartModel, precision: number, seed: string): RareService {
  const outcome = solveRarely(of, { service: of.services[0]!.name, seed, precision, cyclesMax: 20_000 })
  if (outcome.kind === 'refused') throw new Error(outcome.reason)
  return outcome.service
}

function exactly(of: PartModel): Record<Name, number> {
  const request = { horizon: HOUR, at: [], fit: false, effort: 'some', objectives: [null] } as const
  const services = [of.services[0]!.name]
  const steady = solveExactly(of, { services, start: 'steady', ...request })
  const fresh = solveExactly(of, { services, start: 'all-up', ...request })
  if (steady.kind === 'refused' || fresh.kind === 'refused') throw new Error('no exact answer')
  const { unavailability, outagesPerMs, meanOutageMs } = steady.services[0]!.longRun
  return {
    unavailability,
    outages: outagesPerMs,
    meanOutage: meanOutageMs!,
    firstOutage: fresh.services[0]!.firstOutageMs!,
    firstOutageSteady: steady.services[0]!.firstOutageMs!,
  }
}

/** Which of its intervals cover the exact values. */
function covered(got: RareService, exact: Record<Name, number>): Name[] {
  return NAMES.filter((name) => {
    const { lo, hi } = got[name]!
    return lo <= exact[name] && exact[name] <= (hi ?? Number.POSITIVE_INFINITY)
  })
}

const all = HEAVY_SYSTEMS.map(([name, of]) => {
  const exact = exactly(of)
  const runs = Array.from({ length: SEEDS }, (_, seed) => rarely(of, 0.1, `heavy/${seed}`))
  return { name, exact, runs, hits: runs.flatMap((got) => covered(got, exact)) }
})

describe('where a few cycles could weigh nearly all', () => {
  it.each(NAMES)('intervals of the %s cover the exact value in 95 of 100 runs', (name) => {
    const shares = all.map(({ hits }) => hits.filter((hit) => hit === name).length / SEEDS)
    // Of 100 runs 3.4 standard deviations are 7.5 %, of 700 three are 2.5 %.
    for (const [i, share] of shares.entries()) expect(share, all[i]!.name).toBeGreaterThan(0.875)
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.925)
  })

  it.each(all)('a few thousand cycles are enough, and none is off: $name', ({ exact, runs }) => {
    for (const { unavailability, cycles, reached } of runs) {
      expect(reached).toBe(true)
      expect(cycles).toBeLessThan(6_000)
      expect(Math.abs(unavailability.mean / exact.unavailability - 1)).toBeLessThan(0.2)
    }
  })
})
