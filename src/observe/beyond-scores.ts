import type { Simulation } from '../engine/simulation.ts'
import type { SystemScores } from '../structure/system-scores.ts'
import { type LossListener, LossScores } from './loss-scores.ts'

/**
 * What the parts of a service alone lost, and what it lost beyond that, both times the scores of every input. Beyond, a
 * stretch counts as one from the moment either begins to lose until neither does, so that what both lose meets the same
 * score and cancels: of hours without a quorum that end in a second of detection, the second is left.
 */
export class BeyondScores {
  /** By input: milliseconds beyond the parts' times score. */
  readonly products: Float64Array
  readonly ofService: LossListener
  readonly ofParts: LossListener
  readonly #simulation: Simulation
  readonly #scores: SystemScores
  readonly #parts: LossScores
  readonly #before: Float64Array
  /** How many of the two are losing. */
  #losing = 0
  /** Since the stretch began: what the service lost, less what its parts did. */
  #beyondMs = 0

  constructor(simulation: Simulation, scores: SystemScores) {
    this.#simulation = simulation
    this.#scores = scores
    this.#parts = new LossScores(simulation, scores)
    this.products = new Float64Array(scores.processes.length)
    this.#before = new Float64Array(scores.processes.length)
    this.ofService = this.#listener(1)
    this.ofParts = this.#listener(-1)
  }

  /** By input: milliseconds of the parts alone times score. */
  get partsProducts(): Float64Array {
    return this.#parts.products
  }

  /** @param sign of what is lost, in what is lost beyond */
  #listener(sign: 1 | -1): LossListener {
    let wasLosing = false
    let lostBefore = 0
    return {
      update: (isLosing, lostMs) => {
        if (isLosing === wasLosing) return
        wasLosing = isLosing
        if (sign < 0) this.#parts.update(isLosing, lostMs)
        if (isLosing) {
          lostBefore = lostMs
          this.#begin()
        } else this.#end(sign * (lostMs - lostBefore))
      },
    }
  }

  #begin(): void {
    this.#losing++
    if (this.#losing > 1) return
    const { processes } = this.#scores
    const { now } = this.#simulation
    for (let i = 0; i < processes.length; i++) this.#before[i] = processes[i]?.before(now) ?? 0
  }

  #end(beyondMs: number): void {
    this.#losing--
    this.#beyondMs += beyondMs
    if (this.#losing > 0 || this.#beyondMs === 0) return
    const { processes } = this.#scores
    const { now } = this.#simulation
    for (let i = 0; i < processes.length; i++) {
      const process = processes[i]
      if (process !== null) this.products[i]! += this.#beyondMs * (process!.at(now) - this.#before[i]!)
    }
    this.#beyondMs = 0
  }
}
