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
}

export const WORST_KEPT = 5

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
  readonly at: readonly { readonly down: boolean; readonly hadOutage: boolean; readonly lostMs: number }[]
  /** Parts of `lostMs`, by mechanism and by cause; each sums to `lostMs`. */
  readonly mechanisms: { readonly [mechanism: string]: number }
  readonly causes: { readonly [cause: string]: number }
  /** Lost time of whole months (365.25/12 d) within the horizon, in order; empty when it is shorter than one. */
  readonly monthLostMs: Float64Array
  /** Lost time of the part-only reading beside a protocol run; null for a service that is parts alone. */
  readonly structureLostMs: number | null
}

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
