import type {
  AtSample,
  CycleTotals,
  Sample,
  ServiceSample,
  WeightedOutages,
  WorstOutage,
} from '../experiment/sample.ts'

/** Samples on their way between threads: all their numbers in one array, which is moved, and the names that occur in them. */
export interface Packed {
  readonly numbers: Float64Array
  readonly names: readonly string[]
}

/** Writes samples one number after the other: to copy them as objects takes longer than many a replication. */
export function pack(samples: readonly Sample[]): Packed {
  const to = new Writer()
  to.number(samples.length)
  for (const sample of samples) writeSample(to, sample)
  return to.packed()
}

/** Undoes {@link pack}: equal samples, but that their arrays are views of the one that came. */
export function unpack(packed: Packed): Sample[] {
  const from = new Reader(packed)
  return from.list(() => readSample(from))
}

function writeSample(to: Writer, sample: Sample): void {
  to.number(sample.replication)
  to.number(sample.horizonMs)
  to.number(sample.events)
  to.list(sample.services, (service) => writeService(to, service))
  const transitions = Object.keys(sample.transitions)
  to.list(transitions, (name) => {
    to.name(name)
    to.array(sample.transitions[name]!)
  })
  to.list(sample.worst, (outage) => {
    to.numbers(outage.service, outage.ordinal, outage.fromMs, outage.ms)
    to.name(outage.cause)
    to.name(outage.mechanism)
  })
  to.optional(sample.scores)
  to.optional(sample.controls)
}

function readSample(from: Reader): Sample {
  const replication = from.number()
  const horizonMs = from.number()
  const events = from.number()
  const services = from.list(() => readService(from))
  const transitions: { [name: string]: number[] } = {}
  for (let left = from.number(); left > 0; left--) {
    const name = from.name()
    transitions[name] = Array.from(from.array())
  }
  const worst = from.list((): WorstOutage => {
    const outage = { service: from.number(), ordinal: from.number(), fromMs: from.number(), ms: from.number() }
    return { ...outage, cause: from.name(), mechanism: from.name() }
  })
  const scores = from.optional()
  const controls = from.optional()
  const sample = { replication, horizonMs, services, transitions, worst, events }
  return { ...sample, ...(scores !== undefined && { scores }), ...(controls !== undefined && { controls }) }
}

function writeService(to: Writer, service: ServiceSample): void {
  to.numbers(service.lostMs, service.downMs, service.degradedMs, service.outages, service.firstOutageMs)
  to.number(service.structureLostMs ?? Number.NaN)
  to.array(service.outageMs)
  to.array(service.monthLostMs)
  to.list(service.at, ({ down, hadOutage, lostMs }) => to.numbers(down ? 1 : 0, hadOutage ? 1 : 0, lostMs))
  to.record(service.mechanisms)
  to.record(service.causes)
  to.optional(service.lostScores)
  to.optional(service.beyondScores)
  to.number(service.cycles === undefined ? 0 : 1)
  if (service.cycles === undefined) return
  writeCycles(to, service.cycles)
}

function writeCycles(to: Writer, cycles: CycleTotals): void {
  const { count, hits, afterMs, losing, lostSquares, events, trueEvents } = cycles
  to.numbers(count, hits, afterMs, losing, lostSquares, events, trueEvents)
  to.list(cycles.exceedances, ({ cycles: counted, spans }) => to.numbers(counted, spans))
  to.list(cycles.outages, ({ weight, ms }) => {
    to.number(weight)
    to.array(ms)
  })
}

function readService(from: Reader): ServiceSample {
  const lostMs = from.number()
  const downMs = from.number()
  const degradedMs = from.number()
  const outages = from.number()
  const firstOutageMs = from.number()
  const structureLost = from.number()
  const structureLostMs = Number.isNaN(structureLost) ? null : structureLost
  const outageMs = from.array()
  const monthLostMs = from.array()
  const at = from.list(
    (): AtSample => ({
      down: from.number() === 1,
      hadOutage: from.number() === 1,
      lostMs: from.number(),
    }),
  )
  const mechanisms = from.record()
  const causes = from.record()
  const lostScores = from.optional()
  const beyondScores = from.optional()
  const cycles = from.number() === 1 ? readCycles(from) : undefined
  const losses = { lostMs, downMs, degradedMs, outages, outageMs, firstOutageMs, at, mechanisms, causes, monthLostMs }
  return {
    ...losses,
    structureLostMs,
    ...(lostScores !== undefined && { lostScores }),
    ...(beyondScores !== undefined && { beyondScores }),
    ...(cycles !== undefined && { cycles }),
  }
}

function readCycles(from: Reader): CycleTotals {
  return {
    count: from.number(),
    hits: from.number(),
    afterMs: from.number(),
    losing: from.number(),
    lostSquares: from.number(),
    events: from.number(),
    trueEvents: from.number(),
    exceedances: from.list(() => ({ cycles: from.number(), spans: from.number() })),
    outages: from.list((): WeightedOutages => ({ weight: from.number(), ms: from.array() })),
  }
}

class Writer {
  #numbers = new Float64Array(1_024)
  #count = 0
  readonly #names = new Map<string, number>()

  number(value: number): void {
    if (this.#count === this.#numbers.length) this.#grow(1)
    this.#numbers[this.#count++] = value
  }

  numbers(...values: number[]): void {
    for (const value of values) this.number(value)
  }

  name(name: string): void {
    let index = this.#names.get(name)
    if (index === undefined) {
      index = this.#names.size
      this.#names.set(name, index)
    }
    this.number(index)
  }

  array(values: ArrayLike<number>): void {
    this.number(values.length)
    this.#grow(values.length)
    this.#numbers.set(values, this.#count)
    this.#count += values.length
  }

  /** Nothing, or an array. */
  optional(values: Float64Array | undefined): void {
    if (values === undefined) this.number(-1)
    else this.array(values)
  }

  record(record: { readonly [name: string]: number }): void {
    const names = Object.keys(record)
    this.number(names.length)
    for (const name of names) {
      this.name(name)
      this.number(record[name]!)
    }
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.number(items.length)
    for (const item of items) write(item)
  }

  packed(): Packed {
    return { numbers: this.#numbers.slice(0, this.#count), names: [...this.#names.keys()] }
  }

  #grow(by: number): void {
    if (this.#count + by <= this.#numbers.length) return
    const larger = new Float64Array(2 * (this.#count + by))
    larger.set(this.#numbers)
    this.#numbers = larger
  }
}

class Reader {
  readonly #packed: Packed
  #at = 0

  constructor(packed: Packed) {
    this.#packed = packed
  }

  number(): number {
    return this.#packed.numbers[this.#at++]!
  }

  name(): string {
    return this.#packed.names[this.number()]!
  }

  array(): Float64Array {
    return this.optional()!
  }

  optional(): Float64Array | undefined {
    const length = this.number()
    if (length === -1) return undefined
    const from = this.#at
    this.#at += length
    return this.#packed.numbers.subarray(from, this.#at)
  }

  record(): { [name: string]: number } {
    const record: { [name: string]: number } = {}
    for (let left = this.number(); left > 0; left--) {
      const name = this.name()
      record[name] = this.number()
    }
    return record
  }

  list<T>(read: () => T): T[] {
    const items: T[] = []
    for (let left = this.number(); left > 0; left--) items.push(read())
    return items
  }
}
