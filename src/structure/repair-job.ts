import type { Ms } from '../base/units.ts'
import type { Actor, EventHandle } from '../engine/simulation.ts'
import type { Repairable } from './change.ts'

export type RepairEvent = { readonly kind: 'work-done' }
export const WORK_DONE: RepairEvent = { kind: 'work-done' }

/** One thing that waits for, or has, a crew. Made once for each {@link Repairable} and used again for each repair. */
export class RepairJob implements Actor<RepairEvent> {
  readonly target: Repairable
  /** Place of its group in the crew's list: smaller goes first under `priority`. */
  readonly rank: number
  /** Order of arrival at the crew. */
  order = 0
  /** Work that is left. */
  left = 0 as Ms
  /** When work on it begins, once the crew is on its way. */
  workFrom = 0 as Ms
  /** When the crew was last taken from it. */
  takenAt = -1
  /** Of the event that ends its work. */
  planned: EventHandle = -1
  readonly #finish: (job: RepairJob) => void

  constructor(target: Repairable, rank: number, finish: (job: RepairJob) => void) {
    this.target = target
    this.rank = rank
    this.#finish = finish
  }

  handle(_event: RepairEvent): void {
    this.#finish(this)
  }
}

/** The jobs of a crew, by what they repair. */
export class RepairJobs {
  readonly #jobs = new Map<Repairable, RepairJob>()
  readonly #ranks: ReadonlyMap<number, number>
  readonly #finish: (job: RepairJob) => void
  #arrivals = 0

  /** @param serves group indices, in the crew's order */
  constructor(serves: readonly number[], finish: (job: RepairJob) => void) {
    this.#ranks = new Map(serves.map((group, rank) => [group, rank]))
    this.#finish = finish
  }

  /** The job of a target that has just failed. */
  arrive(target: Repairable, work: Ms): RepairJob {
    let job = this.#jobs.get(target)
    if (job === undefined) {
      job = new RepairJob(target, this.#ranks.get(target.group) ?? 0, this.#finish)
      this.#jobs.set(target, job)
    }
    job.order = this.#arrivals++
    job.left = work
    return job
  }
}
