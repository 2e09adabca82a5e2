/** What is asked of an exact solution. Times are milliseconds from t = 0. */
export interface ExactRequest {
  /** Names of the services to solve, all of the model. */
  readonly services: readonly string[]
  /** `steady`: t = 0 is an instant of the long run. `all-up`: everything is up and new at t = 0. */
  readonly start: 'steady' | 'all-up'
  readonly horizon: number
  /** Instants within the horizon for transient values. */
  readonly at: readonly number[]
  /**
   * Whether times without phases, whose law matters to an answer, may be replaced by phase-type fits of the same mean;
   * else what depends on their law is null. The notes say how far laws and fits differ.
   */
  readonly fit: boolean
  /** `all`: large chains too, and cut ones where even that is not enough. `some`: what is had in a second or two. */
  readonly effort: 'all' | 'some'
  /** Objectives per service (availability), for the probabilities of missing them; null: none. */
  readonly objectives: readonly (number | null)[]
}

/** All exact values of one service; null: cannot be had (see {@link ExactService.notes}), or does not exist. */
export interface ExactService {
  readonly name: string
  /** In the long run, whatever the start. */
  readonly longRun: ExactLongRun
  /** Over [0, horizon] from the requested start. */
  readonly interval: ExactInterval | null
  /** Mean time to the first instant of being down, from the requested start; 0 if down there. Infinite: never. */
  readonly firstOutageMs: number | null
  /** Probability that the service is up throughout [0, horizon]. */
  readonly noOutageInHorizon: number | null
  readonly at: readonly ExactInstant[] | null
  /** What is known of the same instants where first outages are not; null: `at` says more, or nothing is known. */
  readonly partlyAt: readonly Omit<ExactInstant, 'hadOutage'>[] | null
  /** P(more than the objective allows is lost in a month of the long run). */
  readonly probabilityOfMissInAMonth: number | null
  /** P(more than the objective allows is lost in [0, horizon] from the requested start). */
  readonly probabilityOfMissInHorizon: number | null
  /** How it was found, in words: chain, states, solver. */
  readonly method: string
  /** Bound of the relative error that the numerical method leaves. */
  readonly relativeError: number
  /** States of the chain, after identical parts are lumped. */
  readonly states: number
  /** What was replaced by a fit and how far the laws differ; why something is null. */
  readonly notes: readonly string[]
  /** The worst of the fits that stand in for laws here; null: there are none, and all values are exact. */
  readonly fit: WorstFit | null
  /** What was had without fits, where these give the rest; null: there are no fits, or nothing was had without. */
  readonly unfitted: ExactService | null
}

/** How far a phase-type fit is from the law it stands for. What that does to a value is not known. */
export interface WorstFit {
  /** Largest difference of the distribution functions. */
  readonly distance: number
  /** Which law it stands for, in a word. */
  readonly law: string
}

export interface ExactLongRun {
  /** Share of time down. */
  readonly unavailability: number
  /** Outages that begin per millisecond. */
  readonly outagesPerMs: number
  /** null: there are none. */
  readonly meanOutageMs: number | null
  /** Quantiles of the length of an outage; only with a steady start. */
  readonly outageQuantilesMs: ExactQuantiles | null
}

export interface ExactInterval {
  /** Expected time down. */
  readonly lostMs: number
  /** Expected number of outages that begin (one that runs at t = 0 has not begun). */
  readonly outages: number
  /** Mean whole length of those that begin, followed beyond the horizon. */
  readonly meanOutageMs: number | null
  readonly outageQuantilesMs: ExactQuantiles | null
}

export interface ExactQuantiles {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  /** Shares of outages and how long (ms) they last at most: ascending, from one in a hundred to all but one. */
  readonly curve: readonly { readonly share: number; readonly ms: number }[]
}

export interface ExactInstant {
  readonly down: number
  /** P(down at some instant of [0, at]). */
  readonly hadOutage: number
  /** Expected time down in [0, at]. */
  readonly lostMs: number
}

/** What came of it: every service solved, or the reasons why this model has no exact answer. */
export type ExactOutcome =
  | { readonly kind: 'solved'; readonly services: readonly ExactService[] }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
