import type { Distribution } from '../engine/distribution.ts'

/**
 * A part model, total and frozen: what the YAML says after defaults are filled in and every name is resolved.
 * Anything that fails and comes back is a part. Nothing here knows of Kubernetes.
 */
export interface PartModel {
  /** Groups in the order of the file; member k (from 1) of group `disk` is `disk-k`; a group of one is also `disk`. */
  readonly groups: readonly PartGroup[]
  readonly crews: readonly Crew[]
  readonly commonCauses: readonly CommonCause[]
  readonly maintenance: readonly Maintenance[]
  readonly roles: readonly Role[]
  /** Services in the order of the file; each may name an earlier or later one, without cycles. */
  readonly services: readonly PartService[]
}

export interface PartGroup {
  readonly name: string
  readonly count: number
  /** Time to failure; after repair as good as new. null: never fails of itself. */
  readonly every: Distribution | null
  /** Repair work, without waiting for a crew: one of these is chosen at each failure. Shares sum to 1. */
  readonly modes: readonly { readonly share: number; readonly lasts: Distribution }[]
  /** What each member must have to be usable; index k−1 is member k's own condition. null: nothing. */
  readonly needs: readonly (Condition | null)[]
  /** Whether the failure clock runs while what it needs is missing (`always`) or stands still (`while-up`). */
  readonly ages: 'always' | 'while-up'
  /** What the loss of what it needs does: the part is merely unreachable, or it fails too and must be repaired. */
  readonly onLoss: 'unreachable' | 'crash'
}

/** Names are resolved: `part` is an index over all members of all groups, in order. */
export type Condition =
  | { readonly kind: 'part'; readonly part: number }
  | { readonly kind: 'at-least'; readonly count: number; readonly of: readonly Condition[] }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'role'; readonly role: number }
  | { readonly kind: 'service'; readonly service: number }

export interface PartService {
  readonly name: string
  readonly condition: Condition
}

export interface Crew {
  readonly name: string
  readonly size: number
  /** Group indices, in order: under `priority` earlier groups go first. */
  readonly serves: readonly number[]
  readonly order: 'fcfs' | 'random' | 'race' | 'processor-sharing' | 'priority'
  readonly preEmpts: boolean
  /** Time to reach the part before the repair work starts. null: none. */
  readonly reaches: Distribution | null
}

export interface CommonCause {
  readonly name: string
  readonly group: number
  /** Fraction of a member's failures that are shared, in [0, 1]. */
  readonly beta: number
  /** As in the contract: `shock`, `event` (one shock, one repair), `propagation`. */
  readonly kind: 'shock' | 'event' | 'propagation'
}

export interface Maintenance {
  readonly name: string
  readonly group: number
  /** Milliseconds. Windows of member k start at (k−1)·apart in each period. */
  readonly every: number
  readonly lasts: number
  readonly apart: number
  /** `none`: blind. `all-up`: only while all other members of the group are usable. A condition: only while it would hold without the member. */
  readonly guard: 'none' | 'all-up' | Condition
}

export interface Role {
  readonly name: string
  /** Candidates, as part indices. */
  readonly among: readonly number[]
  /** The role is lost with this condition and regained, after a hand-over, when it returns. null: always holds. */
  readonly while: Condition | null
  readonly handOver: Distribution
  /** Probability that a hand-over fails; it then waits for the next completed repair among the candidates. */
  readonly fails: number
}
