import type { Simulation } from '../engine/simulation.ts'
import type { SystemScores } from '../structure/system-scores.ts'

/**
 * Scores of losses, those of repairs through the ratio of means where there is one: what the parts alone lose in the long
 * run grows with a repair as it falls with the life beside it, and lives have the better scores. A few repairs that last
 * very long make most of a loss and nearly all of its score.
 *
 * @param livesOf by input: of a repair, the place of that life (`livesOfRepairs`); −1: none
 * @param beyond by input: what was lost beyond the parts, times its scores
 * @param parts the same of what the parts alone lost
 */
export function throughRatio(livesOf: readonly number[], beyond: Float64Array, parts: Float64Array): Float64Array {
  const through = new Float64Array(beyond.length)
  for (let input = 0; input < beyond.length; input++) {
    const life = livesOf[input]!
    through[input] = beyond[input]! + (life < 0 ? parts[input]! : -parts[life]!)
  }
  return through
}

/** Is told when something begins to lose time, and ceases to. */
export interface LossListener {
  /** @param lostMs all that is lost until now */
  update(isLosing: boolean, lostMs: number): void
  /** By input: what was lost (ms), times its scores; left out where that is kept elsewhere. */
  readonly products?: Float64Array
}

/**
 * What a service lost, each loss times what the score of every input had come to since what it may be due to. Its mean is
 * the derivative of what is lost.
 *
 * A loss counts as one from the moment requests begin to fail until all succeed again, and its score is taken at its end:
 * what the score does after a lost second has mean zero, so it may be read at any later time that does not look ahead.
 */
export class LossScores implements LossListener {
  readonly products: Float64Array
  readonly #simulation: Simulation
  readonly #scores: SystemScores
  readonly #before: Float64Array
  #isLosing = false
  #lostBefore = 0

  constructor(simulation: Simulation, scores: SystemScores) {
    this.#simulation = simulation
    this.#scores = scores
    this.products = new Float64Array(scores.processes.length)
    this.#before = new Float64Array(scores.processes.length)
  }

  update(isLosing: boolean, lostMs: number): void {
    if (isLosing === this.#isLosing) return
    this.#isLosing = isLosing
    if (isLosing) this.#open(lostMs)
    else this.#close(lostMs)
  }

  #open(lostMs: number): void {
    this.#lostBefore = lostMs
    const { processes } = this.#scores
    const { now } = this.#simulation
    for (let i = 0; i < processes.length; i++) this.#before[i] = processes[i]?.before(now) ?? 0
  }

  #close(lostMs: number): void {
    const lost = lostMs - this.#lostBefore
    if (lost === 0) return
    const { processes } = this.#scores
    const { now } = this.#simulation
    for (let i = 0; i < processes.length; i++) {
      const process = processes[i]
      if (process !== null) this.products[i]! += lost * (process!.at(now) - this.#before[i]!)
    }
  }
}
