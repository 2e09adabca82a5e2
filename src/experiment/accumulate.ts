import { assert } from '../base/assert.ts'
import { MONTH } from '../base/units.ts'
import { addDerivativeTo, type DerivativeSums, newDerivativeSums } from '../stats/derivative.ts'
import { addFirstTime, type FirstTimes, newFirstTimes } from '../stats/first-time.ts'
import { addPairTo, addTo, type Moments, newMoments, newPairMoments, type PairMoments } from '../stats/moments.ts'
import { addShareTo, newShares, type Shares } from '../stats/share.ts'
import { QuantileSketch, type SketchData } from '../stats/sketch.ts'
import { addLengthsTo, newWeightedLengths, type WeightedLengths } from '../stats/weighted-lengths.ts'
import { addExceedances, type Exceedances, newExceedances } from '../structure/rare/exceedances.ts'
import type { ExperimentConfig } from './config.ts'
import type { CycleTotals, Sample, ServiceSample, WorstOutage } from './sample.ts'

/** How many of the longest outages a variant keeps. */
const WORST_OUTAGES = 10

/** An outage kept for the report, with the replication it came from. */
export interface KeptOutage extends WorstOutage {
  readonly replication: number
}

/** What is kept of a service: sums over the replications, all plain data but the sketch. Times are milliseconds. */
export interface ServiceSums {
  /** Per replication. */
  readonly lost: Moments
  readonly down: Moments
  readonly degraded: Moments
  readonly outages: Moments
  /** Over all outages. */
  readonly lengths: Moments
  /** Pairs (number of outages, their total length), per replication. */
  readonly lengthPairs: PairMoments
  /** Times to the first outage of the replications that had one. */
  readonly first: FirstTimes
  readonly structureLost: Moments
  /** Pairs (lost by the parts alone, lost) and (lost by the parts alone, down), per replication. */
  readonly lostPairs: PairMoments
  readonly downPairs: PairMoments
  /** Pairs (number of outages, time down beyond what the parts alone lost), per replication. */
  readonly beyondPairs: PairMoments
  readonly at: readonly AtSums[]
  /** By input of the structure; empty where no scores are kept. */
  readonly derivatives: DerivativeSums[]
  /** The same of what is lost beyond the parts alone; empty where the parts are all there is. */
  readonly derivativesBeyond: DerivativeSums[]
  /** Whole months seen, by replication: hits lost more than the objective allows. Empty without an objective. */
  readonly months: Shares
  /** Replications that lost more than the objective allows of their horizon. */
  horizonsMissed: number
  /** Of samples that are biased cycles, per sample: see `CycleTotals`. */
  readonly cycles: LivedCycleSums
}

export interface LivedCycleSums {
  count: number
  readonly hits: Moments
  readonly afterMs: Moments
  readonly losing: Moments
  /** Of a month and of the horizon; without an objective nothing was added. */
  readonly exceedances: readonly Exceedances[]
  readonly lengths: WeightedLengths
  readonly lostSquares: Moments
  readonly events: Moments
  readonly trueEvents: Moments
}

export interface AtSums {
  down: number
  hadOutage: number
  readonly lost: Moments
}

interface TransitionSums {
  readonly moments: Moments
  readonly sketch: QuantileSketch
}

/** All that is kept of a service. */
export interface ServiceAccumulator {
  readonly sums: ServiceSums
  readonly lengths: QuantileSketch
  /** Lost time by mechanism and by cause. */
  readonly mechanisms: Map<string, number>
  readonly causes: Map<string, number>
}

interface ServiceState {
  readonly sums: ServiceSums
  readonly lengths: SketchData
  readonly mechanisms: readonly (readonly [string, number])[]
  readonly causes: readonly (readonly [string, number])[]
}

/** A variant's accumulator as plain data: a part of a checkpoint. */
export interface VariantState {
  readonly replications: number
  readonly events: number
  readonly services: readonly ServiceState[]
  readonly transitions: readonly { readonly name: string; readonly moments: Moments; readonly sketch: SketchData }[]
  readonly worst: readonly KeptOutage[]
}

/**
 * Folds the samples of one variant, in the order of their replications, into sums and sketches: memory does not grow with
 * the number of outages, and the same samples in the same order give the same bits.
 */
export class VariantAccumulator {
  readonly #targets: readonly (number | null)[]
  #replications = 0
  #events = 0
  #services: readonly ServiceAccumulator[]
  readonly #transitions = new Map<string, TransitionSums>()
  #worst: KeptOutage[] = []

