import { describe, expect, it } from 'vitest'
import { elasticities } from '../../../src/structure/exact/sensitivity.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import type { RareElasticity } from '../../../src/structure/rare/cycle-scores.ts'
import { type RareService, solveRarely } from '../../../src/structure/rare/solve.ts'
import { majority, ORACLE_SYSTEMS } from '../../../src/validate/oracle-systems.ts'
import { all, atLeast, crew, exp, group, model } from '../models.ts'
import { REACTING_SYSTEMS } from './reacting-systems.ts'

/** Pairs in series, of which the first and the last are alike; the middle one is a three. */
const seriesOfPairs = model({
  groups: [
    group('first', 2, exp(900), exp(5)),
    group('middle', 3, exp(400), exp(9)),
    group('last', 2, exp(900), exp(5)),
  ],
  services: [{ name: 'up', condition: all(atLeast(1, [0, 1]), atLeast(1, [2, 3, 4]), atLeast(1, [5, 6])) }],
})

function walked(of: PartModel, seed: string, sensitivity = true): RareService {
  const outcome = solveRarely(of, { service: of.services.at(-1)!.name, seed, precision: 0.01, sensitivity })
  if (outcome.kind === 'refused') throw new Error(outcome.reason)
  return outcome.service
}

function errorOf({ estimate }: RareElasticity): number {
  return (estimate!.hi! - estimate!.lo) / (2 * 1.96)
}

describe('elasticities from biased cycles', () => {
  it.each([
    ['majority of three', majority(3, exp(1000), exp(8))],
    ['majority of five', majority(5, exp(1000), exp(8))],
    ['pairs in series', seriesOfPairs],
    ['one crew', majority(5, exp(1000), exp(8), { crews: [crew([0])] })],
    ['unlike members, one crew', ORACLE_SYSTEMS['F02H-a-fcfs1']!()],
    ['shared shocks', ORACLE_SYSTEMS['F05-a-betafactor-n3']!()],
    ['zones', ORACLE_SYSTEMS['F04-a-2+1']!()],
    ['a stacked control plane', ORACLE_SYSTEMS['F06-a-stacked-any-etcd-lb-single']!()],
    ...REACTING_SYSTEMS,
  ] as const)('are the exact ones: %s', (name, of) => {
    const exact = new Map(elasticities(of, of.services.at(-1)!.name)!.map((one) => [one.input, one.elasticity]))
    const found = walked(of, name).elasticities!
    expect(found.map(({ input }) => input)).toEqual(expect.arrayContaining([...exact.keys()]))
    for (const one of found) {
      const truth = exact.get(one.input) ?? 0
      expect(Math.abs(one.estimate!.mean - truth) / errorOf(one), one.input).toBeLessThan(4)
      expect(errorOf(one), one.input).toBeLessThan(0.04)
    }
    // Everything slower by the same factor is the same course in slow motion.
    const sum = found.reduce((all, { estimate }) => all + estimate!.mean, 0)
    expect(Math.abs(sum) / Math.hypot(...found.map(errorOf))).toBeLessThan(4)
  })

  it('go by the cycles that are walked anyway, and are told with n and method', () => {
    const of = majority(5, exp(1000), exp(8))
    const [with_, without] = [walked(of, 'same'), walked(of, 'same', false)]
    expect(with_.unavailability).toEqual(without.unavailability)
    expect(without.elasticities).toBeNull()
    const { estimate } = with_.elasticities![0]!
    expect(estimate!.method).toMatch(/likelihood ratio/)
    expect(estimate!.n).toBeGreaterThan(0.9 * with_.cycles)
  })

  it('cover the exact ones', () => {
    const of = ORACLE_SYSTEMS['F05-a-betafactor-n3']!()
    const exact = elasticities(of, of.services[0]!.name)!
    let [told, covered] = [0, 0]
    for (let seed = 0; seed < 100; seed++) {
      for (const { input, estimate } of walked(of, `cover/${seed}`).elasticities!) {
        const truth = exact.find((one) => one.input === input)!.elasticity
        told++
        if (estimate!.lo <= truth && truth <= estimate!.hi!) covered++
      }
    }
    expect(covered / told).toBeGreaterThan(0.92)
  })
})
