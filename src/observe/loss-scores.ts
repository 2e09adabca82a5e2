import type { Simulation } from '../engine/simulation.ts'
import type { SystemScores } from '../structure/system-scores.ts'
import type { BeyondScores, Loser } from './beyond-scores.ts'

/**
 * Scores of losses, those of repairs through the ratio of means where there is one: what the parts alone lose in the long
 * run grows with a repair as it falls with the life beside it, and lives have the better scores. A few repairs that last
 * very long make most of a loss and nearly all of its score.
 *
 * @param livesOf by input: of a repair, the place of that life (`livesOfRepairs`); −1: none
 * @param lost by input: what was lost, times its scores
 * @param structure the same of what the parts alone lost
 */
export function throughRatio(livesOf: readonly number[], lost: Float64Array, structure: Float64Array): Float64Array {
  const through = new Float64Array(lost.length)
  for (let input = 0; input < lost.length; input++) {
    const life = livesOf[input]!
    through[input] = life < 0 ? lost[input]! : lost[input]! - structure[input]! - structure[life]!
  }
  return through
}

/**
 * What a service lost, each loss times what the score of every input had come to since what it may be due to. Its mean is
 * the derivative of what is lost.
 *
 * A loss counts as one from the moment requests begin to fail until all succeed again, and its score is taken at its end:
 * what the score does after a lost second has mean zero, so it may be read at any later time that does not look ahead.
 */
export class LossScores {
  /** By input: milliseconds times score. */
  readonly products: Float64Array
  readonly #simulation: Simulation
  readonly #scores: SystemScores
  readonly #before: Float64Array
  readonly #beyond: BeyondScores | null
  readonly #loser: Loser
  #isLosing = false
  #lostBefore = 0

  /** @param beyond is told what `loser` loses, too */
  constructor(
    simulation: Simulation,
    scores: SystemScores,
    beyond: BeyondScores | null = null,
    loser: Loser = 'service',
  ) {
    this.#beyond = beyond
    this.#loser = loser
    this.#simulation = simulation
    this.#scores = scores
    this.products = new Float64Array(scores.processes.length)
    this.#before = new Float64Array(scores.processes.length)
  }

  /** @param lostMs all that is lost until now */
  update(isLosing: boolean, lostMs: number): void {
    if (isLosing === this.#isLosing) return
    this.#isLosing = isLosing
    if (isLosing) this.#open(lostMs)
    else this.#close(lostMs)
  }

  #open(lostMs: number): void {
    this.#lostBefore = lostMs
    this.#beyond?.began(this.#loser)
    const { processes } = this.#scores
    const { now } = this.#simulation
    for (let i = 0; i < processes.length; i++) this.#before[i] = processes[i]?.before(now) ?? 0
  }

  #close(lostMs: number): void {
    const lost = lostMs - this.#lostBefore
    this.#beyond?.ended(this.#loser, lost)
    if (lost === 0) return
    const { processes } = this.#scores
    const { now } = this.#simulation
    for (let i = 0; i < processes.length; i++) {
      const process = processes[i]
      if (process !== null) this.products[i]! += lost * (process!.at(now) - this.#before[i]!)
    }
  }
}
