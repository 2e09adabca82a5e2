import type { Ms } from '../base/units.ts'
import type { Actor, EventHandle } from '../engine/simulation.ts'
import type { Repairable, Repairer } from './change.ts'
import type { CrewOptions } from './crew.ts'
import { type RepairJob, RepairJobs, WORK_DONE } from './repair-job.ts'

interface Ring {
  readonly kind: 'reached'
  readonly rank: number
}

const NOT_RUNNING: EventHandle = -1

/**
 * A crew whose idle hands are raced for: while someone is idle, one `reaches` clock runs per group that has something
 * waiting, and the first to ring takes them; within the group the longest wait goes first. Clocks do not depend on
 * how many wait in a group, and those still running stop when nobody is idle any more.
 * (The repair unit of Haverkort, Hermanns and Katoen's workstation cluster, SRDS 2000.)
 */
export class RacingCrew implements Repairer, Actor<Ring> {
  readonly #options: CrewOptions
  readonly #jobs: RepairJobs
  /** Per group of the crew: who waits, in order of arrival. */
  readonly #waiting: RepairJob[][]
  readonly #clocks: EventHandle[]
  readonly #rings: readonly Ring[]
  #idle: number

  constructor(options: CrewOptions) {
    const { serves, size } = options.crew
    this.#options = options
    this.#jobs = new RepairJobs(serves, (job) => this.#finish(job))
    this.#waiting = serves.map(() => [])
    this.#clocks = serves.map(() => NOT_RUNNING)
    this.#rings = serves.map((_, rank) => ({ kind: 'reached', rank }))
    this.#idle = size
  }

  request(target: Repairable, work: Ms): void {
    const job = this.#jobs.arrive(target, work)
    this.#waiting[job.rank]!.push(job)
    this.#runClocks()
  }

  /** A clock has rung. */
  handle(ring: Ring): void {
    const { simulation } = this.#options
    this.#clocks[ring.rank] = NOT_RUNNING
    const job = this.#waiting[ring.rank]!.shift()!
    this.#idle--
    job.planned = simulation.scheduleAgenda((simulation.now + job.left) as Ms, job, WORK_DONE)
    if (this.#idle === 0) this.#stopClocks()
    else this.#runClocks()
  }

  #finish(job: RepairJob): void {
    this.#idle++
    job.target.repaired()
    this.#runClocks()
  }

  #runClocks(): void {
    const { simulation, reaches, reachStream } = this.#options
    if (this.#idle === 0) return
    for (let rank = 0; rank < this.#clocks.length; rank++) {
      if (this.#clocks[rank] !== NOT_RUNNING || this.#waiting[rank]!.length === 0) continue
      const delay = reaches === null ? 0 : reaches(reachStream)
      this.#clocks[rank] = simulation.scheduleAgenda((simulation.now + delay) as Ms, this, this.#rings[rank]!)
    }
  }

  #stopClocks(): void {
    for (let rank = 0; rank < this.#clocks.length; rank++) {
      if (this.#clocks[rank] === NOT_RUNNING) continue
      this.#options.simulation.cancelAgenda(this.#clocks[rank]!)
      this.#clocks[rank] = NOT_RUNNING
    }
  }
}
