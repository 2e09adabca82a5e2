/** Something whose score goes on growing while it runs. */
export interface RunningScore {
  /** Its score if looking ended at `t`; 0 while it does not run. */
  soFar(t: number): number
}

/**
 * The score of one input (a mean, the shape of its law kept) to everything drawn from its law up to a time: the derivative
 * of the log likelihood. It is a martingale from zero, so the derivative of an expected loss is the mean of the loss times
 * the score.
 *
 * The score of what is long forgotten adds nothing but noise to that. So its value is kept at the ends of *cells* as long
 * as the memory of the system, at fixed times that depend on nothing that happens, and a loss is multiplied with what the
 * score grew by since the beginning of the cell before its own: at least one memory ago, at most two.
 */
export class ScoreProcess {
  readonly #start: number
  readonly #memory: number
  #booked = 0
  /** Clocks without memory grow at constant rates: their sum at t is slope · t − offset. */
  #slope = 0
  #offset = 0
  readonly #aging: RunningScore[] = []
  #cell = 0
  #cellEnd: number
  /** At the beginnings of the cell before, and of this one. */
  #before = 0
  #since = 0

  /** @param memory how long anything that is drawn matters (ms); infinite: always */
  constructor(start: number, memory: number) {
    this.#start = start
    this.#memory = memory
    this.#cellEnd = start + memory
  }

  /** Something was drawn, or ended, that is worth this score. */
  book(now: number, score: number): void {
    if (now >= this.#cellEnd) this.#cross(now)
    this.#booked += score
  }

  /** A clock without memory begins to run; its score grows by `rate` a millisecond. */
  startSteady(now: number, rate: number): void {
    if (now >= this.#cellEnd) this.#cross(now)
    this.#slope += rate
    this.#offset += rate * now
  }

  /** A clock without memory that ran since `since` stops; whatever stops it is worth this score. */
  stopSteady(now: number, rate: number, since: number, score: number): void {
    if (now >= this.#cellEnd) this.#cross(now)
    this.#slope -= rate
    this.#offset -= rate * since
    this.#booked += rate * (now - since) + score
  }

  /** Counts a clock with a memory in, for good. */
  enlist(clock: RunningScore): void {
    this.#aging.push(clock)
  }

  /** The score at `t`, if nothing has happened since `t`. */
  at(t: number): number {
    let score = this.#booked + this.#slope * t - this.#offset
    for (let i = 0; i < this.#aging.length; i++) score += this.#aging[i]!.soFar(t)
    return score
  }

  /** What the score was when that began which a loss that begins now may be due to. */
  before(now: number): number {
    if (now >= this.#cellEnd) this.#cross(now)
    return this.#before
  }

  #cross(now: number): void {
    const cell = Math.floor((now - this.#start) / this.#memory)
    const begin = this.#start + cell * this.#memory
    this.#before = cell === this.#cell + 1 ? this.#since : this.at(begin - this.#memory)
    this.#since = this.at(begin)
    this.#cell = cell
    this.#cellEnd = begin + this.#memory
  }
}
