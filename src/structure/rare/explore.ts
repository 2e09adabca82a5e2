import type { Random } from '../../engine/random.ts'
import { varianceOf } from '../../stats/moments.ts'
import { biasedCycle, newCycleSums } from './cycles.ts'
import type { LazyChain } from './lazy-chain.ts'

/** A chain of no more states is looked at as a whole: some hundredths of a second. */
const LOOK_MAX = 4_000
/** Cycles of the first lesson, of the longest, and by how much they grow. */
const FIRST_LESSON = 100
const LAST_LESSON = 3_200
const GROWTH = 2
/** So long is no cycle that is aimed well. */
const STEPS_MAX = 20_000
/**
 * A lesson is the last in which weights of lost cycles, and zeros, vary by no more than this (relative variance). With right
 * values it is some 0.25, due to the cycles that are walked by other laws.
 */
const ENOUGH = 0.4

/**
 * Walks cycles that do not count, to see which states matter and what each is worth, until weights hardly vary. What is
 * walked after that is alike, and independent of it but for the aim.
 */
export function explore(chain: LazyChain, chance: Random): void {
  for (let lesson = FIRST_LESSON; lesson <= LAST_LESSON; lesson *= GROWTH) {
    chain.learn(LOOK_MAX)
    const sums = newCycleSums()
    // One that does not come back shows where it went, and the next lesson is about that.
    for (let cycle = 0; cycle < lesson && biasedCycle(chain, chance, sums, STEPS_MAX); cycle++);
    const { mean } = sums.hits
    if (varianceOf(sums.hits) <= ENOUGH * mean * mean && lesson > FIRST_LESSON) return
  }
  chain.learn(LOOK_MAX)
}
