import { type Ms, ms } from '../base/units.ts'
import type { Actor, EventHandle } from '../engine/simulation.ts'
import type { Repairable, Repairer } from './change.ts'
import type { CrewOptions } from './crew.ts'
import { type RepairJob, RepairJobs } from './repair-job.ts'

interface NextDone {
  readonly kind: 'next-done'
}

const NEXT_DONE: NextDone = { kind: 'next-done' }

/**
 * A crew that works on everything that is down at once: each part gets the same share of it, at most a whole worker.
 * The way to a part counts as work on it.
 *
 * Time is kept in *service received by each*: with k parts down it runs at min(1, size / k), and a part is done when
 * that clock has advanced by its work. One event, for the first to be done, is planned anew when k changes.
 */
export class SharingCrew implements Repairer, Actor<NextDone> {
  readonly #options: CrewOptions
  readonly #jobs: RepairJobs
  readonly #inWork: RepairJob[] = []
  /** Service received by each, up to {@link #servedAt}; a job's `workFrom` holds its own mark on this clock. */
  #served = 0
  #servedAt = 0 as Ms
  #planned: EventHandle | undefined = undefined

  constructor(options: CrewOptions) {
    this.#options = options
    this.#jobs = new RepairJobs(options.crew.serves, () => {})
  }

  request(target: Repairable, work: Ms): void {
    const { reaches, reachStream } = this.#options
    this.#advance()
    const job = this.#jobs.arrive(target, work)
    const way = reaches === null ? 0 : reaches(reachStream)
    job.workFrom = (this.#served + job.left + way) as Ms
    this.#inWork.push(job)
    this.#planNext()
  }

  handle(_event: NextDone): void {
    this.#planned = undefined
    const job = this.#first()
    this.#advance()
    // The event was rounded to the clock's grid: the job's own mark is the truth.
    this.#served = job.workFrom
    this.#inWork.splice(this.#inWork.indexOf(job), 1)
    if (this.#inWork.length === 0) this.#served = 0
    job.target.repaired()
    this.#planNext()
  }

  #advance(): void {
    const { now } = this.#options.simulation
    if (this.#inWork.length > 0) this.#served += (now - this.#servedAt) * this.#rate()
    this.#servedAt = now
  }

  #rate(): number {
    const { size } = this.#options.crew
    return this.#inWork.length <= size ? 1 : size / this.#inWork.length
  }

  #first(): RepairJob {
    let first = this.#inWork[0]!
    for (const job of this.#inWork) if (job.workFrom < first.workFrom) first = job
    return first
  }

  #planNext(): void {
    const { simulation } = this.#options
    if (this.#planned !== undefined) simulation.cancelAgenda(this.#planned)
    this.#planned = undefined
    if (this.#inWork.length === 0) return
    const wait = ms(Math.max(0, (this.#first().workFrom - this.#served) / this.#rate()))
    this.#planned = simulation.scheduleAgenda((simulation.now + wait) as Ms, this, NEXT_DONE)
  }
}
