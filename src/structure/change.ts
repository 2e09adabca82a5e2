import type { Ms } from '../base/units.ts'
import type { Simulation } from '../engine/simulation.ts'
import type { ConditionNetwork } from './network.ts'
import type { SystemScores } from './system-scores.ts'

/** Why a part changed. */
export interface ChangeReason {
  readonly kind:
    | 'start'
    | 'failure'
    | 'repair'
    | 'common-cause'
    | 'maintenance'
    | 'need-lost'
    | 'need-back'
    | 'role'
    | 'held'
  /** Whom to blame in a report: a group, a common cause, a maintenance calendar, a role, a planned fault. */
  readonly cause: string
  /** Whether the part was told beforehand (maintenance): it may hand over before it goes. */
  readonly graceful: boolean
}

/** What the processes of parts see of the system they belong to. */
export interface StructureHub {
  readonly simulation: Simulation
  readonly network: ConditionNetwork
  /** Where the scores of what is drawn are kept; null: nobody asks for them. */
  readonly scores: SystemScores | null
  /** How many times some part went down: numbers the order. */
  downs: number
  /**
   * Works out every consequence of what was just lowered or raised at this instant, then tells the listener. Nobody
   * outside sees a state in between, so a chain of consequences is one change.
   */
  settle(reason: ChangeReason): void
}

/** Something that a crew repairs. */
export interface Repairable {
  /** Index of its group: crews serve groups. */
  readonly group: number
  /** Called when the work is done. */
  repaired(): void
}

/** Whoever repairs: a crew, or nobody in particular (each part on its own). */
export interface Repairer {
  /** Asks for a repair that is `work` milliseconds of work. At most one is asked for a {@link Repairable} at a time. */
  request(target: Repairable, work: Ms): void
}
