import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import type { Distribution } from '../../../src/engine/distribution.ts'
import { survivalAt } from '../../../src/engine/survival.ts'
import { inverted, over, transformOf } from '../../../src/structure/exact/transform.ts'
import { majority } from '../../../src/validate/oracle-systems.ts'
import { exp, lognormal, weibull } from '../models.ts'
import { solvedYear } from './solved-year.ts'

const erlang = (hours: number, shape: number): Distribution => ({ kind: 'gamma', mean: hours * HOUR, shape })
/** Erlang of a shape that is no whole number to the solver, and one to the reader. */
const nearly = (hours: number, shape: number): Distribution => erlang(hours, shape + 1e-12)

function firstYear(every: Distribution, lasts: Distribution, count: number) {
  return solvedYear(majority(count, every, lasts), 'all-up')
}

describe('transforms of laws', () => {
  it.each([
    ['weibull', weibull(1000, 0.7)],
    ['lognormal', lognormal(8, 1)],
    ['gamma', erlang(40, 2.5)],
    [
      'mixture',
      {
        kind: 'mixture',
        parts: [
          { weight: 1, of: exp(3) },
          { weight: 3, of: lognormal(20, 0.5) },
        ],
      },
    ],
  ] satisfies [string, Distribution][])('%s: inverted, they give the distribution function back', (_, law) => {
    const transform = transformOf(law)!
    for (const hours of [0.5, 3, 20, 150, 4000]) {
      const below = inverted((s) => over(transform(s), s), hours * HOUR)
      expect(below).toBeCloseTo(1 - survivalAt(law, hours * HOUR), 7)
    }
  })
})

describe('parts of any law by renewal equations', () => {
  it('agree with Markov chains where both can be had', () => {
    for (const count of [1, 3]) {
      const chain = firstYear(erlang(1000, 3), erlang(8, 2), count)
      const renewal = firstYear(nearly(1000, 3), nearly(8, 2), count)
      expect(chain.method).not.toContain('renewal')
      expect(renewal.method).toContain('renewal')
      expect(renewal.interval!.lostMs / chain.interval!.lostMs).toBeCloseTo(1, 6)
      expect(renewal.interval!.outages / chain.interval!.outages).toBeCloseTo(1, 6)
    }
  })
})
