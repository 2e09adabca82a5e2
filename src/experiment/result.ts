import type { Estimate } from '../stats/interval.ts'

export type { Estimate }

/** The result file, `hasim/result@1`: the only thing reports read. Durations in seconds, years of 365.25 d. */
export interface ResultFile {
  readonly schema: 'hasim/result@1'
  readonly hasim: string
  readonly experiment: string
  readonly question: string | null
  readonly seed: string
  /**
   * The fault plan that was played in every replication, instead of failures by chance; null where those happen. What is
   * told a year is then the plan's doing, over and over: per play it is that times `horizonSeconds` over a year.
   */
  readonly played: Played | null
  readonly variants: readonly VariantResult[]
  readonly comparisons: readonly Comparison[]
  readonly verdict: string
  readonly run: RunFacts
}

/** A fault plan, and how long a replication in which it is played once lasts. */
export interface Played {
  readonly plan: string
  readonly horizonSeconds: number
}

/** Everything but this is the same, byte for byte, for the same version, input and seed. */
export interface RunFacts {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly events: number
  /** Threads that computed, the most at one time; fewer than were asked for where a run was over before they joined, or they were lost. */
  readonly workers: number
  /** Share of the workers' time, set-up and waiting included, in which they computed, in [0, 1]; absent where nothing is simulated. */
  readonly efficiency?: number | undefined
  readonly partial: boolean
  /** The experiment's file as the user named it, so that reports print commands that work; absent where there is none. */
  readonly file?: string | undefined
}

export interface Quantile {
  readonly value: number
  readonly lo: number
  readonly hi: number | null
}

export interface VariantResult {
  readonly id: string
  readonly config: unknown
  readonly solver: 'simulate' | 'exact' | 'rare'
  /** Why this solver, in words. */
  readonly solverReason: string
  readonly replications: number
  readonly simulatedYears: number
  readonly stopReason: 'precision' | 'replications' | 'max-years' | 'interrupted' | 'exact'
  readonly cost: { readonly perMonth: number } | null
  readonly services: { readonly [service: string]: ServiceResult }
  readonly transitions: { readonly [name: string]: TransitionResult }
  readonly worstOutages: readonly WorstOutageResult[]
}

/** Quantiles over draws of the inputs. */
export interface DrawnQuantiles {
  readonly p2_5: number
  readonly p50: number
  readonly p97_5: number
}

/** Quantiles of an unavailability whose inputs are drawn. */
export interface InputUncertainty extends DrawnQuantiles {
  readonly draws: number
}

/** How two variants compare in each of the same draws of their inputs. */
export interface ComparedUncertainty {
  readonly draws: number
  /** Of what the variant loses more than the baseline (s/a). */
  readonly lostSecondsPerYear: DrawnQuantiles
  /** null: in some draw the baseline loses nothing. */
  readonly ratio: DrawnQuantiles | null
  /** Shares of the draws in which the variant loses less, and more, than the baseline; in the rest both lose the same. */
  readonly better: Estimate
  readonly worse: Estimate
}

