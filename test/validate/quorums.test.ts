import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Condition } from '../../src/structure/model.ts'
import { assertOptimal, type LinearProgramme, loadSolver } from '../../src/validate/linear-programme.ts'
import { all, any, atLeast, part, range } from '../../src/validate/part-words.ts'
import {
  type ChosenQuorum,
  capacityOf,
  latencyOf,
  loadOf,
  networkLoadOf,
  optimalStrategy,
  uniformStrategy,
} from '../../src/validate/quorum-strategy.ts'
import {
  dualOf,
  isQuorum,
  membersOf,
  minimalQuorums,
  type QuorumSystem,
  resilienceOf,
  systemOfReads,
} from '../../src/validate/quorum-system.ts'
import {
  alike,
  GRID_2X2,
  GRID_2X3,
  STUDY,
  STUDY_MIX,
  STUDY_NODES,
  UNLIKE_READS,
} from '../../src/validate/quorum-values.ts'

const minimise = await loadSolver()

/** Conditions over five nodes that all nodes together meet. */
const NODES = 5
const conditions: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.integer({ min: 0, max: NODES - 1 }).map(part),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((of): Condition => ({ kind: 'any', of })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((of): Condition => ({ kind: 'all', of })),
    fc
      .array(tie('condition'), { minLength: 2, maxLength: 4 })
      .chain((of) =>
        fc.integer({ min: 1, max: of.length }).map((count): Condition => ({ kind: 'at-least', count, of })),
      ),
  ),
})).condition
const systems = conditions.map((reads) => systemOfReads(NODES, reads))
const EVERYTHING = 2 ** NODES - 1
const sets = range(0, EVERYTHING + 1)

describe('quorums', () => {
  it('of reads meet all of writes, and no smaller write quorum would', () => {
    fc.assert(
      fc.property(systems, ({ reads, writes }) => {
        for (const set of sets) {
          const meetsAll = minimalQuorums(NODES, reads).every((quorum) => (quorum & set) !== 0)
          expect(isQuorum(writes, set)).toBe(meetsAll)
        }
      }),
      { seed: 1 },
    )
  })

  it('are the same again after two changes of any and all', () => {
    fc.assert(
      fc.property(conditions, (condition) => {
        const again = dualOf(dualOf(condition))
        for (const set of sets) expect(isQuorum(again, set)).toBe(isQuorum(condition, set))
      }),
      { seed: 2 },
    )
  })

  it('survive as many losses as resilience says, whichever, and not always one more', () => {
    fc.assert(
      fc.property(conditions, (condition) => {
        const resilience = resilienceOf(NODES, condition)
        const survives = (lost: number) => isQuorum(condition, EVERYTHING & ~lost)
        for (const lost of sets) if (membersOf(lost).length <= resilience) expect(survives(lost)).toBe(true)
        expect(sets.some((lost) => membersOf(lost).length === resilience + 1 && !survives(lost))).toBe(true)
      }),
      { seed: 3 },
    )
  })

  it('that survive a loss of their own hold a quorum without any one node', () => {
    fc.assert(
      fc.property(conditions, (condition) => {
        const sturdy = (set: number) => membersOf(set).every((node) => isQuorum(condition, set & ~(1 << node)))
        const found = minimalQuorums(NODES, condition, 1)
        for (const set of sets.slice(1)) {
          expect(found.some((smaller) => (smaller & set) === smaller)).toBe(sturdy(set))
        }
      }),
      { seed: 4 },
    )
  })

  it('are conditions on nodes alone', () => {
    expect(() => isQuorum({ kind: 'service', service: 0 }, 1)).toThrow('not on a service')
    expect(() => dualOf({ kind: 'role', role: 0 })).toThrow('not on a role')
  })
})