  constructor(config: ExperimentConfig) {
    this.#targets = config.services.map((service) => service.slo)
    this.#services = config.services.map(() => ({
      sums: newServiceSums(config.run.at.length),
      lengths: new QuantileSketch(),
      mechanisms: new Map(),
      causes: new Map(),
    }))
  }

  get replications(): number {
    return this.#replications
  }

  get events(): number {
    return this.#events
  }

  get worst(): readonly KeptOutage[] {
    return this.#worst
  }

  /** What is kept of a service, by its index in the experiment. */
  service(index: number): ServiceAccumulator {
    const service = this.#services[index]
    assert(service !== undefined, `service ${index} exists`)
    return service
  }

  /** Transitions by name, in the order of their names. */
  transitions(): readonly { readonly name: string; readonly moments: Moments; readonly sketch: QuantileSketch }[] {
    const sorted = [...this.#transitions].sort(([a], [b]) => (a < b ? -1 : 1))
    return sorted.map(([name, { moments, sketch }]) => ({ name, moments, sketch }))
  }

  /** Adds the next replication. */
  fold(sample: Sample): void {
    assert(sample.replication === this.#replications, 'samples are folded in the order of their replications')
    assert(sample.services.length === this.#services.length, 'a sample has every service')
    this.#replications += 1
    this.#events += sample.events
    sample.services.forEach((service, i) => {
      foldService(this.service(i), service, sample.horizonMs, this.#targets[i] ?? null)
      foldScores(this.service(i).sums, service, sample)
    })
    for (const name of Object.keys(sample.transitions)) this.#foldTransition(name, sample.transitions[name] ?? [])
    this.#keepWorst(sample)
  }

  #foldTransition(name: string, values: readonly number[]): void {
    const known = this.#transitions.get(name) ?? { moments: newMoments(), sketch: new QuantileSketch() }
    this.#transitions.set(name, known)
    for (const value of values) {
      addTo(known.moments, value)
      known.sketch.add(value)
    }
  }

  #keepWorst(sample: Sample): void {
    if (sample.worst.length === 0) return
    const all = [...this.#worst, ...sample.worst.map((outage) => ({ ...outage, replication: sample.replication }))]
    all.sort((a, b) => b.ms - a.ms || a.replication - b.replication || a.service - b.service || a.ordinal - b.ordinal)
    this.#worst = all.slice(0, WORST_OUTAGES)
  }

  /** Plain data from which {@link VariantAccumulator.fromJSON} goes on to the same bits. */
  toJSON(): VariantState {
    return {
      replications: this.#replications,
      events: this.#events,
      services: this.#services.map(({ sums, lengths, mechanisms, causes }) => ({
        sums: structuredClone(sums),
        lengths: lengths.toJSON(),
        mechanisms: [...mechanisms],
        causes: [...causes],
      })),
      transitions: this.transitions().map(({ name, moments, sketch }) => ({
        name,
        moments: { ...moments },
        sketch: sketch.toJSON(),
      })),
      worst: this.#worst,
    }
  }

  static fromJSON(config: ExperimentConfig, state: VariantState): VariantAccumulator {
    const made = new VariantAccumulator(config)
    made.#replications = state.replications
    made.#events = state.events
    made.#services = state.services.map(({ sums, lengths, mechanisms, causes }) => ({
      sums: structuredClone(sums),
      lengths: QuantileSketch.fromJSON(lengths),
      mechanisms: new Map(mechanisms),
      causes: new Map(causes),
    }))
    for (const { name, moments, sketch } of state.transitions) {
      made.#transitions.set(name, { moments: { ...moments }, sketch: QuantileSketch.fromJSON(sketch) })
    }
    made.#worst = [...state.worst]
    return made
  }
}

function newServiceSums(instants: number): ServiceSums {
  return {
    lost: newMoments(),
    down: newMoments(),
    degraded: newMoments(),
    outages: newMoments(),
    lengths: newMoments(),
    lengthPairs: newPairMoments(),
    first: newFirstTimes(),
    structureLost: newMoments(),
    lostPairs: newPairMoments(),
    downPairs: newPairMoments(),
    beyondPairs: newPairMoments(),
    at: Array.from({ length: instants }, () => ({ down: 0, hadOutage: 0, lost: newMoments() })),
    derivatives: [],
    derivativesBeyond: [],
    months: newShares(),
    horizonsMissed: 0,
    cycles: {
      count: 0,
      hits: newMoments(),
      afterMs: newMoments(),
      losing: newMoments(),
      exceedances: [newExceedances(), newExceedances()],
      lengths: newWeightedLengths(),
      lostSquares: newMoments(),
      events: newMoments(),
      trueEvents: newMoments(),
    },
  }
}

