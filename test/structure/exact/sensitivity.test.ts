import { describe, expect, it } from 'vitest'
import { elasticities, importances } from '../../../src/structure/exact/sensitivity.ts'
import { majority, ORACLE_SYSTEMS } from '../../../src/validate/oracle-systems.ts'
import { crew, exp } from '../models.ts'

describe('elasticities', () => {
  it('are those of the closed form of two or more of three down', () => {
    const q = 8 / 1008
    const down = 3 * q ** 2 * (1 - q) + q ** 3
    // d ln U / d ln MTTR = (dU/dq) (dq/d ln MTTR) / U with dq/d ln MTTR = q (1 − q).
    const expected = (6 * q * (1 - q) * q * (1 - q)) / down
    const [first, second] = elasticities(majority(3, exp(1000), exp(8)), 'quorum')!
    expect(new Set([first!.input, second!.input])).toEqual(new Set(['server.every', 'server.lasts']))
    expect(Math.abs(first!.elasticity)).toBeCloseTo(expected, 9)
    expect(first!.elasticity + second!.elasticity).toBeCloseTo(0, 9)
  })

  it('only the quotient of repair and failure times matters, also with a crew', () => {
    const found = elasticities(majority(5, exp(1000), exp(8), { crews: [crew([0])] }), 'quorum')!
    expect(found.reduce((sum, { elasticity }) => sum + elasticity, 0)).toBeCloseTo(0, 8)
    expect(Math.abs(found[0]!.elasticity)).toBeGreaterThan(2.9)
  })
})

describe('importance', () => {
  it('of one of three: the probability that exactly one other is down', () => {
    const q = 8 / 1008
    const down = 3 * q ** 2 * (1 - q) + q ** 3
    const found = importances(majority(3, exp(1000), exp(8)), 'quorum')!
    expect(found).toHaveLength(3)
    expect(found[0]!.birnbaum).toBeCloseTo(2 * q * (1 - q), 14)
    expect(found[0]!.criticality).toBeCloseTo((2 * q * (1 - q) * q) / down, 12)
    expect(found[0]!.fussellVesely).toBeCloseTo(1 - q ** 2 / down, 12)
    expect(found[0]!.riskAchievement).toBeCloseTo((2 * q - q ** 2) / down, 10)
  })

  it('names the single balancer as what hangs most on one part', () => {
    const found = importances(ORACLE_SYSTEMS['F06-a-stacked-any-etcd-lb-single']!(), 'write')!
    expect(found[0]!.part).toBe('balancer')
  })

  it('is left out where parts influence one another', () => {
    expect(importances(majority(3, exp(1000), exp(8), { crews: [crew([0])] }), 'quorum')).toBeNull()
  })
})
