import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import { majority } from '../../../src/validate/oracle-systems.ts'
import { crew, exp, fixedH } from '../../../src/validate/part-words.ts'

function curveOf(of: PartModel) {
  const request = { services: ['quorum'], start: 'steady', horizon: HOUR, at: [], fit: false } as const
  const solved = solveExactly(of, { ...request, effort: 'all', objectives: [null] })
  if (solved.kind === 'refused') throw new Error(solved.reasons.join())
  return solved.services[0]!.longRun.outageQuantilesMs!
}

describe('the curve of outage lengths', () => {
  it('is that of one repair where one part is all there is', () => {
    const { curve, p90 } = curveOf(majority(1, exp(1000), exp(8)))
    for (const { share, ms } of curve) expect(ms / (-8 * HOUR * Math.log1p(-share))).toBeCloseTo(1, 10)
    expect(curve.find(({ share }) => share === 0.9)!.ms).toBe(p90)
    expect([curve[0]!.share, curve.at(-1)!.share]).toEqual([0.01, 0.99])
  })

  it('is that of the first of two repairs where two of three are down', () => {
    // A majority is back with the first of them; without memory, whatever else fails meanwhile but the third.
    const { curve } = curveOf(majority(3, exp(1e9), exp(8)))
    for (const { share, ms } of curve) expect(ms / (-4 * HOUR * Math.log1p(-share))).toBeCloseTo(1, 6)
  })

  it('ascends, and stands still where all outages last the same', () => {
    const { curve } = curveOf(majority(5, exp(100), exp(8), { crews: [crew([0])] }))
    for (let i = 1; i < curve.length; i++) expect(curve[i]!.ms).toBeGreaterThan(curve[i - 1]!.ms)
    const fixed = curveOf(majority(1, exp(1000), fixedH(8)))
    expect(fixed.curve.map(({ ms }) => ms)).toEqual(fixed.curve.map(() => 8 * HOUR))
  })
})
