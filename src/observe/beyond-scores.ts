import type { Simulation } from '../engine/simulation.ts'
import type { SystemScores } from '../structure/system-scores.ts'

/** What loses: the service, or its parts alone. */
export type Loser = 'service' | 'parts'

/**
 * What a service lost beyond what its parts alone lost, times the scores of every input. A stretch counts as one from the
 * moment either begins to lose until neither does, so that what both lose meets the same score and cancels: of hours
 * without a quorum that end in a second of detection, the second is left.
 */
export class BeyondScores {
  /** By input: milliseconds times score. */
  readonly products: Float64Array
  readonly #simulation: Simulation
  readonly #scores: SystemScores
  readonly #before: Float64Array
  readonly #losing = { service: false, parts: false }
  /** Since the stretch began: what the service lost, less what its parts did. */
  #beyondMs = 0

  constructor(simulation: Simulation, scores: SystemScores) {
    this.#simulation = simulation
    this.#scores = scores
    this.products = new Float64Array(scores.processes.length)
    this.#before = new Float64Array(scores.processes.length)
  }

  began(loser: Loser): void {
    if (!this.#losing.service && !this.#losing.parts) this.#open()
    this.#losing[loser] = true
  }

  ended(loser: Loser, lostMs: number): void {
    this.#beyondMs += loser === 'service' ? lostMs : -lostMs
    this.#losing[loser] = false
    if (!this.#losing.service && !this.#losing.parts) this.#close()
  }

  #open(): void {
    const { processes } = this.#scores
    const { now } = this.#simulation
    for (let i = 0; i < processes.length; i++) this.#before[i] = processes[i]?.before(now) ?? 0
  }

  #close(): void {
    const { processes } = this.#scores
    const { now } = this.#simulation
    if (this.#beyondMs === 0) return
    for (let i = 0; i < processes.length; i++) {
      const process = processes[i]
      if (process !== null) this.products[i]! += this.#beyondMs * (process!.at(now) - this.#before[i]!)
    }
    this.#beyondMs = 0
  }
}
