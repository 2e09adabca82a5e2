import { describe, expect, it } from 'vitest'
import type { Random } from '../../src/engine/random.ts'
import { probabilityInterval, rateInterval } from '../../src/stats/count.ts'
import { addFirstTime, firstTimeInterval, newFirstTimes } from '../../src/stats/first-time.ts'
import { differenceInterval, meanInterval } from '../../src/stats/interval.ts'
import { addPairTo, addTo, newMoments, newPairMoments, type PairMoments } from '../../src/stats/moments.ts'
import { meanLengthInterval, ratioInterval } from '../../src/stats/ratio.ts'
import { QuantileSketch } from '../../src/stats/sketch.ts'
import { poisson } from '../experiment/synthetic.ts'
import { compoundMoments, coverage, holds, LENGTHS } from './laws.ts'

const REPEATS = 800

describe('coverage of the mean of skewed losses', () => {
  it.each([
    ['exponential', 20, 3, 0.93],
    ['exponential', 100, 2, 0.93],
    ['exponential', 1000, 0.1, 0.93],
    ['lognormal', 20, 3, 0.93],
    ['lognormal', 100, 2, 0.93],
    ['lognormal', 1000, 0.1, 0.93],
    ['mixture', 100, 2, 0.93],
    ['mixture', 1000, 0.1, 0.93],
    // Few losses: as wide as it takes.
    ['equal', 1000, 0.003, 0.95],
    ['equal', 1000, 0.01, 0.95],
    ['exponential', 1000, 0.003, 0.95],
    ['exponential', 1000, 0.01, 0.95],
    ['lognormal', 1000, 0.003, 0.95],
    ['lognormal', 1000, 0.01, 0.95],
    ['lognormal', 1000, 0.03, 0.95],
    ['heavy', 1000, 0.01, 0.95],
    ['heavy', 1000, 0.03, 0.93],
    ['mixture', 1000, 0.003, 0.95],
    ['mixture', 1000, 0.01, 0.92],
    ['mixture', 1000, 0.03, 0.94],
  ] as const)('%s lengths, %d replications, %d outages in each', (law, n, rate, least) => {
    const lengths = LENGTHS[law]
    const { share } = coverage(`${law}/${n}/${rate}`, REPEATS, (random) =>
      holds(meanInterval(compoundMoments(random, n, rate, lengths), { ceiling: 1000 }), rate * lengths.mean),
    )
    expect(share).toBeGreaterThanOrEqual(least)
    if (n * rate >= 60) expect(share).toBeLessThanOrEqual(0.98)
  })
})

describe('coverage of paired comparisons', () => {
  // The second variant is spared a share of the first one's losses and has some of its own.
  function pairsOf(random: Random, n: number, rate: number): PairMoments {
    const pairs = newPairMoments()
    for (let i = 0; i < n; i++) {
      let x = 0
      let y = 0
      for (let left = poisson(random, rate); left > 0; left--) {
        const length = LENGTHS.lognormal.draw(random)
        x += length
        if (random.next() < 0.3) y += length
      }
      for (let left = poisson(random, rate / 10); left > 0; left--) y += LENGTHS.lognormal.draw(random)
      addPairTo(pairs, x, y)
    }
    return pairs
  }

  it.each([
    [100, 2, 0.985],
    [500, 0.3, 0.985],
    [500, 0.04, 1],
  ])('difference and ratio with %d replications, %d outages in each', (n, rate, most) => {
    const truth = -0.6 * rate * LENGTHS.lognormal.mean
    const difference = coverage(`difference/${n}`, 500, (random) =>
      holds(differenceInterval(pairsOf(random, n, rate), { ceiling: 1000 }), truth),
    )
    const ratio = coverage(`ratio/${n}`, 500, (random) => {
      const interval = ratioInterval(pairsOf(random, n, rate), { ceiling: 1000 })
      return interval === undefined ? undefined : holds(interval, 0.4)
    })
    expect(difference.share).toBeGreaterThanOrEqual(0.93)
    expect(difference.share).toBeLessThanOrEqual(most)
    expect(ratio.share).toBeGreaterThanOrEqual(0.93)
    expect(ratio.share).toBeLessThanOrEqual(most)
  })
})

