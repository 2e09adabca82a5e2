import type { Inflights } from './inflights.ts'
import type { NodeId } from './types.ts'

/**
 * How a leader feeds a peer. Probe: one append at a time, to find where the logs match. Replicate: a window of appends
 * ahead of the answers. Snapshot: nothing, until the peer has the snapshot.
 */
export type ProgressState = 'StateProbe' | 'StateReplicate' | 'StateSnapshot'

/** What may be seen of a peer's progress from outside. */
export interface ProgressView {
  readonly id: NodeId
  readonly match: number
  readonly next: number
  readonly state: ProgressState
  readonly recentActive: boolean
  readonly isLearner: boolean
  readonly pendingSnapshot: number
  readonly inflightCount: number
  /** Appends under way fill the window. */
  readonly windowFull: boolean
  /** No append may be sent before an answer. */
  readonly isPaused: boolean
}

/** A peer as its leader sees it; always match < next. */
export class Progress implements ProgressView {
  readonly id: NodeId
  /** The peer's log is known to agree up to here. */
  match = 0
  /** Index of the next entry to send; those between match and next are under way. */
  next: number
  /** Highest commit index sent. */
  sentCommit = 0
  state: ProgressState = 'StateProbe'
  /** Index of the snapshot under way; 0 outside of the snapshot state. */
  pendingSnapshot = 0
  /** Heard from since the last quorum check. */
  recentActive: boolean
  /** No more appends until an answer: a probe is out, or the window is full. */
  flowPaused = false
  isLearner: boolean
  readonly inflights: Inflights

  constructor(id: NodeId, next: number, inflights: Inflights) {
    this.id = id
    this.next = next
    this.isLearner = false
    // A new member is taken as active, so that the next quorum check does not depose its leader (etcd a3afec7).
    this.recentActive = true
    this.inflights = inflights
  }

  get inflightCount(): number {
    return this.inflights.count
  }

  get windowFull(): boolean {
    return this.inflights.full
  }

  get isPaused(): boolean {
    return this.state === 'StateSnapshot' || this.flowPaused
  }

  /** Starts from nothing, as a new leader knows it. */
  reset(match: number, next: number): void {
    this.#enter('StateProbe')
    this.match = match
    this.next = next
    this.sentCommit = 0
    this.recentActive = false
  }

  becomeProbe(): void {
    // A snapshot that was sent is taken to have arrived: probing starts right after it.
    const sent = this.state === 'StateSnapshot' ? this.pendingSnapshot : 0
    this.#enter('StateProbe')
    this.next = Math.max(this.match, sent) + 1
    this.#regressSentCommit()
  }

  becomeReplicate(): void {
    this.#enter('StateReplicate')
    this.next = this.match + 1
  }

  becomeSnapshot(index: number): void {
    this.#enter('StateSnapshot')
    this.pendingSnapshot = index
    this.next = index + 1
    this.sentCommit = index
  }

  /** Notes an append that has been sent. */
  sent(entryCount: number, bytes: number, commit: number): void {
    if (this.state === 'StateReplicate') {
      if (entryCount > 0) {
        this.next += entryCount
        this.inflights.add(this.next - 1, bytes)
      }
      // An append into a full window is empty and serves as a probe: one until the next answer.
      this.flowPaused = this.inflights.full
    } else if (entryCount > 0) {
      this.flowPaused = true
    }
    this.sentCommit = commit
  }

  /** Whether telling this commit index could still move the peer's own. */
  canBumpCommit(commit: number): boolean {
    return commit > this.sentCommit && this.sentCommit < this.next - 1
  }

  /** Takes an acknowledgement up to `index`; false if it tells nothing new. */
  maybeUpdate(index: number): boolean {
    if (index <= this.match) return false
    this.match = index
    this.next = Math.max(this.next, index + 1)
    this.flowPaused = false
    return true
  }

  /** Takes a refusal of the append after `rejected`, the peer's log perhaps matching at `hint`; false if it is stale. */
  maybeDecreaseTo(rejected: number, hint: number): boolean {
    if (this.state === 'StateReplicate') {
      if (rejected <= this.match) return false
      this.next = this.match + 1
      this.#regressSentCommit()
      return true
    }
    // A probing leader has exactly one append out: a refusal of another one is old.
    if (this.next - 1 !== rejected) return false
    this.next = Math.max(Math.min(rejected, hint + 1), this.match + 1)
    this.#regressSentCommit()
    this.flowPaused = false
    return true
  }

  #enter(state: ProgressState): void {
    this.state = state
    this.flowPaused = false
    this.pendingSnapshot = 0
    this.inflights.clear()
  }

  #regressSentCommit(): void {
    this.sentCommit = Math.min(this.sentCommit, this.next - 1)
  }
}
