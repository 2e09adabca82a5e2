import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../src/engine/random.ts'
import { meanInterval } from '../../src/stats/interval.ts'
import { compoundMoments, LENGTHS } from './laws.ts'

/** Runs of which each makes one interval. Their share that covers strays by 0.34 % from its law. */
const RUNS = process.env['HASIM_FULL'] === undefined ? 4000 : 20_000
const MANY = [
  [400, 1],
  [400, 5],
  [2000, 0.3],
] as const

describe('intervals of lost time with plenty of losses', () => {
  for (const name of ['equal', 'exponential', 'lognormal', 'heavy'] as const) {
    it.each(MANY)(`${name} lengths, %i replications of %d outages: cover 93.6 to 96.4 %`, (n, rate) => {
      const lengths = LENGTHS[name]
      const random = randomFrom(`band/${name}/${n}/${rate}`)
      const truth = rate * lengths.mean
      let covered = 0
      for (let run = 0; run < RUNS; run++) {
        const { lo, hi } = meanInterval(compoundMoments(random, n, rate, lengths))
        if (lo <= truth && truth <= hi!) covered++
      }
      expect(covered / RUNS).toBeGreaterThanOrEqual(0.936)
      expect(covered / RUNS).toBeLessThanOrEqual(0.964)
    })
  }
})
