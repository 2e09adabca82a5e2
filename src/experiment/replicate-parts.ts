import { assert, present } from '../base/assert.ts'
import { type Ms, ms, YEAR, ZERO } from '../base/units.ts'
import { RandomStreams } from '../engine/random.ts'
import { Simulation } from '../engine/simulation.ts'
import { OriginTracer, type Tracer } from '../engine/trace.ts'
import { LossScores } from '../observe/loss-scores.ts'
import { OutageRecorder } from '../observe/outage-recorder.ts'
import { type FlatPlan, flatPlanOf } from '../structure/flat-plan.ts'
import { FlatSystem } from '../structure/flat-system.ts'
import type { PartModel } from '../structure/model.ts'
import { PartSystem, type ScoreOptions } from '../structure/part-system.ts'
import { provoke } from '../structure/rare/provoke.ts'
import type { Walk } from '../structure/rare/walk.ts'
import type { ScoreOpening } from '../structure/system-scores.ts'
import { warmUpFor } from '../structure/warm-up.ts'
import type { ExperimentConfig, RunConfig } from './config.ts'
import { asksForScores } from './elasticities.ts'
import { PartFaults } from './part-faults.ts'
import { type Sample, WORST_KEPT, type WorstOutage } from './sample.ts'

/** How long after the horizon an outage that still runs is followed, and no longer: nobody may repair it. */
const FOLLOWED_MAX = ms(1000 * YEAR)

/**
 * One replication of a variant that is a part model: a pure function of its arguments.
 *
 * Common random numbers: streams depend on seed, replication and names alone, so variants share the draws of the
 * members they have in common.
 */
export function replicateParts(
  config: ExperimentConfig,
  variantIndex: number,
  replication: number,
  tracer?: Tracer,
): Sample {
  const { model } = present(config.variants[variantIndex], `variant ${variantIndex}`)
  assert(model.kind === 'parts', 'this variant is a part model')
  const names = config.services.map((service) => service.name)
  const { start, random } = config.run
  // Traces tell the time that is judged: the warm-up lies before 0.
  const origin = start === 'steady' && random ? warmUpFor(model.parts) : ZERO
  const fromOrigin = tracer === undefined ? undefined : new OriginTracer(tracer, origin)
  const isPlain = tracer === undefined && random && config.run.faults === null && !asksForScores(config.run, 'parts')
  const flat = isPlain ? flatPlanOf(model.parts) : null
  if (flat !== null) {
    const streams = new RandomStreams(config.seed, replication)
    return new FlatReplication(flat, names, config.run, streams).run(replication)
  }
  const simulation = new Simulation(new RandomStreams(config.seed, replication), fromOrigin)
  const scores = asksForScores(config.run, 'parts') ? { leastMemory: 0 } : null
  return new PartReplication(model.parts, names, config.run, simulation, scores).run(replication)
}

/**
 * A part system from everything up to the horizon of the experiment, meeting nothing but the strikes of a walk.
 *
 * @param opening of the scores of the cycle; null: none are kept
 */
export function liveParts(
  config: ExperimentConfig,
  parts: PartModel,
  streams: RandomStreams,
  walk: Walk,
  opening: ScoreOpening | null,
): Sample {
  const simulation = new Simulation(streams)
  const names = config.services.map(({ name }) => name)
  const scores = opening === null ? null : { leastMemory: Number.POSITIVE_INFINITY, opening }
  const replication = new PartReplication(parts, names, config.run, simulation, scores)
  provoke(simulation, replication.system, walk.strikes)
  return replication.run(0)
}

/** A part system with a recorder for each service that is asked for. */
class PartReplication {
  readonly #run: RunConfig
  readonly #simulation: Simulation
  readonly system: PartSystem
  readonly #faults: PartFaults
  readonly #recorders: readonly OutageRecorder[]
  /** Per service of the model: its place among the recorders, or −1. */
  readonly #places: readonly number[]
  #following = false

