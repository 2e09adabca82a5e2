import { describe, expect, it } from 'vitest'
import { AIMED, aimOf, COSTLY, DOUBTING, TRUTH, weightOf } from '../../../src/structure/rare/aims.ts'
import { learnValues } from '../../../src/structure/rare/learn.ts'
import { MoveTable } from '../../../src/structure/rare/move-table.ts'

const UP = 0.1
const TOP = 20

/** A walk on 0 … {@link TOP} that goes up with probability {@link UP}: 0 is the start, the last state is lost. */
function ladder(): MoveTable {
  const moves = new MoveTable()
  moves.keep(0, [1], [1])
  for (let state = 1; state < TOP; state++) moves.keep(state, [state + 1, state - 1], [UP, 1 - UP])
  return moves
}

const between = Array.from({ length: TOP - 1 }, (_, i) => i + 1)

function learnt(moves: MoveTable): Float64Array {
  const values = new Float64Array(TOP + 1).fill(0.5)
  values[0] = 0
  values[TOP] = 1
  learnValues(moves, between, values)
  return values
}

describe('values that are learnt', () => {
  it('are the probabilities of being lost first (ruin of a gambler), however small', () => {
    const values = learnt(ladder())
    const ratio = (1 - UP) / UP
    for (const state of between) {
      const exact = (ratio ** state - 1) / (ratio ** TOP - 1)
      expect(values[state]! / exact - 1).toBeCloseTo(0, 4)
    }
  })

  it('make every walk to the loss weigh the same', () => {
    const moves = ladder()
    const values = learnt(moves)
    for (const state of between) moves.aim(AIMED, state, (to) => values[to]!)
    for (const path of [range(1, TOP), [1, 2, 1, 2, 3, 4, 3, ...range(4, TOP)]]) {
      let odds = 1
      for (let i = 0; i + 1 < path.length; i++) odds *= moves.oddsAt(AIMED, placeOf(moves, path[i]!, path[i + 1]!))
      expect(odds * values[1]!).toBeCloseTo(1, 4)
    }
  })

  it('leave probabilities that add up to one, by every law, and doubt everywhere', () => {
    const moves = ladder()
    const values = learnt(moves)
    for (const state of between) for (const law of [DOUBTING, AIMED]) moves.aim(law, state, (to) => values[to]!)
    for (const state of between) {
      const places = range(moves.firstOf(state), moves.firstOf(state) + moves.countOf(state) - 1)
      for (const law of [TRUTH, DOUBTING, AIMED]) {
        const sum = places.reduce((total, place) => total + moves.chanceAt(place) * moves.oddsAt(law, place), 0)
        expect(sum).toBeCloseTo(1, 12)
      }
      for (const place of places) expect(moves.oddsAt(DOUBTING, place)).toBeGreaterThanOrEqual(0.03)
    }
    // From state 1 the other way is back to the start, where nothing was lost.
    expect(moves.oddsAt(AIMED, placeOf(moves, 1, 0))).toBe(0)
  })
})

describe('the laws of biased cycles', () => {
  it('bound every weight, whatever was learnt', () => {
    expect(weightOf(0, 0, 0)).toBeCloseTo(20, 10)
    expect(weightOf(1, 1, 1)).toBeCloseTo(1, 12)
  })

  it('have the shares that weights go by', () => {
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < 1000; i++) counts[aimOf((i + 0.5) / 1000)]!++
    // A cycle that one law alone can walk weighs one over the share of that law.
    expect(counts[AIMED]! / 1000).toBeCloseTo(1 / weightOf(0, 1e12, 0) / 1e12, 6)
    expect(counts[DOUBTING]! / 1000).toBeCloseTo(1 / weightOf(1e12, 0, 0) / 1e12, 6)
    expect(counts[COSTLY]! / 1000).toBeCloseTo(1 / weightOf(0, 0, 1e12) / 1e12, 6)
    expect(counts[TRUTH]! / 1000).toBeCloseTo(1 / weightOf(0, 0, 0), 6)
  })
})

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

function placeOf(moves: MoveTable, from: number, to: number): number {
  const places = range(moves.firstOf(from), moves.firstOf(from) + moves.countOf(from) - 1)
  return places.find((place) => moves.targetAt(place) === to)!
}
