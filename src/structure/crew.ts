import { type Sampler, samplerOf } from '../engine/distribution.ts'
import type { Random, RandomStreams } from '../engine/random.ts'
import type { Simulation } from '../engine/simulation.ts'
import type { Repairer } from './change.ts'
import { QueueingCrew } from './crew-queue.ts'
import { RacingCrew } from './crew-race.ts'
import { SharingCrew } from './crew-sharing.ts'
import type { Crew } from './model.ts'

/** What every kind of crew is made with. */
export interface CrewOptions {
  readonly simulation: Simulation
  readonly crew: Crew
  /** Time to reach a part; null: none. */
  readonly reaches: Sampler | null
  readonly reachStream: Random
  /** Decides whose turn it is, where chance does. */
  readonly choiceStream: Random
}

/** The crew of a model, of the kind its order asks for. */
export function makeCrew(simulation: Simulation, crew: Crew): Repairer {
  const streams: RandomStreams = simulation.streams
  const options: CrewOptions = {
    simulation,
    crew,
    reaches: crew.reaches === null ? null : samplerOf(crew.reaches),
    reachStream: streams.stream(`crew/${crew.name}/reaches`),
    choiceStream: streams.stream(`crew/${crew.name}/choice`),
  }
  switch (crew.order) {
    case 'race':
      return new RacingCrew(options)
    case 'processor-sharing':
      return new SharingCrew(options)
    default:
      return new QueueingCrew(options)
  }
}
