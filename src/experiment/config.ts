import type { ClusterConfig } from '../cluster/config.ts'
import type { FaultPlan } from '../faults/plan.ts'
import type { PartModel } from '../structure/model.ts'
import type { UncertainInput } from './uncertain.ts'

/** An experiment, total and frozen: all that the runner and a replication need. Times are milliseconds. */
export interface ExperimentConfig {
  readonly name: string
  readonly question: string | null
  readonly seed: string
  readonly services: readonly ServiceConfig[]
  readonly run: RunConfig
  /** In the order of the file; the first is the baseline of comparisons. */
  readonly variants: readonly VariantConfig[]
}

export interface ServiceConfig {
  readonly name: string
  /** A request succeeds when it is answered within this long. */
  readonly deadline: number
  /** Target availability in (0, 1), or null. */
  readonly slo: number | null
}

/** How an answer is to be found; `auto` leaves the choice to hasim. */
export type Solver = 'auto' | 'simulate' | 'exact' | 'rare'
export const SOLVERS: readonly Solver[] = ['auto', 'simulate', 'exact', 'rare']

export interface RunConfig {
  readonly solver: Solver
  readonly start: 'steady' | 'all-up'
  readonly horizon: number
  /** Relative half-width of `lostSecondsPerYear` of the first service; null: no such goal. */
  readonly precision: number | null
  readonly replications: number | null
  readonly maxYears: number | null
  /** Whether the experiment itself says how much is to be simulated (replications or years). */
  readonly asksForSample: boolean
  readonly at: readonly number[]
  readonly faults: FaultPlan | null
  /** Whether random failures happen: true unless a fault plan stands in their stead. */
  readonly random: boolean
  /** Inputs known by a distribution only. */
  readonly uncertain: readonly UncertainInput[]
  /** Whether elasticities are told; null: of what is solved, and of simulated control planes, where they cost nothing. */
  readonly sensitivity: boolean | null
  /** Whether quiet time is skipped (`--no-skip` turns it off). */
  readonly skip: boolean
  /** A replication that needs more events than this is broken: it ends with an error that names this. */
  readonly maxEvents: number
}

export interface VariantConfig {
  readonly id: string
  readonly model: ModelConfig
  /** Cost per month of all machines, in whatever currency the model speaks; null: not told. */
  readonly costPerMonth: number | null
  /** The total model as a document: what the result file shows, enough to run again. */
  readonly document: unknown
}

export type ModelConfig =
  | { readonly kind: 'parts'; readonly parts: PartModel }
  | { readonly kind: 'cluster'; readonly cluster: ClusterConfig }
