import { type Ms, ms } from '../base/units.ts'
import type { Random, RandomStreams } from '../engine/random.ts'
import type { CompiledModel } from './compile.ts'
import type { FlatPlan } from './flat-plan.ts'
import { ConditionNetwork } from './network.ts'
import { SERVICE } from './watchers.ts'

/**
 * A system of parts that do not influence one another, as `part-system.ts` plays it, draw for draw and event for event,
 * without a queue: each part has one next event, and the earliest is found by looking at all. This is the hot loop of
 * part models; it allocates nothing.
 */
export class FlatSystem {
  readonly names: readonly string[]
  now = 0 as Ms
  events = 0
  readonly #flat: FlatPlan
  readonly #compiled: CompiledModel
  readonly #network: ConditionNetwork
  readonly #changed: (service: number, cause: string) => void
  /** Per part: its next event; infinity: none. Equal times go by the order in which they were planned. */
  readonly #nextAt: number[]
  readonly #planned: number[]
  readonly #failed: Uint8Array
  readonly #downOrder: number[]
  readonly #streams: readonly Random[]
  /**
   * Per clock: the delay after the present one, where it is drawn already; else infinity. Two are drawn at once: which part
   * is next cannot be told before a delay is there, and a processor that knows every other one beforehand waits less.
   */
  readonly #drawn: number[]
  readonly #holds: Uint8Array
  #plans = 0
  #downs = 0
  #stopped = false

  /** @param changed is told of every service that begins or ceases to hold, and by which group's part */
  constructor(
    plan: FlatPlan,
    streams: RandomStreams,
    start: 'steady' | 'all-up',
    changed: (service: number, cause: string) => void,
  ) {
    const { compiled } = plan
    const count = compiled.names.length
    this.names = compiled.names
    this.#flat = plan
    this.#compiled = compiled
    this.#changed = changed
    this.#network = new ConditionNetwork(compiled.plan, compiled.watchers.flags, SERVICE)
    this.#nextAt = plan.neverByPart.slice()
    this.#planned = plan.neverByPart.slice()
    this.#failed = new Uint8Array(count)
    this.#downOrder = plan.neverByPart.slice()
    this.#holds = new Uint8Array(compiled.services.length)
    this.#streams = plan.streams.map((name) => streams.stream(name))
    this.#drawn = plan.neverByClock.slice()
    for (let part = 0; part < count; part++) this.#start(part, start === 'steady')
    this.#takeFlips()
    for (let service = 0; service < this.#holds.length; service++) this.#holds[service] = this.holds(service) ? 1 : 0
  }

  holds(service: number): boolean {
    return this.#network.holds(this.#compiled.services[service]!.node)
  }

  /** The group of the part that a service depends on and that went down last; empty: none is down. */
  lastCause(service: number): string {
    const last = this.#down(service).at(-1)
    return last === undefined ? '' : this.#causeOf(last)
  }

  /** Parts a service depends on that are down, in the order they went down: `rack-1, then server-3`. */
  describe(service: number): string {
    return this.#down(service)
      .map((part) => this.names[part]!)
      .join(', then ')
  }

  /** Ends the run after the current event. */
  stop(): void {
    this.#stopped = true
  }

  /** Plays every event up to `until`. @returns false: more than `maxEvents` */
  run(until: Ms, maxEvents: number): boolean {
    // Fields in locals: the loop is all there is to the cost of a part model.
    const nextAt = this.#nextAt
    const planned = this.#planned
    const failed = this.#failed
    const drawn = this.#drawn
    const network = this.#network
    const { upNodes } = this.#compiled
    const count = nextAt.length
    let { events } = this
    let plans = this.#plans
    this.#stopped = false
    while (!this.#stopped) {
      let first = 0
      let time = nextAt[0]!
      for (let part = 1; part < count; part++) {
        const at = nextAt[part]!
        if (at < time || (at === time && planned[part]! < planned[first]!)) {
          first = part
          time = at
        }
      }
      if (time > until || events >= maxEvents) break
      events++
      const fails = failed[first] === 0
      const clock = fails ? 2 * first + 1 : 2 * first
      let delay = drawn[clock]!
      if (delay === Number.POSITIVE_INFINITY) {
        delay = this.#draw(clock)
        drawn[clock] = this.#draw(clock)
      } else {
        drawn[clock] = Number.POSITIVE_INFINITY
      }
      nextAt[first] = time + delay
      planned[first] = plans++
      if (fails) {
        failed[first] = 1
        this.#downOrder[first] = ++this.#downs
        network.lower(upNodes[first]!)
      } else {
        failed[first] = 0
        network.raise(upNodes[first]!)
      }
      if (!network.hasFlipped) continue
      this.now = time as Ms
      this.#publish(first)
    }
    this.events = events
    this.#plans = plans
    if (this.#stopped) return true
    const isOver = events < maxEvents
    if (isOver) this.now = until
    return isOver
  }

  #draw(clock: number): number {
    const mean = this.#flat.means[clock]!
    const random = this.#streams[clock]!
    if (mean > 0) return exponentialOf(mean, random)
    const law = this.#flat.laws[clock]!
    return law === null ? Number.POSITIVE_INFINITY : law.draw(random)
  }

  #plan(part: number, delay: number): void {
    this.#nextAt[part] = this.now + delay
    this.#planned[part] = this.#plans++
  }

  #start(part: number, steady: boolean): void {
    const { failure, repair, upShare } = this.#compiled.groups[this.#compiled.groupOf[part]!]!
    const [lives, repairs] = [this.#streams[2 * part]!, this.#streams[2 * part + 1]!]
    if (failure === null) return
    if (!steady) {
      this.#plan(part, failure.draw(lives))
      return
    }
    if (lives.next() < upShare) {
      this.#plan(part, failure.drawResidual(lives))
      return
    }
    this.#failed[part] = 1
    this.#downOrder[part] = ++this.#downs
    this.#network.lower(this.#compiled.upNodes[part]!)
    if (repair !== null) this.#plan(part, repair.drawResidual(repairs))
  }

  #takeFlips(): void {
    while (this.#network.takeFlipped() >= 0) {
      // Only what has come of them matters.
    }
  }

  #publish(part: number): void {
    const { services } = this.#compiled.watchers
    for (let node = this.#network.takeFlipped(); node >= 0; node = this.#network.takeFlipped()) {
      const watching = services[node]!
      for (let i = 0; i < watching.length; i++) {
        const service = watching[i]!
        const holds = this.holds(service) ? 1 : 0
        if (holds === this.#holds[service]) continue
        this.#holds[service] = holds
        this.#changed(service, this.#causeOf(part))
      }
    }
  }

  #causeOf(part: number): string {
    return this.#compiled.model.groups[this.#compiled.groupOf[part]!]!.name
  }

  #down(service: number): number[] {
    const down = this.#compiled.services[service]!.parts.filter((part) => this.#failed[part] === 1)
    return down.sort((a, b) => this.#downOrder[a]! - this.#downOrder[b]!)
  }
}

/** As `distribution.ts` draws it. */
function exponentialOf(mean: number, random: Random): Ms {
  return ms(-mean * Math.log(1 - random.next()))
}
