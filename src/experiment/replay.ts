import { z } from 'zod'
import type { TransitionResult } from './result.ts'

/** What `hasim replay` leaves: timeline, journal and comparison in one. Milliseconds of the trial: its first fault is 0. */
export interface ReplayFile {
  readonly schema: 'hasim/replay@1'
  readonly hasim: string
  readonly plan: string
  readonly target: string
  readonly kind: string
  readonly standIns: readonly string[]
  readonly versions: { readonly [product: string]: string }
  readonly model: string
  readonly machines: readonly string[]
  readonly seed: string
  /** Settings of the model that were learnt on the target beside the trials, as `--set` takes them. */
  readonly learnt: { readonly [path: string]: string }
  readonly partial: boolean
  readonly trials: readonly ReplayTrial[]
  readonly predicted: { readonly [name: string]: Spread }
  readonly measured: { readonly [name: string]: Spread }
  readonly score: { readonly [name: string]: Score }
  /** Values behind `predicted`, sorted and thinned: what a chart draws. */
  readonly predictedValues: { readonly [name: string]: readonly number[] }
  readonly divergence: Divergence | null
}

export interface ReplayTrial {
  readonly startedAt: string
  readonly actions: readonly {
    readonly atMs: number
    readonly do: string
    /** As the plan says, and what that was at this moment. */
    readonly asked: string
    readonly on: string
    readonly undoneAtMs: number | null
    /** When an undone process answered again; null: it was not seen, or nothing was started. */
    readonly backAtMs: number | null
  }[]
  /** A number, or, where the plan has several faults, one of each that showed it. */
  readonly transitions: { readonly [name: string]: number | readonly number[] }
  readonly outages: { readonly [service: string]: readonly { readonly fromMs: number; readonly toMs: number | null }[] }
  /** By series: when it was sent, what became of it, how long that took. */
  readonly probes: {
    readonly [series: string]: readonly (readonly [atMs: number, outcome: string, latencyMs: number])[]
  }
  readonly members: readonly (readonly [
    atMs: number,
    machine: string,
    leader: string | null,
    term: number,
    healthy: boolean | null,
  ])[]
  readonly servers: readonly (readonly [atMs: number, balancer: string, up: readonly boolean[]])[]
  readonly elections: readonly (readonly [atMs: number, machine: string, what: string, term: number])[]
  readonly holders: readonly (readonly [atMs: number, machine: string | null])[]
  /** Nodes and pods of Kubernetes, each time one of them changed; empty where there is no such API. */
  readonly objects: readonly (readonly [atMs: number, name: string, state: string])[]
}

/** How a set of values lies. Milliseconds, but for `etcd.terms`, which counts. */
export type Spread = Pick<TransitionResult, 'n' | 'p10' | 'p25' | 'p50' | 'p75' | 'p90' | 'mean'>

export type Verdict = 'agrees' | 'differs' | 'too few' | 'not compared'

export interface Score {
  /** Kolmogorov–Smirnov distance of measured and predicted values. */
  readonly ks: number
  /** How often chance alone gives at least that distance. */
  readonly p: number
  /** Whether the measured median lies within the middle half of the prediction. */
  readonly medianWithin: boolean
  readonly verdict: Verdict
  /** Why it is not compared; null: it is. */
  readonly why: string | null
}

/** The timer of the model that, set otherwise, would bring the prediction nearest to what was measured. */
export interface Divergence {
  readonly timer: string
  readonly factor: number
  /** The value that the model has, and the one that fits better; in words. */
  readonly from: string
  readonly to: string
  /** Sum over all that differs of the distance, as it is and as it would be. */
  readonly distance: number
  readonly distanceThen: number
  readonly words: string
}

/** Enough of a replay file to tell it from others and to draw it. */
export const replayFileSchema = z.looseObject({
  schema: z.literal('hasim/replay@1'),
  plan: z.string(),
  target: z.string(),
  trials: z.array(z.looseObject({ transitions: z.record(z.string(), z.unknown()) })),
  predicted: z.record(z.string(), z.unknown()),
  measured: z.record(z.string(), z.unknown()),
  score: z.record(z.string(), z.unknown()),
})
