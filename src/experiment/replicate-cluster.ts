import { assert, present } from '../base/assert.ts'
import { HOUR, type Ms, ms, YEAR, ZERO } from '../base/units.ts'
import { Cluster, type Standing } from '../cluster/cluster.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import { ControlPort } from '../cluster/control.ts'
import { partsOf } from '../cluster/parts.ts'
import { StructureDriver } from '../cluster/structure-driver.ts'
import { usualStanding } from '../cluster/usual-standing.ts'
import { RandomStreams } from '../engine/random.ts'
import { Simulation } from '../engine/simulation.ts'
import { OriginTracer, type Tracer } from '../engine/trace.ts'
import { FaultPlayer } from '../faults/player.ts'
import { ClusterObserver } from '../observe/cluster-observer.ts'
import { PartSystem, type ScoreOptions } from '../structure/part-system.ts'
import { provoke } from '../structure/rare/provoke.ts'
import type { Walk } from '../structure/rare/walk.ts'
import { livesOfRepairs, type ScoreOpening } from '../structure/system-scores.ts'
import { warmUpFor } from '../structure/warm-up.ts'
import type { ExperimentConfig, RunConfig } from './config.ts'
import { asksForScores } from './elasticities.ts'
import { type Sample, WORST_KEPT, type WorstOutage } from './sample.ts'

/** Within this time the protocol level forgets all but who leads and where clients are: a crash-loop back-off lasts longest. */
export const PROTOCOL_WARM_UP = HOUR
/** An outage that runs beyond the horizon is followed in steps of an hour, for at most this long. */
const FOLLOWED_MAX = 10 * YEAR

/**
 * One replication of a variant that is a control plane: structure drives, protocol reacts, probes judge. A pure
 * function of its arguments.
 */
export function replicateCluster(
  config: ExperimentConfig,
  variantIndex: number,
  replication: number,
  tracer?: Tracer,
): Sample {
  const { model } = present(config.variants[variantIndex], `variant ${variantIndex}`)
  assert(model.kind === 'cluster', 'this variant is a cluster')
  const parts = partsOf(model.cluster)
  const { start, random } = config.run
  const isOld = start === 'steady' && random
  const origin = isOld ? ms(Math.max(PROTOCOL_WARM_UP, warmUpFor(parts.model))) : ZERO
  const fromOrigin = tracer === undefined ? undefined : new OriginTracer(tracer, origin)
  const simulation = new Simulation(new RandomStreams(config.seed, replication), fromOrigin)
  const standing = (structure: PartSystem): Standing | undefined => {
    const chance = simulation.streams.stream('cluster/standing')
    return isOld ? usualStanding(model.cluster, chance, structure.agesOfUp(chance)) : undefined
  }
  const scores = asksForScores(config.run, 'cluster') ? { leastMemory: PROTOCOL_WARM_UP } : null
  const beginning = { origin, standing, scores }
  const sample = new ClusterReplication(simulation, config, model.cluster, beginning).run(replication)
  return withControls(sample, livesOfRepairs(parts.model))
}

/** What is told of repairs through lives (`loss-scores.ts`) has the score of the lives for its control. */
function withControls(sample: Sample, livesOf: readonly number[]): Sample {
  const { scores } = sample
  if (scores === undefined) return sample
  return { ...sample, controls: scores.map((score, input) => scores[livesOf[input]!] ?? score) }
}

/** A cycle that was walked and is to be lived through: its strikes, and what lies before it. */
export interface WalkedCycle {
  readonly walk: Walk
  /** Ages of the structure's parts (ms); −1: not known. */
  readonly ages: Float64Array
  /** Of the scores of the cycle; null: none are kept. */
  readonly opening: ScoreOpening | null
}

/**
 * A control plane that has been running for long, up to the horizon of the experiment, its structure meeting nothing but
 * the strikes of a walk; on the walk's own streams, so that repairs are those of the walk.
 */
export function liveCluster(
  config: ExperimentConfig,
  cluster: ClusterConfig,
  streams: RandomStreams,
  { walk, ages, opening }: WalkedCycle,
): Sample {
  const simulation = new Simulation(streams)
  const standing = () => usualStanding(cluster, streams.stream('cluster/standing'), ages)
  const scores = opening === null ? null : { leastMemory: Number.POSITIVE_INFINITY, opening }
  const replication = new ClusterReplication(simulation, config, cluster, { origin: ZERO, standing, scores })
  provoke(simulation, replication.structure, walk.strikes)
  return replication.run(0)
}

/** How a replication begins. */
interface Beginning {
  /** The clock at the beginning of what is judged. */
  readonly origin: Ms
  /** Where clients and leaders stand, once the structure does; undefined: as after a start. */
  readonly standing: (structure: PartSystem) => Standing | undefined
  readonly scores: ScoreOptions | null
}

/** A cluster with its structure, its planned faults and its observer. */
class ClusterReplication {
  readonly #run: RunConfig
  readonly #simulation: Simulation
  readonly #observer: ClusterObserver
  readonly #origin: Ms
  readonly structure: PartSystem

  constructor(
    simulation: Simulation,
    config: ExperimentConfig,
    cluster: ClusterConfig,
    { origin, standing, scores }: Beginning,
  ) {
    const { run } = config
    const parts = partsOf(cluster)
    this.#run = run
    this.#simulation = simulation
    this.#origin = origin
    const observer = new ClusterObserver(simulation, config.services, { ...run, from: origin }, parts.services)
    this.#observer = observer
    const simulated = new Cluster(simulation, cluster, run.skip, observer)
    const control = new ControlPort(simulated)
    const driver = new StructureDriver(simulation, parts.meanings, simulated, control, observer.faults)
    const structure = new PartSystem(simulation, parts.model, {
      start: run.start,
      random: run.random,
      listener: driver,
      scores,
    })
    this.structure = structure
    simulated.startEstablished(standing(structure))
    observer.watch(simulated, structure)
    driver.begin(structure)
    if (run.faults !== null) new FaultPlayer(simulation, simulated, control, observer.faults).play(run.faults, origin)
  }

  run(replication: number): Sample {
    const { horizon } = this.#run
    const end = ms(this.#origin + horizon)
    this.#runUntil(end)
    const scores = this.structure.scores?.at(end)
    // What started just before the horizon is judged by what comes within its deadline; an outage is followed to its end.
    this.#runUntil(ms(end + this.#observer.longestDeadline))
    for (let followed = 0; this.#observer.openOutage() && followed < FOLLOWED_MAX; followed += HOUR) {
      this.#runUntil(ms(this.#simulation.now + HOUR))
    }
    const services = this.#observer.finish()
    return {
      replication,
      horizonMs: horizon,
      services,
      transitions: this.#observer.transitions,
      worst: this.#worst(),
      events: this.#simulation.eventCount,
      ...(scores === undefined ? {} : { scores }),
    }
  }

  #runUntil(until: Ms): void {
    const reason = this.#simulation.run(until, this.#run.maxEvents)
    assert(reason !== 'event-budget', `a replication needs at most ${this.#run.maxEvents} events (run.maxEvents)`)
  }

  #worst(): readonly WorstOutage[] {
    const all = this.#observer.worst()
    return all.sort((a, b) => b.ms - a.ms || a.service - b.service || a.ordinal - b.ordinal).slice(0, WORST_KEPT)
  }
}
