import { assert } from '../base/assert.ts'
import { type Ms, NEVER, ZERO } from '../base/units.ts'
import { EventQueue } from './event-queue.ts'
import type { RandomStreams } from './random.ts'
import type { Tracer } from './trace.ts'

/** Something that events happen to. Events are plain data, so they can be printed, dropped and replayed. */
export interface Actor<E = never> {
  handle(event: E): void
}

export type EventHandle = number

/** Why a run ended. */
export type StopReason = 'horizon' | 'no-more-events' | 'event-budget' | 'stopped'

/**
 * The discrete-event kernel: a clock, two queues and named chance. It knows no cluster.
 *
 * The *agenda* holds structural events (failures, repairs, planned faults); the ordinary queue holds the protocol's.
 * They are run in one order, by (time, sequence), but apart: whoever skips quiet time must know when the agenda's
 * next event is due ({@link nextAgendaTime}) without wading through its own timers.
 */
export class Simulation {
  readonly streams: RandomStreams
  readonly tracer: Tracer | undefined
  readonly #queue = new EventQueue<Actor<unknown>, unknown>()
  readonly #agenda = new EventQueue<Actor<unknown>, unknown>()
  #now: Ms = ZERO
  #sequence = 0
  #events = 0
  #stopped = false

  constructor(streams: RandomStreams, tracer?: Tracer) {
    this.streams = streams
    this.tracer = tracer
  }

  /** Simulated time. */
  get now(): Ms {
    return this.#now
  }

  /** Events run so far. */
  get eventCount(): number {
    return this.#events
  }

  /** Plans `event` for `actor` after `delay` (≥ 0) of simulated time. */
  schedule<E>(delay: Ms, actor: Actor<E>, event: E): EventHandle {
    return this.#queue.push(this.#now + delay, this.#sequence++, actor as Actor<unknown>, event)
  }

  /** Plans `event` for `actor` at the instant `at` (not in the past). */
  scheduleAt<E>(at: Ms, actor: Actor<E>, event: E): EventHandle {
    assert(at >= this.#now, 'an event cannot be planned in the past')
    return this.#queue.push(at, this.#sequence++, actor as Actor<unknown>, event)
  }

  /** Takes a planned event back. @returns false when it has already run */
  cancel(handle: EventHandle): boolean {
    return this.#queue.cancel(handle)
  }

  /** As {@link scheduleAt}, for a structural event. An event at infinity is never run and costs nothing. */
  scheduleAgenda<E>(at: Ms, actor: Actor<E>, event: E): EventHandle {
    assert(at >= this.#now, 'an event cannot be planned in the past')
    return this.#agenda.push(at, this.#sequence++, actor as Actor<unknown>, event)
  }

  cancelAgenda(handle: EventHandle): boolean {
    return this.#agenda.cancel(handle)
  }

  /** When the next structural event is due, or infinity. */
  nextAgendaTime(): Ms {
    return this.#agenda.peekTime() as Ms
  }

  /** Ends the run after the current event. */
  stop(): void {
    this.#stopped = true
  }

  /** Runs every event up to and including `until`, then sets the clock to `until`. */
  run(until: Ms, maxEvents: number = Number.POSITIVE_INFINITY): StopReason {
    const queue = this.#queue
    const agenda = this.#agenda
    this.#stopped = false
    while (!this.#stopped) {
      const queueTime = queue.peekTime()
      const agendaTime = agenda.peekTime()
      const takesAgenda =
        agendaTime < queueTime || (agendaTime === queueTime && agenda.peekSequence() < queue.peekSequence())
      const time = takesAgenda ? agendaTime : queueTime
      if (time > until) {
        if (until !== NEVER) this.#now = until
        return time === Number.POSITIVE_INFINITY ? 'no-more-events' : 'horizon'
      }
      if (this.#events >= maxEvents) return 'event-budget'
      const source = takesAgenda ? agenda : queue
      source.pop()
      this.#now = time as Ms
      this.#events++
      source.poppedActor!.handle(source.poppedEvent)
    }
    return 'stopped'
  }
}
