import { type Ms, ms } from '../base/units.ts'
import type { Random, RandomStreams } from '../engine/random.ts'
import { type Clock, type CompiledModel, compileModel } from './compile.ts'
import type { PartModel } from './model.ts'
import { ConditionNetwork } from './network.ts'
import { SERVICE } from './watchers.ts'

/** Whether nothing in a model influences when parts fail and are repaired: no crews, causes, calendars, roles, reactions. */
export function isFlat(model: PartModel): boolean {
  return (
    model.crews.length === 0 &&
    model.commonCauses.every(({ beta }) => beta === 0) &&
    model.maintenance.length === 0 &&
    model.roles.length === 0 &&
    model.groups.every(
      ({ needs, ages, onLoss }) =>
        needs.every((need) => need === null) || (ages === 'always' && onLoss === 'unreachable'),
    )
  )
}

/** Parts up to which looking at all of them for the next one is quicker than a queue. */
export const FLAT_PARTS_MAX = 24

/**
 * A system of parts that do not influence one another, as `part-system.ts` plays it, draw for draw and event for event,
 * without a queue: each part has one next event, and the earliest is found by looking at all. This is the hot loop of
 * part models; it allocates nothing.
 */
export class FlatSystem {
  readonly names: readonly string[]
  now = 0 as Ms
  events = 0
  readonly #compiled: CompiledModel
  readonly #network: ConditionNetwork
  readonly #changed: (service: number, cause: string) => void
  /** Per part: its next event; infinity: none. Equal times go by the order in which they were planned. */
  readonly #nextAt: Float64Array
  readonly #planned: Float64Array
  readonly #failed: Uint8Array
  readonly #downOrder: Float64Array
  readonly #failures: readonly Random[]
  readonly #repairs: readonly Random[]
  /** Per part: means of exponential laws; 0: another law, or none. */
  readonly #failureMeans: Float64Array
  readonly #repairMeans: Float64Array
  readonly #holds: Uint8Array
  #plans = 0
  #downs = 0
  #stopped = false

  /** @param changed is told of every service that begins or ceases to hold, and by which group's part */
  constructor(
    model: PartModel,
    streams: RandomStreams,
    start: 'steady' | 'all-up',
    changed: (service: number, cause: string) => void,
  ) {
    const compiled = compileModel(model)
    const count = compiled.names.length
    this.names = compiled.names
    this.#compiled = compiled
    this.#changed = changed
    this.#network = new ConditionNetwork(compiled.plan, compiled.watchers.flags, SERVICE)
    this.#nextAt = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
    this.#planned = new Float64Array(count)
    this.#failed = new Uint8Array(count)
    this.#downOrder = new Float64Array(count)
    this.#failureMeans = new Float64Array(count)
    this.#repairMeans = new Float64Array(count)
    this.#holds = new Uint8Array(compiled.services.length)
    const streamsOf = (what: string) =>
      Array.from({ length: count }, (_, part) => {
        const group = compiled.groupOf[part]!
        return streams.stream(`part/${model.groups[group]!.name}-${part - compiled.firsts[group]! + 1}/${what}`)
      })
    this.#failures = streamsOf('failure')
    this.#repairs = streamsOf('repair')
    for (let part = 0; part < count; part++) {
      const { failure, repair } = compiled.groups[compiled.groupOf[part]!]!
      this.#failureMeans[part] = meanIfExponential(failure)
      this.#repairMeans[part] = meanIfExponential(repair)
    }
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
      let delay: number
      if (failed[first] === 0) {
        failed[first] = 1
        this.#downOrder[first] = ++this.#downs
        network.lower(upNodes[first]!)
        const mean = this.#repairMeans[first]!
        delay = mean > 0 ? exponentialOf(mean, this.#repairs[first]!) : this.#repairTime(first)
      } else {
        failed[first] = 0
        network.raise(upNodes[first]!)
        const mean = this.#failureMeans[first]!
        delay = mean > 0 ? exponentialOf(mean, this.#failures[first]!) : this.#lifeTime(first)
      }
      nextAt[first] = time + delay
      planned[first] = plans++
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

  #plan(part: number, delay: number): void {
    this.#nextAt[part] = this.now + delay
    this.#planned[part] = this.#plans++
  }

  /** Infinite: it is never repaired. */
  #repairTime(part: number): number {
    const { repair } = this.#compiled.groups[this.#compiled.groupOf[part]!]!
    return repair === null ? Number.POSITIVE_INFINITY : repair.draw(this.#repairs[part]!)
  }

  #lifeTime(part: number): number {
    const { failure } = this.#compiled.groups[this.#compiled.groupOf[part]!]!
    return failure === null ? Number.POSITIVE_INFINITY : failure.draw(this.#failures[part]!)
  }

  #start(part: number, steady: boolean): void {
    const { failure, repair, upShare } = this.#compiled.groups[this.#compiled.groupOf[part]!]!
    if (failure === null) return
    if (!steady) {
      this.#plan(part, failure.draw(this.#failures[part]!))
      return
    }
    if (this.#failures[part]!.next() < upShare) {
      this.#plan(part, failure.drawResidual(this.#failures[part]!))
      return
    }
    this.#failed[part] = 1
    this.#downOrder[part] = ++this.#downs
    this.#network.lower(this.#compiled.upNodes[part]!)
    if (repair !== null) this.#plan(part, repair.drawResidual(this.#repairs[part]!))
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

function meanIfExponential(clock: Clock | null): number {
  return clock !== null && clock.of.kind === 'exponential' ? clock.of.mean : 0
}

/** As `distribution.ts` draws it. */
function exponentialOf(mean: number, random: Random): Ms {
  return ms(-mean * Math.log(1 - random.next()))
}
