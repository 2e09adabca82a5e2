import type { Ms } from '../base/units.ts'
import { integerBelow } from '../engine/random.ts'
import type { Repairable, Repairer } from './change.ts'
import type { CrewOptions } from './crew.ts'
import { type RepairJob, RepairJobs, WORK_DONE } from './repair-job.ts'

/**
 * A crew that works on at most `size` parts at a time and lets the others wait: first come first served, in random
 * order, or by priority of the group and first come within it.
 *
 * With `pre-empts`, a part of an earlier group takes the crew from the latest one in work (`priority`), or all that
 * is down is drawn anew at each failure and each repair (`random`); work done so far is kept, the way there is not, unless
 * the crew is taken and given back at one instant.
 * First come first served has nothing to pre-empt.
 */
export class QueueingCrew implements Repairer {
  readonly #options: CrewOptions
  readonly #jobs: RepairJobs
  /** In order of arrival. */
  readonly #waiting: RepairJob[] = []
  readonly #inWork: RepairJob[] = []

  constructor(options: CrewOptions) {
    this.#options = options
    this.#jobs = new RepairJobs(options.crew.serves, (job) => this.#finish(job))
  }

  request(target: Repairable, work: Ms): void {
    this.#waiting.push(this.#jobs.arrive(target, work))
    this.#assign()
  }

  #finish(job: RepairJob): void {
    this.#inWork.splice(this.#inWork.indexOf(job), 1)
    job.target.repaired()
    this.#assign()
  }

  #assign(): void {
    const { crew } = this.#options
    if (crew.preEmpts && crew.order === 'random') {
      this.#drawAnew()
      return
    }
    while (this.#waiting.length > 0 && this.#inWork.length < crew.size) this.#start(this.#next())
    if (!crew.preEmpts || crew.order !== 'priority') return
    while (this.#waiting.length > 0) {
      const first = this.#waiting[this.#next()]!
      const last = this.#leastUrgent()
      if (first.rank >= last.rank) return
      this.#suspend(last)
      this.#start(this.#waiting.indexOf(first))
    }
  }

  /** Place in the queue of who is next. */
  #next(): number {
    const { crew, choiceStream } = this.#options
    if (crew.order === 'random') {
      return this.#waiting.length === 1 ? 0 : integerBelow(choiceStream, this.#waiting.length)
    }
    let best = 0
    if (crew.order === 'priority') {
      for (let i = 1; i < this.#waiting.length; i++) {
        if (this.#waiting[i]!.rank < this.#waiting[best]!.rank) best = i
      }
    }
    return best
  }

  #leastUrgent(): RepairJob {
    let worst = this.#inWork[0]!
    for (const job of this.#inWork) {
      if (job.rank > worst.rank || (job.rank === worst.rank && job.order > worst.order)) worst = job
    }
    return worst
  }

  /** Everyone who is down has the same chance; who had the crew and keeps it is not disturbed. */
  #drawAnew(): void {
    const { crew, choiceStream } = this.#options
    const down = [...this.#inWork, ...this.#waiting].sort((a, b) => a.order - b.order)
    const chosen = new Set<RepairJob>()
    for (let left = Math.min(crew.size, down.length); left > 0; left--) {
      const place = down.length === 1 ? 0 : integerBelow(choiceStream, down.length)
      chosen.add(down.splice(place, 1)[0]!)
    }
    for (const job of [...this.#inWork]) if (!chosen.has(job)) this.#suspend(job)
    for (const job of chosen) if (!this.#inWork.includes(job)) this.#start(this.#waiting.indexOf(job))
  }

  #start(place: number): void {
    const { simulation, reaches, reachStream } = this.#options
    const job = this.#waiting.splice(place, 1)[0]!
    this.#inWork.push(job)
    // Of several failures at one instant each draws anew: nobody moves in no time, so who has the crew again is not left.
    if (job.takenAt === simulation.now) job.workFrom = Math.max(job.workFrom, simulation.now) as Ms
    else job.workFrom = (simulation.now + (reaches === null ? 0 : reaches(reachStream))) as Ms
    job.planned = simulation.scheduleAgenda((job.workFrom + job.left) as Ms, job, WORK_DONE)
  }

  #suspend(job: RepairJob): void {
    const { simulation } = this.#options
    simulation.cancelAgenda(job.planned)
    const done = Math.max(0, simulation.now - job.workFrom)
    job.left = (job.left - done) as Ms
    job.takenAt = simulation.now
    this.#inWork.splice(this.#inWork.indexOf(job), 1)
    let place = this.#waiting.length
    while (place > 0 && this.#waiting[place - 1]!.order > job.order) place--
    this.#waiting.splice(place, 0, job)
  }
}
