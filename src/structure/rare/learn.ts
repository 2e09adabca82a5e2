import type { MoveTable } from './move-table.ts'

/** A sweep that moves no value by more than this share is the last. */
const AGREE = 1e-6
/** Moves looked at by all sweeps of one lesson: some hundredths of a second. */
const MOVES_MAX = 4_000_000
/** Values are never taken to be less. */
const LEAST = 1e-290

/**
 * Makes the values of states agree with one another: that of a state is the mean of those that it moves to, 0 where
 * everything is up again, and what it is guessed to be where nobody has looked yet. Swept in both directions in turn (Gauss
 * and Seidel) until they agree, or it takes too long: values that agree only in part are still better ones to aim by,
 * and weights make up for what is wrong with them.
 *
 * A walk weighs the first value over the last, times, for every move, the mean of the next values over its own value: where
 * guesses are a few percent too small in each of a hundred states that a long cycle comes through, a few cycles weigh all
 * of it, and hardly anybody ever sees one. (Adaptive importance sampling on chains: Kollman, Baggerly, Cox and Picard 1999,
 * Ann. Appl. Probab. 9, 391–412.)
 *
 * @param states looked at, and not the start
 * @param values by state; that of the start is to be 0
 * @param earned by state: what a visit adds to the value, if anything does
 */
export function learnValues(
  moves: MoveTable,
  states: readonly number[],
  values: Float64Array,
  earned?: Float64Array,
): void {
  const count = states.reduce((sum, state) => sum + moves.countOf(state), 0)
  const sweeps = Math.max(2, Math.floor(MOVES_MAX / Math.max(1, count)))
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let moved = 0
    for (let i = 0; i < states.length; i++) {
      const state = states[sweep % 2 === 0 ? states.length - 1 - i : i]!
      const first = moves.firstOf(state)
      const end = first + moves.countOf(state)
      let mean = earned?.[state] ?? 0
      for (let place = first; place < end; place++) mean += moves.chanceAt(place) * values[moves.targetAt(place)]!
      const value = Math.max(mean, LEAST)
      moved = Math.max(moved, Math.abs(value / values[state]! - 1))
      values[state] = value
    }
    if (moved < AGREE) return
  }
}
