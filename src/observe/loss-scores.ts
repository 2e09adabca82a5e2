import type { Simulation } from '../engine/simulation.ts'
import type { SystemScores } from '../structure/system-scores.ts'

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
  #isLosing = false
  #lostBefore = 0

  constructor(simulation: Simulation, scores: SystemScores) {
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
