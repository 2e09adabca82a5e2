import type { Operation } from '../faults/operation.ts'
import type { ClusterFacts, Control, Facts } from '../faults/ports.ts'
import type { Journal } from './journal.ts'
import type { Probe, Timeline } from './timeline.ts'

/** Monotonic milliseconds at which something that was done took effect. */
export type Instant = number

/** A real cluster behind the two ports, and what a replay needs beside them. */
export interface RealCluster {
  readonly control: Control<Promise<Instant>>
  readonly facts: Facts<Promise<ClusterFacts>>
  /** Components that something simpler stands in for. */
  readonly standIns: readonly string[]
  /** Versions of what runs, for the report. */
  readonly versions: { readonly [product: string]: string }
  /** Why an operation cannot be done here; null: it can. */
  cannot(operation: Operation): Promise<string | null>
  /**
   * The commands of an operation or of its undoing, as a person would type them.
   * @param lasts until it is undone (ms); left out or null: it is not told
   */
  says(operation: Operation, undoes: boolean, lasts?: number | null): readonly string[]
  /**
   * Reaches the cluster, or starts it; all that must be undone is in the journal before it is there.
   * @param stops whether the user asked to stop
   * @throws Refusal, Missing, Interrupted
   */
  open(journal: Journal, stops: () => boolean): Promise<void>
  /** Leaves it, or removes all that {@link open} made. Can be called twice, and after an `open` that failed. */
  close(): Promise<void>
  /**
   * Restarts what these operations restart, where its pace is the machine's doing and not the model's (a balancer).
   * @returns how long each start took, to the first request that succeeded (ms); none: there is nothing of that kind
   */
  restarts(operations: readonly Operation[], times: number): Promise<readonly number[]>
  /** Everything seen since {@link open}, up to now. */
  seen(): Promise<Timeline>
  /** Requests sent since an instant and answered, or given up, by now. */
  probesSince(instant: Instant): readonly Probe[]
  /** Forgets what was seen before an instant. */
  forget(before: Instant): void
}