describe('coverage of counts, probabilities and lengths', () => {
  it.each([0.5, 2, 10, 300])('rate of a Poisson count of mean %d', (mean) => {
    const { share } = coverage(`rate/${mean}`, 5 * REPEATS, (random) =>
      holds(rateInterval(poisson(random, mean), 10, 1), mean / 10),
    )
    expect(share).toBeGreaterThanOrEqual(0.94)
  })

  it.each([
    [0.001, 100],
    [0.05, 100],
    [0.5, 100],
    [0.99, 100],
  ])('probability %d in %d trials', (p, n) => {
    const { share } = coverage(`probability/${p}`, REPEATS, (random) => {
      let hits = 0
      for (let i = 0; i < n; i++) if (random.next() < p) hits += 1
      return holds(probabilityInterval(hits, n), p)
    })
    expect(share).toBeGreaterThanOrEqual(0.94)
  })

  it.each([
    [1000, 0.004],
    [500, 0.2],
    [50, 3],
  ])('mean length of outages that come in clusters of like length: %d replications, %d clusters in each', (n, rate) => {
    const { share } = coverage(`length/${n}`, 4000, (random) => {
      const lengths = newMoments()
      const pairs = newPairMoments()
      for (let i = 0; i < n; i++) {
        let total = 0
        let count = 0
        for (let left = poisson(random, rate); left > 0; left--) {
          const length = LENGTHS.exponential.draw(random)
          const size = random.next() < 0.3 ? 3 : 1
          for (let k = 0; k < size; k++) addTo(lengths, length)
          total += length * size
          count += size
        }
        addPairTo(pairs, count, total)
      }
      const interval = meanLengthInterval(lengths, pairs)
      return interval === undefined ? undefined : holds(interval, 1)
    })
    expect(share).toBeGreaterThanOrEqual(0.93)
  })

  it.each([
    [0.5, 20],
    [0.9, 100],
    [0.99, 3000],
  ])('quantile %d of %d lengths', (p, n) => {
    const truth = -Math.log(1 - p)
    const { share } = coverage(`quantile/${p}`, 400, (random) => {
      const sketch = new QuantileSketch()
      for (let i = 0; i < n; i++) sketch.add(LENGTHS.exponential.draw(random))
      return holds(sketch.quantileBounds(p)!, truth)
    })
    expect(share).toBeGreaterThanOrEqual(0.93)
  })
})

describe('coverage of the time to the first outage', () => {
  // Nothing fails before `wait`, as when everything starts new; a share starts with the event.
  it.each([
    { what: 'rarely seen', mean: 20, n: 400, wait: 0, running: 0 },
    { what: 'hardly ever seen', mean: 200, n: 1000, wait: 0, running: 0 },
    { what: 'mostly seen', mean: 0.3, n: 200, wait: 0, running: 0 },
    { what: 'always seen', mean: 0.02, n: 200, wait: 0, running: 0 },
    { what: 'not seen at first', mean: 5, n: 4000, wait: 0.2, running: 0 },
    { what: 'often there from the start', mean: 5, n: 4000, wait: 0, running: 0.1 },
  ])('$what', ({ what, mean, n, wait, running }) => {
    const truth = (1 - running) * (wait + mean)
    const { share } = coverage(`first/${what}`, 500, (random) => {
      const times = newFirstTimes()
      for (let i = 0; i < n; i++) {
        const first = random.next() < running ? 0 : wait + mean * LENGTHS.exponential.draw(random)
        if (first < 1) addFirstTime(times, first, 1)
      }
      const interval = firstTimeInterval(times, n, 1)
      return interval === undefined ? undefined : holds(interval, truth)
    })
    expect(share).toBeGreaterThanOrEqual(0.93)
    expect(share).toBeLessThanOrEqual(0.99)
  })

  it('nothing can be said when all that was seen was there from the start', () => {
    const times = newFirstTimes()
    addFirstTime(times, 0, 1)
    expect(firstTimeInterval(times, 10, 1)).toBeUndefined()
    expect(firstTimeInterval(times, 1, 1)).toMatchObject({ mean: 0 })
  })
})
