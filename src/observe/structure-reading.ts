import type { Ms } from '../base/units.ts'
import type { PartSystem } from '../structure/part-system.ts'
import type { LossListener } from './loss-scores.ts'

/**
 * The part-only reading of a service beside the protocol run: time in which it could not have been available even if
 * everybody had noticed and reacted at once.
 */
export class StructureReading {
  readonly #service: number
  readonly #from: number
  readonly #end: number
  readonly #scores: LossListener | null
  #lostMs = 0
  #holds = true
  #since: number

  /**
   * @param service index among the structure's services
   * @param scores takes the scores of what is lost
   */
  constructor(service: number, horizon: { readonly from: Ms; readonly end: Ms }, scores: LossListener | null = null) {
    this.#service = service
    this.#scores = scores
    this.#from = horizon.from
    this.#end = horizon.end
    this.#since = horizon.from
  }

  update(now: Ms, structure: PartSystem): void {
    const holds = structure.serviceHolds(this.#service)
    if (holds === this.#holds) return
    this.#enter(now)
    this.#holds = holds
    this.#scores?.update(!holds, this.#lostMs)
  }

  /** Time lost within the horizon (ms). */
  finish(structure: PartSystem): number {
    this.#enter(structure.simulation.now)
    this.#scores?.update(false, this.#lostMs)
    return this.#lostMs
  }

  #enter(now: number): void {
    const until = Math.max(this.#from, Math.min(now, this.#end))
    if (!this.#holds) this.#lostMs += until - this.#since
    this.#since = until
  }
}
