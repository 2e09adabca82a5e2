import { describe, expect, it } from 'vitest'
import { HOUR, MONTH, YEAR } from '../../../src/base/units.ts'
import { missInWindow, windowsOf } from '../../../src/experiment/cycle-misses.ts'
import { WeightedQuantiles } from '../../../src/stats/weighted-lengths.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import { type RareService, solveRarely } from '../../../src/structure/rare/solve.ts'
import { majority } from '../../../src/validate/oracle-systems.ts'
import { crew, exp } from '../../../src/validate/part-words.ts'
import { HEAVY_SYSTEMS } from './heavy-systems.ts'

const SEEDS = process.env['HASIM_FULL'] === undefined ? 40 : 1000
const SHARES = [0.5, 0.9, 0.99] as const

/** Systems with the share of a month that they may lose: so much that a tenth to a half of what is lost is too long. */
const SYSTEMS: readonly (readonly [name: string, of: PartModel, target: number])[] = [
  ['a majority of three', majority(3, exp(2000), exp(4)), 1 - 3 / 730],
  ['a majority of five', majority(5, exp(1000), exp(4)), 1 - 2 / 730],
  ['with one crew', { ...majority(5, exp(2000), exp(4)), crews: [crew([0], {})] }, 1 - 6 / 730],
  ...HEAVY_SYSTEMS.slice(0, 5).map(([name, of]) => [name, of, 1 - 4 / 730] as const),
]

function rarely(of: PartModel, seed: string, allowed: readonly number[] = []): RareService {
  const outcome = solveRarely(of, { service: of.services.at(-1)!.name, seed, precision: 0.1, allowed })
  if (outcome.kind === 'refused') throw new Error(outcome.reason)
  return outcome.service
}

function exactly(of: PartModel, target: number) {
  const request = { start: 'steady', horizon: YEAR, at: [], fit: false, effort: 'all', objectives: [target] } as const
  const solved = solveExactly(of, { services: [of.services.at(-1)!.name], ...request })
  if (solved.kind === 'refused') throw new Error('no exact answer')
  return solved.services[0]!
}

const holds = ({ lo, hi }: { readonly lo: number; readonly hi: number | null }, value: number) =>
  lo <= value && value <= (hi ?? Number.POSITIVE_INFINITY)

describe('times drawn in biased cycles', () => {
  const hits = SYSTEMS.map(([name, of, target]) => {
    const exact = exactly(of, target)
    const windows = windowsOf(YEAR, target)
    const covered = { p50: 0, p90: 0, p99: 0, month: 0, told: 0 }
    for (let seed = 0; seed < SEEDS; seed++) {
      const got = rarely(
        of,
        `drawn/${seed}`,
        windows.map(({ allowed }) => allowed),
      )
      const quantiles = new WeightedQuantiles(got.lengths)
      const { p50, p90, p99 } = exact.longRun.outageQuantilesMs!
      const [half, most, nearly] = SHARES.map((p) => quantiles.bounds(p)!)
      if (holds(half!, p50)) covered.p50++
      if (holds(most!, p90)) covered.p90++
      if (holds(nearly!, p99)) covered.p99++
      const { unavailability, losses: losing } = got
      const miss = missInWindow({ ...windows[0]!, excess: got.excesses[0]!, losing, unavailability })
      const { probabilityOfMissInAMonth: truth } = exact
      if (miss === null || truth === null) continue
      covered.told++
      if (holds(miss, truth)) covered.month++
    }
    return { name, covered }
  })

  it.each(['p50', 'p90', 'p99'] as const)('give the %s of outage lengths intervals that cover it', (key) => {
    const shares = hits.map(({ covered }) => covered[key] / SEEDS)
    for (const [i, share] of shares.entries()) expect(share, hits[i]!.name).toBeGreaterThan(0.8)
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.925)
  })

  it('give the share of months that lose too much intervals that cover it', () => {
    const told = hits.filter(({ covered }) => covered.told > 0)
    expect(told.length).toBeGreaterThan(4)
    for (const { name, covered } of told) expect(covered.month / covered.told, name).toBeGreaterThan(0.8)
    const [all, within] = [
      told.reduce((sum, { covered }) => sum + covered.told, 0),
      told.reduce((sum, { covered }) => sum + covered.month, 0),
    ]
    expect(within / all).toBeGreaterThan(0.925)
  })

  it('leave all other estimates as they are', () => {
    const [, of] = SYSTEMS[1]!
    const { excesses, ...plain } = rarely(of, 'same')
    const { excesses: asked, ...also } = rarely(of, 'same', [HOUR, MONTH])
    expect(also).toEqual(plain)
    expect(excesses).toHaveLength(0)
    expect(asked[0]!.rate.mean).toBeGreaterThan(0)
  })

  it('bound what was never seen by what was', () => {
    const [, of] = SYSTEMS[1]!
    const { excesses, losses } = rarely(of, 'never', [MONTH])
    const { rate, span } = excesses[0]!
    expect(rate).toMatchObject({ mean: 0, lo: 0 })
    expect(rate.hi).toBeGreaterThan(0)
    expect(rate.hi).toBeLessThan(0.05 * losses.hi!)
    expect(span).toBe(0)
  })
})
