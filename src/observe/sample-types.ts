/** How many of a replication's longest outages are kept. */
export const WORST_KEPT = 5

/** What one replication tells of a service. Times in milliseconds. */
export interface ServiceSample {
  /** Time integral of one minus the fraction of requests that succeed. */
  readonly lostMs: number
  /** Time in outages (fraction below one half) and degraded (in [½, 1)). */
  readonly downMs: number
  readonly degradedMs: number
  /** Outages that began in (0, horizon): up → down transitions. One already running at 0 is not counted here. */
  readonly outages: number
  /** Whole durations of the outages that began in the horizon. */
  readonly outageMs: Float64Array
  /** Start of the first outage (0 if down at the start), or −1: none within the horizon. */
  readonly firstOutageMs: number
  /** For each of `run.at`, in order. */
  readonly at: readonly AtSample[]
  /** Parts of `lostMs`, by mechanism and by cause; each sums to `lostMs`. */
  readonly mechanisms: { readonly [mechanism: string]: number }
  readonly causes: { readonly [cause: string]: number }
  /** Lost time of whole months (365.25/12 d) within the horizon, in order; empty when it is shorter than one. */
  readonly monthLostMs: Float64Array
  /** Lost time of the part-only reading beside a protocol run; null for a service that is parts alone. */
  readonly structureLostMs: number | null
  /** By input of the structure: losses times their scores (`loss-scores.ts`, of cycles `replicate-cycles.ts`); left out where nobody keeps them. */
  readonly lostScores?: Float64Array
  /** The same of what is lost beyond the part-only reading; left out where there is none. */
  readonly beyondScores?: Float64Array
  /** Where the sample is made of weighted cycles: what only they tell. */
  readonly cycles?: CycleTotals
}

/** What biased cycles tell beside their losses. */
export interface CycleTotals {
  readonly count: number
  /**
   * Cycles with an outage, and the time from the first one to the end of its cycle (ms): sums of likelihood ratios, times
   * what makes the cycles' mean length the horizon, as every other sum of such a sample is.
   */
  readonly hits: number
  readonly afterMs: number
  /** Likewise: cycles that lost anything. */
  readonly losing: number
  /**
   * Likewise, for a month and for the horizon: cycles that lost more than an objective allows of it, and the same times their
   * length since the first failure (ms). Empty without an objective.
   */
  readonly exceedances: readonly { readonly cycles: number; readonly spans: number }[]
  /** Of each cycle that had any: how long its outages lasted, and its likelihood ratio. */
  readonly outages: readonly WeightedOutages[]
  /** Mean square of what plain cycles would lose, each taken for a sample of its own. */
  readonly lostSquares: number
  /** Mean number of events of a cycle, as drawn and as plain cycles would have. */
  readonly events: number
  readonly trueEvents: number
}

export interface WeightedOutages {
  readonly weight: number
  readonly ms: Float64Array
}

/** A service at one instant T: whether it is down, whether an outage began by then, and what was lost in 0 … T. */
export interface AtSample {
  readonly down: boolean
  readonly hadOutage: boolean
  readonly lostMs: number
}

/** One of the longest outages of a replication. */
export interface WorstOutage {
  /** Index into the experiment's services. */
  readonly service: number
  /** Ordinal of the outage in this replication and service, from 0: with variant and replication it makes the id. */
  readonly ordinal: number
  readonly fromMs: number
  readonly ms: number
  readonly cause: string
  readonly mechanism: string
}
