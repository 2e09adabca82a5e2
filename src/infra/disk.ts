import { type Ms, ZERO } from '../base/units.ts'
import type { Sampler } from '../engine/distribution.ts'
import type { Random } from '../engine/random.ts'
import type { Actor, Simulation } from '../engine/simulation.ts'

/** The disk under a write-ahead log: fdatasync takes a while, longer when the disk is slow, for ever while it stalls. */
export class Disk {
  readonly #simulation: Simulation
  readonly #sampler: Sampler
  readonly #random: Random
  #slowBy: Ms = ZERO
  #stalls = 0
  #waiting: { actor: Actor<unknown>; event: unknown } | undefined

  constructor(simulation: Simulation, sampler: Sampler, random: Random) {
    this.#simulation = simulation
    this.#sampler = sampler
    this.#random = random
  }

  /** Starts an fdatasync; `event` reaches `actor` when it is done. A member has at most one under way. */
  sync<E>(actor: Actor<E>, event: E): void {
    if (this.#stalls > 0) this.#waiting = { actor: actor as Actor<unknown>, event }
    else this.#simulation.schedule(this.#duration(), actor, event)
  }

  /** How long the next fdatasync takes; nobody is told when it is done. */
  skipSync(): Ms {
    return this.#duration()
  }

  /** Makes each fdatasync longer by this much (negative: takes it back). */
  slow(by: Ms): void {
    this.#slowBy = (this.#slowBy + by) as Ms
  }

  get slowBy(): Ms {
    return this.#slowBy
  }

  /** Stalls (1) or releases (−1); a write caught by the stall ends one fdatasync after the release. */
  stall(by: 1 | -1): void {
    this.#stalls += by
    if (this.#stalls > 0 || this.#waiting === undefined) return
    const { actor, event } = this.#waiting
    this.#waiting = undefined
    this.#simulation.schedule(this.#duration(), actor, event)
  }

  get stalled(): boolean {
    return this.#stalls > 0
  }

  /** How many stalls it is under. */
  get stalls(): number {
    return this.#stalls
  }

  /** Whether a write waits for the release; one that was under way when the stall began does not. */
  get holdsWrite(): boolean {
    return this.#waiting !== undefined
  }

  /** Forgets a write under way: its process is gone. */
  abandon(): void {
    this.#waiting = undefined
  }

  #duration(): Ms {
    return (this.#sampler(this.#random) + this.#slowBy) as Ms
  }
}
