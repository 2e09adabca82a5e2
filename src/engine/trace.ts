import type { Ms } from '../base/units.ts'

/** One line of what happened: when, to whom, what. Plain data, so that it prints as text or as JSON. */
export interface TraceEntry {
  readonly at: Ms
  readonly who: string
  readonly what: string
}

/** Receives trace entries. Callers build the text only behind `if (simulation.tracer !== undefined)`. */
export interface Tracer {
  record(at: Ms, who: string, what: string): void
}

/** Keeps the last `capacity` entries, for the report of a failed assertion. */
export class RingTracer implements Tracer {
  readonly #capacity: number
  #entries: TraceEntry[] = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  record(at: Ms, who: string, what: string): void {
    if (this.#entries.length >= 2 * this.#capacity) this.#entries = this.#entries.slice(-this.#capacity)
    this.#entries.push({ at, who, what })
  }

  last(): readonly TraceEntry[] {
    return this.#entries.slice(-this.#capacity)
  }
}

/** Hands every entry within a window of simulated time to `sink`. */
export class WindowTracer implements Tracer {
  readonly #from: Ms
  readonly #to: Ms
  readonly #sink: (entry: TraceEntry) => void

  constructor(from: Ms, to: Ms, sink: (entry: TraceEntry) => void) {
    this.#from = from
    this.#to = to
    this.#sink = sink
  }

  record(at: Ms, who: string, what: string): void {
    if (at >= this.#from && at <= this.#to) this.#sink({ at, who, what })
  }
}

/** Tells time from `origin` on; what happened before it has negative times. */
export class OriginTracer implements Tracer {
  readonly #inner: Tracer
  readonly #origin: Ms

  constructor(inner: Tracer, origin: Ms) {
    this.#inner = inner
    this.#origin = origin
  }

  record(at: Ms, who: string, what: string): void {
    this.#inner.record((at - this.#origin) as Ms, who, what)
  }
}
