import type { Entry, HardState, Message, MessageContext, Snapshot, SoftState } from './types.ts'

/** A read may be served once the host has applied up to `index`. */
export interface ReadState {
  readonly index: number
  readonly context: MessageContext
}

/**
 * Work for the host: what to make durable, send and apply. The order for a follower is persist, send, apply;
 * a leader may send before it persists. Answers to appends and votes must never leave before `entries` and
 * `hardState` are durable. The arrays belong to the host; Raft does not touch them again.
 */
export interface Ready {
  /** Set when role or leader changed. */
  readonly softState: SoftState | undefined
  /** Set when term, vote or commit changed. */
  readonly hardState: HardState | undefined
  readonly readStates: readonly ReadState[]
  /** To be made durable. */
  readonly entries: readonly Entry[]
  /** To be made durable and applied before anything else. */
  readonly snapshot: Snapshot | undefined
  /** To be applied. */
  readonly committedEntries: readonly Entry[]
  readonly messages: readonly Message[]
  /** Whether the disk must be synced: there are entries, or term or vote changed. */
  readonly mustSync: boolean
}
