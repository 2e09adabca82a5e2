import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../src/engine/random.ts'
import { comparedRatio } from '../../src/stats/compared-ratio.ts'
import { controlledDifference, controlledMean } from '../../src/stats/control-variate.ts'
import { differenceInterval, meanInterval } from '../../src/stats/interval.ts'
import { addPairTo, newPairMoments } from '../../src/stats/moments.ts'

/** A loss of exponential length 100 in one of five replications; its mean, known exactly, is 20. */
const KNOWN = 20
/** Beyond it each replication loses an exponential of mean 3, now and then ten times as much: 3 × 0.9 + 30 × 0.1. */
const BEYOND = 5.7
const CEILING = 1e9

function sample(seed: string, n: number) {
  const chance = randomFrom(seed)
  const exponential = (mean: number) => -mean * Math.log1p(-chance.next())
  const pairs = newPairMoments()
  for (let i = 0; i < n; i++) {
    const control = chance.next() < 0.2 ? exponential(100) : 0
    const beyond = exponential(chance.next() < 0.1 ? 30 : 3)
    addPairTo(pairs, control, control + beyond)
  }
  return pairs
}

describe('a mean with its control', () => {
  it('covers the truth in 93.6 to 96.4 % of 1000 seeds, and is far narrower than without', () => {
    let covered = 0
    let width = 0
    let plainWidth = 0
    let sum = 0
    const seeds = 1000
    for (let seed = 0; seed < seeds; seed++) {
      const pairs = sample(`control/${seed}`, 400)
      const { lo, hi, mean } = controlledMean(pairs, KNOWN, CEILING)!
      const plain = meanInterval(pairs.y)
      if (lo <= KNOWN + BEYOND && KNOWN + BEYOND <= hi!) covered++
      width += hi! - lo
      plainWidth += plain.hi! - plain.lo
      sum += mean
    }
    expect(covered / seeds).toBeGreaterThanOrEqual(0.936)
    expect(covered / seeds).toBeLessThanOrEqual(0.964)
    expect(width).toBeLessThan(plainWidth / 3)
    // Unbiased: the mean of the estimates is off by less than four of its standard errors.
    expect(Math.abs(sum / seeds - KNOWN - BEYOND)).toBeLessThan((4 * width) / seeds / 3.92 / Math.sqrt(seeds))
  })

  it('covers the truth, in the mean exactly, where most samples meet none of what the control loses', () => {
    // One outage in 200 replications, of which 60 are seen: three of four samples see none. The rest is small and often.
    const known = 100 / 200
    const truth = known + 0.2
    let covered = 0
    let sum = 0
    const seeds = 1000
    for (let seed = 0; seed < seeds; seed++) {
      const chance = randomFrom(`seldom/${seed}`)
      const exponential = (mean: number) => -mean * Math.log1p(-chance.next())
      const pairs = newPairMoments()
      for (let i = 0; i < 60; i++) {
        const control = chance.next() < 1 / 200 ? exponential(100) : 0
        addPairTo(pairs, control, control + exponential(0.2))
      }
      const { lo, hi, mean } = controlledMean(pairs, known, CEILING)!
      if (lo <= truth && truth <= hi!) covered++
      sum += mean
    }
    expect(covered / seeds).toBeGreaterThanOrEqual(0.936)
    expect(covered / seeds).toBeLessThanOrEqual(0.975)
    expect(sum / seeds).toBeCloseTo(truth, 2)
  })

  it('says what is known where nothing was lost beyond it, with what may have been missed', () => {
    const nothing = newPairMoments()
    for (let i = 0; i < 50; i++) addPairTo(nothing, 0, 0)
    const most = 1000 * (1 - 0.05 ** (1 / 50))
    expect(controlledMean(nothing, 20, 1000)).toMatchObject({ mean: 20, lo: 0, hi: expect.closeTo(20 + most, 9) })
  })

  it('is left out where it multiplies the variance', () => {
    const chance = randomFrom('unrelated')
    const unrelated = newPairMoments()
    for (let i = 0; i < 400; i++) addPairTo(unrelated, 2 * chance.next(), chance.next())
    expect(controlledMean(unrelated, 1, CEILING)).toBeNull()
    const one = newPairMoments()
    addPairTo(one, 0, 1)
    expect(controlledMean(one, 0.5, CEILING)).toBeNull()
  })
})