describe('the best strategy', () => {
  const loadAt = (system: QuorumSystem, share: number) =>
    loadOf(
      optimalStrategy(minimise, system, alike(system.nodes), [[share, 1]], { least: 'load' }),
      alike(system.nodes),
      share,
    )

  it('keeps the bound of Naor and Wool: no load below 1/c or c/n, c the smallest quorum', () => {
    fc.assert(
      fc.property(systems, (system) => {
        const smallest = Math.min(...minimalQuorums(NODES, system.reads).map((set) => membersOf(set).length))
        // The bound is for systems whose quorums meet one another: reads that are writes, too.
        const own: QuorumSystem = { ...system, writes: system.reads }
        const meet = minimalQuorums(NODES, own.reads)
        fc.pre(meet.every((one) => meet.every((other) => (one & other) !== 0)))
        expect(loadAt(own, 1)).toBeGreaterThanOrEqual(Math.max(1 / smallest, smallest / NODES) - 1e-9)
      }),
      { seed: 5 },
    )
  })

  it('carries as much as no other that chance proposes', () => {
    const weights = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 40, maxLength: 40 })
    fc.assert(
      fc.property(systems, fc.double({ min: 0, max: 1, noNaN: true }), weights, (system, share, given) => {
        const weighted = (of: readonly ChosenQuorum[]) => {
          const total = of.reduce((sum, _, i) => sum + given[i % given.length]!, 0)
          return of.map(({ set }, i) => ({ set, probability: given[i % given.length]! / total }))
        }
        const { reads, writes } = uniformStrategy(system)
        const other = { reads: weighted(reads), writes: weighted(writes) }
        // A linear programme drops what weighs less than 1e-9 (HiGHS's small_matrix_value): a share of 2e-12, say.
        expect(loadAt(system, share)).toBeLessThanOrEqual(loadOf(other, alike(NODES), share) + 1e-9)
      }),
      { seed: 6 },
    )
  })

  it('is one for a mix: its mean load is least, its capacity less than that of one for each share', () => {
    const { system } = STUDY[0]!
    const one = optimalStrategy(minimise, system, STUDY_NODES, STUDY_MIX, { least: 'load' })
    let apart = 0
    for (const [share, weight] of STUDY_MIX) {
      const own = optimalStrategy(minimise, system, STUDY_NODES, [[share, 1]], { least: 'load' })
      expect(loadOf(own, STUDY_NODES, share)).toBeLessThanOrEqual(loadOf(one, STUDY_NODES, share) * (1 + 1e-9))
      apart += (weight / 470) * capacityOf(own, STUDY_NODES, [[share, 1]])
    }
    expect(capacityOf(one, STUDY_NODES, STUDY_MIX)).toBeLessThanOrEqual(apart * (1 + 1e-9))
  })

  it('keeps within its limits, and says so where it cannot', () => {
    const best = (load: number) =>
      optimalStrategy(minimise, GRID_2X2, UNLIKE_READS, [[1, 1]], { least: 'latency', load, network: 2 })
    for (const rate of [100, 150, 200, 300]) {
      const strategy = best(1 / rate)
      expect(loadOf(strategy, UNLIKE_READS, 1)).toBeLessThanOrEqual((1 + 1e-9) / rate)
      expect(networkLoadOf(strategy, [[1, 1]])).toBeLessThanOrEqual(2 + 1e-9)
    }
    // The quicker it must answer, the less it carries: from all on the quick pair to two thirds on the slow one.
    expect(latencyOf(GRID_2X2, best(1 / 100), UNLIKE_READS, [[1, 1]])).toBeCloseTo(1, 9)
    expect(latencyOf(GRID_2X2, best(1 / 150), UNLIKE_READS, [[1, 1]])).toBeCloseTo(2, 9)
    expect(latencyOf(GRID_2X2, best(1 / 300), UNLIKE_READS, [[1, 1]])).toBeCloseTo(3, 9)
    expect(() => best(1 / 301)).toThrow('the linear programme has an optimum')
  })

  it('waits for a quorum of those asked, not for all', () => {
    // Asked three of which two are enough: the second to answer decides.
    const two = systemOfReads(3, atLeast(2, range(0, 3)))
    const nodes = [1, 2, 9].map((latency) => ({ reads: 1, writes: 1, latency }))
    const everybody = { reads: [{ set: 0b111, probability: 1 }], writes: [{ set: 0b111, probability: 1 }] }
    expect(latencyOf(two, everybody, nodes, [[1, 1]])).toBe(2)
  })
})

describe('a linear programme', () => {
  /** Least x + 2y with x + y = 1 and x at most 1/3. */
  const programme: LinearProgramme = {
    costs: [1, 2],
    rows: [
      {
        terms: [
          [0, 1],
          [1, 1],
        ],
        kind: 'equals',
        bound: 1,
      },
      { terms: [[0, 1]], kind: 'at-most', bound: 1 / 3 },
    ],
  }

  it('is solved to the last digits', () => {
    const [x, y] = minimise(programme)
    expect(x).toBeCloseTo(1 / 3, 15)
    expect(y).toBeCloseTo(2 / 3, 15)
  })

  it('is not believed without a proof', () => {
    const check = (values: number[], prices: number[]) => () => assertOptimal(programme, values, prices)
    expect(check([1 / 3, 2 / 3], [2, -1])).not.toThrow()
    expect(check([0, 1], [2, -1])).toThrow('nothing is cheaper')
    expect(check([1, 0], [2, -1])).toThrow('row 1 holds')
    expect(check([1 / 3, 1 / 3], [2, -1])).toThrow('row 0 holds')
    expect(check([1 / 3, 2 / 3], [1, 2])).toThrow('the price of row 1 has its sign')
    expect(check([1 / 3, 2 / 3], [3, -2])).toThrow('variable 1 costs at least its priced factors')
    expect(check([4 / 3, -1 / 3], [2, -1])).toThrow('row 1 holds')
  })

  it('without a solution is refused', () => {
    const rows = [...programme.rows, { terms: [[1, 1]] as const, kind: 'at-most' as const, bound: 1 / 3 }]
    expect(() => minimise({ ...programme, rows })).toThrow('the linear programme has an optimum')
  })
})

it('the grid of two rows has the duals that the oracles spell out', () => {
  expect(minimalQuorums(6, GRID_2X3.reads)).toEqual([0b000111, 0b111000])
  const columns = [0, 1, 2].flatMap((left) => [3, 4, 5].map((right) => (1 << left) | (1 << right)))
  expect(minimalQuorums(6, GRID_2X3.writes)).toEqual(columns.sort((a, b) => a - b))
  const spelt = all(any(part(0), part(1), part(2)), any(part(3), part(4), part(5)))
  for (const set of range(0, 64)) expect(isQuorum(GRID_2X3.writes, set)).toBe(isQuorum(spelt, set))
})
