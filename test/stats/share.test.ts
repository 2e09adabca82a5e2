import { describe, expect, it } from 'vitest'
import type { Random } from '../../src/engine/random.ts'
import { probabilityInterval } from '../../src/stats/count.ts'
import { addShareTo, newShares, type Shares, shareInterval } from '../../src/stats/share.ts'
import { coverage, holds } from './laws.ts'

const MONTHS = 12

/** Missed months of one year, and their share of all months. */
interface Source {
  readonly draw: (random: Random) => number
  readonly share: number
}

/** Each month is as the one before with probability `memory`, else drawn anew. */
function remembering(share: number, memory: number): Source {
  return {
    share,
    draw(random) {
      let isMissed = random.next() < share
      let missed = isMissed ? 1 : 0
      for (let month = 1; month < MONTHS; month++) {
        if (random.next() >= memory) isMissed = random.next() < share
        if (isMissed) missed += 1
      }
      return missed
    },
  }
}

/** A share of the years is bad throughout. */
function frail(bad: number, inBad: number, else_: number): Source {
  return {
    share: bad * inBad + (1 - bad) * else_,
    draw(random) {
      const share = random.next() < bad ? inBad : else_
      let missed = 0
      for (let month = 0; month < MONTHS; month++) if (random.next() < share) missed += 1
      return missed
    },
  }
}

const SOURCES: { readonly [name: string]: Source } = {
  'independent months, seldom missed': remembering(0.01, 0),
  'independent months, often missed': remembering(0.3, 0),
  'months that remember, seldom missed': remembering(0.01, 0.9),
  'months that remember, now and then missed': remembering(0.05, 0.8),
  'months that remember, mostly missed': remembering(0.97, 0.8),
  'a bad year in twenty': frail(0.05, 0.8, 0.01),
  'a bad year in a hundred': frail(0.01, 0.9, 0.002),
  'a good year in twenty': frail(0.05, 0.2, 0.99),
}

function drawn(random: Random, source: Source, years: number): Shares {
  const shares = newShares()
  for (let i = 0; i < years; i++) addShareTo(shares, source.draw(random), MONTHS)
  return shares
}

describe('the share of months that are missed', () => {
  // 93 % is three standard deviations of a thousand runs below the nominal 95.
  describe.each([5, 20, 100, 500])('in %d replications', (years) => {
    it.each(Object.entries(SOURCES))('of %s is covered', (name, source) => {
      const { share } = coverage(`share/${name}/${years}`, 1000, (random) =>
        holds(shareInterval(drawn(random, source, years))!, source.share),
      )
      expect(share).toBeGreaterThanOrEqual(0.93)
    })
  })

  it('is covered by less than a binomial of as many months, where these are alike', () => {
    const source = remembering(0.05, 0.8)
    const { share } = coverage('share/too narrow', 1000, (random) => {
      const { parts, hitParts } = drawn(random, source, 500)
      return holds(probabilityInterval(hitParts, parts), source.share)
    })
    expect(share).toBeLessThan(0.8)
  })

  it('is as sure as a binomial of as many months, where these are independent', () => {
    const widths = [0, 0]
    coverage('share/width', 200, (random) => {
      const shares = drawn(random, remembering(0.05, 0), 2000)
      const [own, binomial] = [shareInterval(shares)!, probabilityInterval(shares.hitParts, shares.parts)]
      widths[0]! += own.hi! - own.lo
      widths[1]! += binomial.hi! - binomial.lo
      return true
    })
    expect(widths[0]! / widths[1]!).toBeGreaterThan(0.97)
    expect(widths[0]! / widths[1]!).toBeLessThan(1.04)
  })
})

describe('an interval of a share', () => {
  const of = (hits: readonly number[], size = MONTHS) => {
    const shares = newShares()
    for (const one of hits) addShareTo(shares, one, size)
    return shareInterval(shares)
  }

  it('counts wholes, not parts, and has the plain share as its mean', () => {
    expect(of([1, 0, 0, 2, 0])).toMatchObject({ n: 5, mean: 3 / 60, level: 0.95 })
  })

  it('is one-sided without a hit, and with nothing but hits, and says so', () => {
    const none = of(Array.from({ length: 50 }, () => 0))!
    expect(none).toMatchObject({ mean: 0, lo: 0 })
    expect(none.hi).toBeCloseTo(1 - 0.05 ** (1 / 50), 12)
    expect(none.method).toMatch(/^none seen: one-sided .* over replications/)
    const all = of(Array.from({ length: 50 }, () => MONTHS))!
    expect(all).toMatchObject({ mean: 1, hi: 1 })
    expect(all.lo).toBeCloseTo(0.05 ** (1 / 50), 12)
    expect(all.method).toMatch(/^always seen: one-sided .* over replications/)
  })

  it('is turned round with its hits', () => {
    const hits = [12, 11, 12, 12, 9, 12, 12, 12, 10, 12]
    const [often, seldom] = [of(hits)!, of(hits.map((one) => MONTHS - one))!]
    expect(often.lo).toBeCloseTo(1 - seldom.hi!, 14)
    expect(often.hi).toBeCloseTo(1 - seldom.lo, 14)
  })

  it('of wholes of one part is the binomial one', () => {
    expect(of([0, 1, 0, 0, 0, 1], 1)).toEqual(probabilityInterval(2, 6))
  })

  it('has a width where the few wholes there are happen to agree', () => {
    const { lo, hi } = of([4, 4, 4])!
    expect(lo).toBeLessThan(0.1)
    expect(hi).toBeGreaterThan(0.7)
  })

  it('is undefined without parts', () => {
    expect(shareInterval(newShares())).toBeUndefined()
  })
})
