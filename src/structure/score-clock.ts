import type { ScoreFunctions } from '../engine/score.ts'
import type { RunningScore, ScoreProcess } from './score-process.ts'

/** Follows one failure clock for the score of its law. */
export interface ScoreClock {
  /**
   * @param residual whether it is what is left of a life that is found running
   * @param age of a life that is followed from later on (ms)
   */
  begin(now: number, residual: boolean, age?: number): void
  /** The clock stands still, or goes on. */
  pause(now: number): void
  resume(now: number): void
  /** It has rung, or (false) is put away. Does nothing when it does not run. */
  end(now: number, hasRung: boolean): void
}

/** Exponential: each failure is worth minus one, and all time run one over the mean, whenever it was run. */
export class MemorylessClock implements ScoreClock {
  readonly #rate: number
  readonly #process: ScoreProcess
  /** −1: it does not run. */
  #since = -1

  constructor(mean: number, process: ScoreProcess) {
    this.#rate = 1 / mean
    this.#process = process
  }

  begin(now: number, _residual: boolean, age = 0): void {
    if (age !== 0) this.#process.book(now, age * this.#rate)
    this.resume(now)
  }

  pause(now: number): void {
    this.end(now, false)
  }

  resume(now: number): void {
    this.#process.startSteady(now, this.#rate)
    this.#since = now
  }

  end(now: number, hasRung: boolean): void {
    if (this.#since < 0) return
    this.#process.stopSteady(now, this.#rate, this.#since, hasRung ? -1 : 0)
    this.#since = -1
  }
}

/** Any other law: what it is worth depends on its age. */
export class AgingClock implements ScoreClock, RunningScore {
  readonly #scores: ScoreFunctions
  readonly #process: ScoreProcess
  #exists = false
  #residual = false
  /** Age up to the last pause, and since when it runs again; −1: it stands still. */
  #age = 0
  #since = -1

  constructor(scores: ScoreFunctions, process: ScoreProcess) {
    this.#scores = scores
    this.#process = process
    process.enlist(this)
  }

  begin(now: number, residual: boolean, age = 0): void {
    // Cells that have ended are to be looked at without it.
    this.#process.book(now, 0)
    this.#exists = true
    this.#residual = residual
    this.#age = age
    this.#since = now
  }

  pause(now: number): void {
    if (this.#since < 0) return
    this.#process.book(now, 0)
    this.#age = this.#ageAt(now)
    this.#since = -1
  }

  resume(now: number): void {
    this.#process.book(now, 0)
    this.#since = now
  }

  end(now: number, hasRung: boolean): void {
    if (!this.#exists) return
    this.#process.book(now, 0)
    const age = this.#ageAt(now)
    const score = hasRung ? this.#rung(age) : this.soFar(now)
    this.#exists = false
    this.#since = -1
    this.#process.book(now, score)
  }

  soFar(t: number): number {
    if (!this.#exists) return 0
    const age = this.#ageAt(t)
    return this.#residual ? this.#scores.residualRunning(age) : this.#scores.running(age)
  }

  #rung(age: number): number {
    return this.#residual ? this.#scores.residualEnded(age) : this.#scores.ended(age)
  }

  #ageAt(t: number): number {
    return this.#since < 0 ? this.#age : this.#age + t - this.#since
  }
}