/** Two variants: the second's control is half as large on average, on other failures; what lies beyond is shared in part. */
function samples(seed: string, n: number) {
  const chance = randomFrom(seed)
  const exponential = (mean: number) => -mean * Math.log1p(-chance.next())
  const lost = newPairMoments()
  const beyond = newPairMoments()
  for (let i = 0; i < n; i++) {
    const [a, b] = [chance.next() < 0.2 ? exponential(100) : 0, chance.next() < 0.1 ? exponential(100) : 0]
    const common = exponential(3)
    const [beyondA, beyondB] = [common + exponential(2), common + exponential(1)]
    addPairTo(lost, a + beyondA, b + beyondB)
    addPairTo(beyond, beyondA, beyondB)
  }
  return { lost, beyond }
}

describe('a comparison with controls', () => {
  it('covers the difference and the ratio, and is far narrower than without', () => {
    const covered = { difference: 0, ratio: 0 }
    let [width, plainWidth] = [0, 0]
    const seeds = 1000
    for (let seed = 0; seed < seeds; seed++) {
      const { lost, beyond } = samples(`compare/${seed}`, 300)
      const difference = controlledDifference(lost, beyond, 10 - 20, CEILING)!
      const ratio = comparedRatio(beyond, difference, [20, 10])!
      const plain = differenceInterval(lost)
      if (difference.lo <= -11 && -11 <= difference.hi!) covered.difference++
      if (ratio.lo <= 14 / 25 && 14 / 25 <= ratio.hi!) covered.ratio++
      width += difference.hi! - difference.lo
      plainWidth += plain.hi! - plain.lo
    }
    for (const count of Object.values(covered)) {
      expect(count / seeds).toBeGreaterThanOrEqual(0.93)
      expect(count / seeds).toBeLessThanOrEqual(0.985)
    }
    expect(width).toBeLessThan(plainWidth / 10)
  })

  it('has no ratio where what is known and what was seen come out below nothing', () => {
    const beyond = newPairMoments()
    for (let i = 0; i < 100; i++) addPairTo(beyond, -10 - (i % 3), -4 - (i % 2))
    const difference = differenceInterval(beyond)
    expect(comparedRatio(beyond, difference, [5, 9])).toBeUndefined()
    expect(comparedRatio(beyond, difference, [20, 1])).toBeUndefined()
    expect(comparedRatio(beyond, difference, [20, 9])!.mean).toBeCloseTo(4.5 / 9.01, 12)
  })

  it('is left out where it multiplies the variance', () => {
    const { lost, beyond } = samples('turned', 300)
    expect(controlledDifference(beyond, lost, 10, CEILING)).toBeNull()
  })

  it('that never differed is bounded by what lies beyond the parts', () => {
    const lost = newPairMoments()
    const beyond = newPairMoments()
    for (let i = 0; i < 100; i++) {
      addPairTo(lost, 1000 * (i % 10) + 1, 1000 * (i % 10) + 1)
      addPairTo(beyond, 1, 1)
    }
    const most = 1 - 0.05 ** 0.01
    const difference = controlledDifference(lost, beyond, 0, CEILING)!
    expect(difference).toMatchObject({ mean: 0, lo: expect.closeTo(-most, 12), hi: expect.closeTo(most, 12) })
    expect(comparedRatio(beyond, difference, [9, 9])).toMatchObject({ mean: 1, hi: expect.closeTo(1 + most / 10, 12) })
    // The parts lose unlike, which no replication met.
    const unlike = controlledDifference(lost, beyond, 5, CEILING)!
    expect(unlike).toMatchObject({ mean: 5, lo: expect.closeTo(5 - most, 12), hi: expect.closeTo(5 + most, 12) })
    expect(comparedRatio(beyond, unlike, [9, 14])).toMatchObject({ mean: expect.closeTo(1.5, 12) })
  })
})
