import type { ServiceSample, WorstOutage } from '../observe/sample-types.ts'

export {
  type AtSample,
  type CycleTotals,
  type ServiceSample,
  type WeightedOutages,
  WORST_KEPT,
  type WorstOutage,
} from '../observe/sample-types.ts'

/**
 * What one replication tells: plain numbers that cross a worker's boundary cheaply. Times in milliseconds.
 * A service is judged from t = 0 to the horizon; an outage still running at the horizon is followed to its end for its
 * duration and cut for time.
 */
export interface Sample {
  readonly replication: number
  /** Length of the judged stretch. */
  readonly horizonMs: number
  /** In the order of the experiment's services. */
  readonly services: readonly ServiceSample[]
  /** Milliseconds since the fault that set them off, by transition name. */
  readonly transitions: { readonly [name: string]: readonly number[] }
  /** The longest outages of this replication, longest first, at most {@link WORST_KEPT}. */
  readonly worst: readonly WorstOutage[]
  /** Events run, for the report of cost. */
  readonly events: number
  /** By input of the structure: its score at the end; left out where nobody keeps them. */
  readonly scores?: Float64Array
  /** By input: what has mean zero and moves with the scores of what was lost, where that is not the input's own score. */
  readonly controls?: Float64Array
}