function foldService(into: ServiceAccumulator, sample: ServiceSample, horizonMs: number, target: number | null): void {
  const { sums, lengths } = into
  const { cycles } = sample
  const isWhole = cycles !== undefined || sample.outageMs.length === sample.outages
  assert(isWhole, 'every outage that began in the horizon has a length')
  addTo(sums.lost, sample.lostMs)
  addTo(sums.down, sample.downMs)
  addTo(sums.degraded, sample.degradedMs)
  addTo(sums.outages, sample.outages)
  let total = 0
  for (const length of sample.outageMs) {
    total += length
    addTo(sums.lengths, length)
    lengths.add(length)
  }
  // A cycle begins and ends with the service up: what it was down is what its outages lasted.
  addPairTo(sums.lengthPairs, sample.outages, cycles === undefined ? total : sample.downMs)
  if (cycles !== undefined) foldCycles(sums.cycles, cycles)
  if (sample.firstOutageMs >= 0) addFirstTime(sums.first, sample.firstOutageMs, horizonMs)
  if (sample.structureLostMs !== null) {
    addTo(sums.structureLost, sample.structureLostMs)
    addPairTo(sums.lostPairs, sample.structureLostMs, sample.lostMs)
    addPairTo(sums.downPairs, sample.structureLostMs, sample.downMs)
    addPairTo(sums.beyondPairs, sample.outages, sample.downMs - sample.structureLostMs)
  }
  foldInstants(sums.at, sample.at)
  addParts(into.mechanisms, sample.mechanisms, sample.lostMs, 'mechanisms')
  addParts(into.causes, sample.causes, sample.lostMs, 'causes')
  if (target !== null) foldMisses(sums, sample, horizonMs, 1 - target)
}

/** @param share of the time that the objective allows to be lost */
function foldMisses(sums: ServiceSums, { monthLostMs, lostMs }: ServiceSample, horizonMs: number, share: number): void {
  let missed = 0
  for (const lost of monthLostMs) if (lost > share * MONTH) missed += 1
  if (monthLostMs.length > 0) addShareTo(sums.months, missed, monthLostMs.length)
  if (lostMs > share * horizonMs) sums.horizonsMissed += 1
}

function foldCycles(sums: LivedCycleSums, cycles: CycleTotals): void {
  sums.count += cycles.count
  addTo(sums.hits, cycles.hits)
  addTo(sums.afterMs, cycles.afterMs)
  addTo(sums.losing, cycles.losing)
  for (const [i, added] of cycles.exceedances.entries()) addExceedances(sums.exceedances[i]!, added)
  for (const { weight, ms } of cycles.outages) addLengthsTo(sums.lengths, weight, ms)
  addTo(sums.lostSquares, cycles.lostSquares)
  addTo(sums.events, cycles.events)
  addTo(sums.trueEvents, cycles.trueEvents)
}

function foldScores(sums: ServiceSums, service: ServiceSample, { scores, controls = scores }: Sample): void {
  const { lostMs, lostScores, beyondScores, structureLostMs } = service
  if (lostScores === undefined || scores === undefined) return
  const { derivatives, derivativesBeyond } = sums
  for (let input = 0; input < scores.length; input++) {
    derivatives[input] ??= newDerivativeSums()
    addDerivativeTo(derivatives[input]!, lostMs, lostScores[input]!, controls![input]!)
    if (beyondScores === undefined) continue
    derivativesBeyond[input] ??= newDerivativeSums()
    addDerivativeTo(derivativesBeyond[input]!, lostMs - structureLostMs!, beyondScores[input]!, scores[input]!)
  }
}

function foldInstants(sums: readonly AtSums[], sample: ServiceSample['at']): void {
  assert(sample.length === sums.length, 'a sample answers for every instant asked for')
  sample.forEach((instant, i) => {
    const sum = sums[i]!
    if (instant.down) sum.down += 1
    if (instant.hadOutage) sum.hadOutage += 1
    addTo(sum.lost, instant.lostMs)
  })
}

/** Adds the parts of a replication's lost time, which must make up the whole. */
function addParts(
  into: Map<string, number>,
  parts: { readonly [part: string]: number },
  whole: number,
  what: string,
): void {
  let sum = 0
  for (const part of Object.keys(parts)) {
    const lost = parts[part] ?? 0
    if (lost !== 0) into.set(part, (into.get(part) ?? 0) + lost)
    sum += lost
  }
  assert(Math.abs(sum - whole) <= 1e-6 * (1 + whole), `${what} make up the lost time: ${sum} of ${whole} ms`)
}
