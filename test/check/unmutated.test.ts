import { describe, expect, it } from 'vitest'
import { search } from '../../src/check/search.ts'
import { groupOfSize } from './group.ts'

/** HASIM_CHECK_RUNS=20000 is the full form: tens of millions of steps. */
const RUNS = Number(process.env['HASIM_CHECK_RUNS'] ?? 70)

describe('the core as it is', () => {
  it.each([
    ['3 members of 3.6', groupOfSize(3)],
    ['5 members of 3.5', groupOfSize(5, '3.5')],
    ['3 members of 3.4 without pre-vote', groupOfSize(3, '3.4', false)],
    ['4 members of 3.7', groupOfSize(4, '3.7')],
    ['1 member of 3.6', groupOfSize(1)],
  ])(
    'breaks no invariant: %s',
    (name, group) => {
      const { finding, runs, steps } = search({ group, seed: name, runs: RUNS })
      expect(finding).toBeUndefined()
      expect(runs).toBe(RUNS)
      expect(steps).toBeGreaterThan(100 * RUNS)
    },
    600_000 + RUNS * 1000,
  )

  it('is checked alike for the same seed, and otherwise for another', () => {
    const run = (seed: string) => search({ group: groupOfSize(3), seed, runs: 5 }).steps
    expect(run('a')).toBe(run('a'))
    expect(run('a')).not.toBe(run('b'))
  })
})