export interface ServiceResult {
  readonly unavailability: Estimate
  readonly lostSecondsPerYear: Estimate
  readonly downtimeSecondsPerYear: Estimate
  readonly degradedSecondsPerYear: Estimate
  readonly outagesPerYear: Estimate
  readonly outageSeconds: {
    readonly mean: Estimate | null
    readonly p50: Quantile | null
    readonly p90: Quantile | null
    readonly p99: Quantile | null
    readonly max: number | null
  }
  /** Probability of a horizon without outage; null: not known. */
  readonly noOutageInHorizon: Estimate | null
  /** Mean time to the first outage, from t = 0; what lies beyond the horizon is extrapolated (see `method`). null: none seen. */
  readonly firstOutageSeconds: Estimate | null
  /** Shares of the outages at most this long, for charts: ascending seconds; where it is solved from one in a hundred to all but one. */
  readonly outageCurve: readonly { readonly seconds: number; readonly share: number }[]
  readonly at: readonly AtInstant[]
  /** Exact values, where the service depends on parts alone and can be solved; null elsewhere. */
  readonly exact: ExactValues | null
  /** How rare outages were found; absent where the service was not estimated so. */
  readonly rare?: {
    readonly cycles: number
    /** States of the chain that were seen; null: cycles were lived through, not walked on a chain. */
    readonly states: number | null
    /** Relative variance of a cycle times its steps (events, where it was lived through); `naive`: of unbiased cycles. */
    readonly workNormalisedVariance: { readonly rare: number; readonly naive: number }
  }
  /** What moves the long-run unavailability: exact where it can be solved, else estimated; absent where nobody asks. */
  readonly sensitivity?: {
    /** d ln U / d ln mean, largest first. */
    readonly elasticities: readonly ElasticityResult[]
    /** By part, most critical first; null where parts influence one another, and where it is estimated. */
    readonly importance:
      | readonly {
          readonly part: string
          readonly birnbaum: number
          readonly criticality: number
          readonly fussellVesely: number
          readonly riskAchievement: number
        }[]
      | null
  }
  /**
   * Quantiles of the unavailability over draws of the inputs that are uncertain; absent where none is, and where a run was
   * interrupted before a hundred were drawn; null where there is no exact answer to draw.
   */
  readonly inputUncertainty?: InputUncertainty | null
  readonly structure: { readonly unavailability: Estimate } | null
  /** Both descending; each sums to `lostSecondsPerYear`. */
  readonly mechanisms: readonly { readonly mechanism: string; readonly secondsPerYear: number }[]
  readonly causes: readonly { readonly cause: string; readonly secondsPerYear: number }[]
  readonly slo: Slo | null
}

/** By how many percent the unavailability grows with one percent of a mean. */
export interface ElasticityResult {
  /** As the model spells it: `server.every`, `server.lasts`. */
  readonly input: string
  /** null: not known. */
  readonly elasticity: number | null
  /** Where it is estimated, from replications or biased cycles: the same with its interval. */
  readonly estimate?: Estimate
  /** Why it is not known. */
  readonly why?: string
}

/** Values without sampling error; null: this one cannot be had. */
export interface ExactValues {
  readonly unavailability: number
  readonly outagesPerYear: number
  readonly meanOutageSeconds: number | null
  readonly firstOutageSeconds: number | null
  readonly at: readonly {
    readonly seconds: number
    readonly down: number
    readonly hadOutage: number
    readonly lostSeconds: number
  }[]
  /** (estimate − exact) / standard error of the unavailability; null: solved only, or nothing varied. */
  readonly z: number | null
  readonly method: string
}

export interface AtInstant {
  readonly seconds: number
  readonly down: Estimate
  readonly hadOutage: Estimate
  readonly lostSeconds: Estimate
}

export interface Slo {
  readonly target: number
  readonly met: boolean
  /** As {@link missInAMonth}, without its interval. */
  readonly probabilityOfMissInAMonth: number | null
  /**
   * Probability that a month loses more than 1 − target of it: a month of the long run where it is solved or told by biased
   * cycles, any whole one of the horizon where it is simulated. null: not known.
   */
  readonly missInAMonth: Estimate | null
  /** Probability that more than 1 − target of the whole horizon is lost, from the run's own start. null: not known. */
  readonly missInHorizon: Estimate | null
  readonly horizonSeconds: number
  /** Share of the draws of uncertain inputs in which the objective is met, as `met` says of the means; absent without draws. */
  readonly metInDraws?: Estimate
}

/** Milliseconds. */
export interface TransitionResult {
  readonly n: number
  readonly p10: number
  readonly p25: number
  readonly p50: number
  readonly p75: number
  readonly p90: number
  readonly p99: number
  readonly mean: number
  readonly min: number
  readonly max: number
}

export interface WorstOutageResult {
  /** variant/replication/number, as `hasim trace --outage` takes it; the number tells the service, too. */
  readonly id: string
  readonly service: string
  readonly fromSeconds: number
  readonly seconds: number
  readonly cause: string
  readonly mechanism: string
}

export interface Comparison {
  readonly service: string
  readonly baseline: string
  readonly variant: string
  readonly lostSecondsPerYear: Estimate
  readonly ratio: Estimate | null
  /** The same over draws of the uncertain inputs, as {@link ServiceResult.inputUncertainty} of both. */
  readonly inputUncertainty?: ComparedUncertainty | null
}
