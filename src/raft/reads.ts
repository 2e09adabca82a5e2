import { type AckedIndexes, jointCommitted, jointVote, type Voters } from './quorum.ts'
import type { MessageContext, NodeId } from './types.ts'

/** A read waiting for a quorum to confirm that this leader still leads. */
export interface PendingRead {
  /** Who asked; NONE or the leader itself for its own reads. */
  readonly from: NodeId
  readonly context: MessageContext
  /** The commit index when the read arrived: what it must at least see. */
  readonly index: number
}

/** Reads under confirmation. Heartbeats carry a context, and answers to them release reads. */
export interface PendingReads {
  /** Registers a read, acknowledged by the leader itself; returns the context its heartbeats carry. */
  add(self: NodeId, read: PendingRead): MessageContext
  /** Context of the newest read, for the periodic heartbeats; undefined without reads. */
  newestContext(): MessageContext
  /** Takes a heartbeat answer and returns the reads it releases, oldest first. */
  acknowledge(from: NodeId, context: MessageContext, voters: Voters): readonly PendingRead[]
  /** Forgets everything: leadership has ended. */
  clear(): void
}

const NO_READS: readonly PendingRead[] = Object.freeze([])

/**
 * Up to raft 3.6: heartbeats carry the context of a read itself, and confirming one read releases all before it.
 * A context used twice can be confirmed by answers to its first use (etcd issue 20418): kept, because those versions do.
 */
export class ReadsByContext implements PendingReads {
  #queue: { readonly read: PendingRead; readonly acks: Map<NodeId, boolean> }[] = []

  add(self: NodeId, read: PendingRead): MessageContext {
    const pending = this.#queue.find((p) => p.read.context === read.context)
    if (pending === undefined) this.#queue.push({ read, acks: new Map([[self, true]]) })
    else pending.acks.set(self, true)
    return read.context
  }

  newestContext(): MessageContext {
    return this.#queue.length === 0 ? undefined : this.#queue[this.#queue.length - 1]!.read.context
  }

  acknowledge(from: NodeId, context: MessageContext, voters: Voters): readonly PendingRead[] {
    const at = this.#queue.findIndex((p) => p.read.context === context)
    if (at < 0) return NO_READS
    const { acks } = this.#queue[at]!
    acks.set(from, true)
    if (jointVote(voters, acks) !== 'VoteWon') return NO_READS
    return this.#queue.splice(0, at + 1).map((p) => p.read)
  }

  clear(): void {
    if (this.#queue.length > 0) this.#queue = []
  }
}

/**
 * From raft 3.7: heartbeats carry the position of the newest read, counted from the start of the term, so that an answer
 * can confirm nothing that was registered after it.
 */
export class ReadsByPosition implements PendingReads, AckedIndexes {
  #queue: PendingRead[] = []
  #confirmed = 0
  readonly #acks = new Map<NodeId, number>()

  add(self: NodeId, read: PendingRead): MessageContext {
    this.#queue.push(read)
    const position = this.#confirmed + this.#queue.length
    this.#acks.set(self, position)
    return position
  }

  newestContext(): MessageContext {
    return this.#queue.length === 0 ? undefined : this.#confirmed + this.#queue.length
  }

  acknowledge(from: NodeId, context: MessageContext, voters: Voters): readonly PendingRead[] {
    if (typeof context !== 'number') return NO_READS
    this.#acks.set(from, Math.max(this.#acks.get(from) ?? 0, context))
    const confirmed = jointCommitted(voters, this)
    if (confirmed <= this.#confirmed) return NO_READS
    const released = this.#queue.splice(0, confirmed - this.#confirmed)
    this.#confirmed = confirmed
    return released
  }

  ackedIndex(id: NodeId): number | undefined {
    return this.#acks.get(id)
  }

  clear(): void {
    if (this.#queue.length > 0) this.#queue = []
    this.#confirmed = 0
    this.#acks.clear()
  }
}
