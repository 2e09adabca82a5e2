import type { Operation } from './operation.ts'

/**
 * The two ports that a simulated and a real cluster share. `Done` is `void` where things happen at once, a promise where
 * they take their time.
 */

/** What can be done to a cluster from outside; everything that is begun can be undone. */
export interface Control<Done> {
  /** @param lasts until they are undone (ms), for whoever must be able to undo them alone; null: not known */
  begin(operations: readonly Operation[], lasts: number | null): Done
  /** @param lasts as {@link begin} was told */
  undo(operations: readonly Operation[], lasts: number | null): Done
}

/** What an outsider may see. Machines are indices into the model's nodes. */
export interface ClusterFacts {
  readonly etcd: {
    /** The machine of the leader, as most of those asked say; null: none is known. */
    readonly leader: number | null
    readonly term: number
    /** Machines whose member answers. */
    readonly alive: readonly number[]
  }
  /** The API server that most clients of the balancer are connected to, or would be. */
  readonly preferredApiServer: number | null
  /** What the balancer in charge thinks of its servers, in the order of the model's API servers; null: no checks. */
  readonly serversUp: readonly boolean[] | null
  readonly addressHolder: number | null
}

export interface Facts<Seen> {
  look(): Seen
}