  constructor(
    model: PartModel,
    services: readonly string[],
    run: RunConfig,
    simulation: Simulation,
    keeps: ScoreOptions | null,
  ) {
    this.#run = run
    this.#simulation = simulation
    this.#places = model.services.map((service) => services.indexOf(service.name))
    this.system = new PartSystem(simulation, model, {
      start: run.start,
      random: run.random,
      listener: { serviceChanged: (service) => this.#record(service) },
      scores: keeps,
    })
    const { scores, judgedFrom: from } = this.system
    this.#recorders = services.map((name, service) => {
      assert(
        model.services.some((known) => known.name === name),
        `the model has the service ${name}`,
      )
      return new OutageRecorder({
        horizonMs: run.horizon,
        at: run.at,
        from,
        service,
        scores: scores === null ? null : new LossScores(simulation, scores),
      })
    })
    this.#faults = new PartFaults(this.system, run.faults, from)
    for (let service = 0; service < model.services.length; service++) this.#record(service)
  }

  run(replication: number): Sample {
    const { horizon } = this.#run
    const end = ms(this.system.judgedFrom + horizon)
    this.#faults.start()
    this.#runUntil(end)
    const scores = this.system.scores?.at(end)
    this.#following = true
    if (this.#anyOpen()) this.#runUntil((end + FOLLOWED_MAX) as Ms)
    // The horizon itself need not lie on the grid of simulated time.
    const latest = Math.max(this.#simulation.now, this.system.judgedFrom + horizon) as Ms
    const services = this.#recorders.map((recorder) => recorder.finish(latest))
    return {
      replication,
      horizonMs: horizon,
      services,
      transitions: {},
      worst: worstOf(this.#recorders),
      events: this.#simulation.eventCount,
      ...(scores === undefined ? {} : { scores }),
    }
  }

  #runUntil(until: Ms): void {
    const reason = this.#simulation.run(until, this.#run.maxEvents)
    assert(reason !== 'event-budget', `a replication needs at most ${this.#run.maxEvents} events (run.maxEvents)`)
  }

  #anyOpen(): boolean {
    for (let i = 0; i < this.#recorders.length; i++) if (this.#recorders[i]!.openOutage()) return true
    return false
  }

  #record(service: number): void {
    const place = this.#places[service]!
    if (place < 0) return
    const recorder = this.#recorders[place]!
    const { now } = this.#simulation
    if (this.system.serviceHolds(service)) {
      recorder.change(now, 1, '', '')
    } else {
      const { mechanism, cause } = this.system.serviceLoss(service)
      recorder.change(now, 0, mechanism, cause, () => this.system.describeLoss(service))
    }
    if (this.#following && !this.#anyOpen()) this.#simulation.stop()
  }
}

/** The same for parts that do not influence one another: same draws, same events, same sample, in a fraction of the time. */
class FlatReplication {
  readonly #run: RunConfig
  readonly #system: FlatSystem
  readonly #recorders: readonly OutageRecorder[]
  readonly #places: readonly number[]
  #following = false

  constructor(plan: FlatPlan, services: readonly string[], run: RunConfig, streams: RandomStreams) {
    const { model } = plan.compiled
    this.#run = run
    this.#places = model.services.map((service) => services.indexOf(service.name))
    this.#recorders = services.map((name, service) => {
      assert(
        model.services.some((known) => known.name === name),
        `the model has the service ${name}`,
      )
      return new OutageRecorder({ horizonMs: run.horizon, at: run.at, from: ZERO, service })
    })
    this.#system = new FlatSystem(plan, streams, run.start, (service, cause) => this.#record(service, cause))
    for (let service = 0; service < model.services.length; service++) {
      this.#record(service, this.#system.lastCause(service))
    }
  }

  run(replication: number): Sample {
    const { horizon } = this.#run
    this.#runUntil(ms(horizon))
    this.#following = true
    if (this.#anyOpen()) this.#runUntil((horizon + FOLLOWED_MAX) as Ms)
    const { now, events } = this.#system
    const services = this.#recorders.map((recorder) => recorder.finish(Math.max(now, horizon) as Ms))
    return {
      replication,
      horizonMs: horizon,
      services,
      transitions: {},
      worst: worstOf(this.#recorders),
      events,
    }
  }

  #runUntil(until: Ms): void {
    const isDone = this.#system.run(until, this.#run.maxEvents)
    assert(isDone, `a replication needs at most ${this.#run.maxEvents} events (run.maxEvents)`)
  }

  #anyOpen(): boolean {
    return this.#recorders.some((recorder) => recorder.openOutage())
  }

  #record(service: number, cause: string): void {
    const place = this.#places[service]!
    if (place < 0) return
    const recorder = this.#recorders[place]!
    const { now } = this.#system
    if (this.#system.holds(service)) recorder.change(now, 1, '', '')
    else recorder.change(now, 0, 'parts', cause, () => this.#system.describe(service))
    if (this.#following && !this.#anyOpen()) this.#system.stop()
  }
}

function worstOf(recorders: readonly OutageRecorder[]): readonly WorstOutage[] {
  const all = recorders.flatMap((recorder) => recorder.worst())
  return all.sort((a, b) => b.ms - a.ms || a.service - b.service || a.ordinal - b.ordinal).slice(0, WORST_KEPT)
}
