import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import { type RareService, solveRarely } from '../../../src/structure/rare/solve.ts'
import { ORACLE_SYSTEMS } from '../../../src/validate/oracle-systems.ts'
import { all, atLeast, crew, exp, group, lognormal, model, range } from '../models.ts'

const SEEDS = process.env['HASIM_FULL'] === undefined ? 1000 : 4000

function majority(count: number, mttf: number, mttr: number): PartModel {
  const condition = atLeast(Math.floor(count / 2) + 1, range(0, count))
  return model({ groups: [group('server', count, exp(mttf), exp(mttr))], services: [{ name: 'quorum', condition }] })
}

/** FIG's database (after Villén-Altamirano 2007): sets of processors and controllers, clusters of disks. */
function database(redundancy: number, mttf: number): PartModel {
  const modes = [
    { share: 0.5, lasts: exp(1) },
    { share: 0.5, lasts: exp(2) },
  ]
  const sizes = [...range(0, 4).map(() => redundancy), ...range(0, 6).map(() => redundancy + 2)]
  let first = 0
  const conditions = sizes.map((count, i) => {
    first += count
    return atLeast(i < 4 ? 1 : 3, range(first - count, first))
  })
  const groups = sizes.map((count, i) =>
    group(`set-${i}`, count, exp(((i < 4 ? 1 : 3) * mttf * redundancy) / 2), exp(1), { modes }),
  )
  return model({ groups, services: [{ name: 'up', condition: all(...conditions) }] })
}

function rarely(of: PartModel, precision: number, seed = 'rare'): RareService {
  const outcome = solveRarely(of, { service: of.services.at(-1)!.name, seed, precision })
  if (outcome.kind === 'refused') throw new Error(outcome.reason)
  return outcome.service
}

function exactly(of: PartModel) {
  const request = { horizon: HOUR, at: [], fit: false, effort: 'some', objectives: [null] } as const
  const services = [of.services.at(-1)!.name]
  const steady = solveExactly(of, { services, start: 'steady', ...request })
  const fresh = solveExactly(of, { services, start: 'all-up', ...request })
  if (steady.kind === 'refused' || fresh.kind === 'refused') throw new Error('no exact answer')
  return { ...steady.services[0]!.longRun, firstOutageMs: fresh.services[0]!.firstOutageMs! }
}

describe('rare outages by biased cycles', () => {
  // The exact values of published-tables T6b for FT = 2000, recomputed there from closed forms.
  it.each([
    [2, 4.494745798e-6],
    [3, 7.768202907e-10],
    [4, 1.009403031e-13],
    [5, 1.096459344e-17],
  ])('the database of redundancy %i to one percent, in few cycles however deep', (redundancy, exact) => {
    const { unavailability, cycles, reached } = rarely(database(redundancy, 2000), 0.01)
    expect(reached).toBe(true)
    expect(unavailability.lo).toBeLessThan(exact * 1.005)
    expect(unavailability.hi).toBeGreaterThan(exact * 0.995)
    expect(cycles).toBeLessThan(1_000_000)
  })

  it('says by how much less work it costs than plain cycles', () => {
    const { workNormalisedVariance } = rarely(majority(5, 8760, 1), 0.05)
    expect(workNormalisedVariance.naive / workNormalisedVariance.rare).toBeGreaterThan(1e5)
  })

  it('is the same for the same seed, and another for another', () => {
    const of = majority(3, 1000, 8)
    expect(rarely(of, 0.05, 'a')).toEqual(rarely(of, 0.05, 'a'))
    expect(rarely(of, 0.05, 'a').unavailability.mean).not.toBe(rarely(of, 0.05, 'b').unavailability.mean)
  })

  it('refuses what it cannot walk, and says why', () => {
    const refusal = (of: PartModel) => {
      const outcome = solveRarely(of, { service: of.services[0]!.name, seed: 'x', precision: 0.1 })
      return outcome.kind === 'refused' ? outcome.reason : ''
    }
    const slow = model({
      groups: [group('server', 3, exp(1000), lognormal(8, 1))],
      crews: [crew([0])],
      services: [{ name: 'quorum', condition: atLeast(2, range(0, 3)) }],
    })
    expect(refusal(slow)).toContain('lognormal')
    expect(refusal(majority(9, 1, 50))).toContain('cycles')
  })
})

describe('intervals of rare outages', () => {
  const cases: readonly (readonly [string, PartModel])[] = [
    ['majority of five', majority(5, 1000, 8)],
    ['zones', ORACLE_SYSTEMS['F04-a-2+1']!()],
    ['unlike members, one crew', ORACLE_SYSTEMS['F02H-a-fcfs1']!()],
    ['shared shocks', ORACLE_SYSTEMS['F05-a-betafactor-n3']!()],
  ]
  it.each(cases)(`cover: %s, ${SEEDS} seeds`, (_, of) => {
    const exact = exactly(of)
    const covered = { unavailability: 0, outages: 0, firstOutage: 0 }
    for (let seed = 0; seed < SEEDS; seed++) {
      const got = rarely(of, 0.05, `cover/${seed}`)
      const within = ({ lo, hi }: { lo: number; hi: number | null }, value: number) =>
        lo <= value && value <= (hi ?? Number.POSITIVE_INFINITY) ? 1 : 0
      covered.unavailability += within(got.unavailability, exact.unavailability)
      covered.outages += within(got.outages, exact.outagesPerMs)
      covered.firstOutage += within(got.firstOutage, exact.firstOutageMs)
    }
    // 10 000 seeds covered 94.3 to 95.5 %; of 1000, four standard deviations are 2.8 %. Cycles that nearly all tell the same
    // leave little to be short by: a little wide is all right there.
    for (const [name, count] of Object.entries(covered)) {
      expect(count / SEEDS, name).toBeGreaterThan(0.92)
    }
    expect(covered.unavailability / SEEDS).toBeLessThan(0.985)
  })
})

describe('cycles that all tell the same', () => {
  const series = (count: number, mttf: number, mttr: number) =>
    model({
      groups: [group('server', count, exp(mttf), exp(mttr))],
      crews: [crew([0])],
      services: [{ name: 'all', condition: atLeast(count, range(0, count)) }],
    })

  // Every failure is an outage; a second one during a repair comes once in some ten thousand to a thousand million cycles.
  it.each([
    [2, 8760, 1],
    [4, 3016, 0.0155],
    [3, 1e7, 0.15],
  ])('%i parts in a row, MTTF %d h, MTTR %d h: what was never walked is allowed for', (count, mttf, mttr) => {
    const of = series(count, mttf, mttr)
    const { unavailability, outagesPerMs, meanOutageMs, firstOutageMs } = exactly(of)
    const rare = rarely(of, 0.05)
    for (const [estimate, exact] of [
      [rare.unavailability, unavailability],
      [rare.outages, outagesPerMs],
      [rare.meanOutage!, meanOutageMs!],
      [rare.firstOutage, firstOutageMs],
    ] as const) {
      expect(estimate.lo).toBeLessThanOrEqual(exact)
      expect(estimate.hi).toBeGreaterThanOrEqual(exact)
      expect(estimate.hi! / estimate.lo).toBeLessThan(1.05)
    }
  })
})
