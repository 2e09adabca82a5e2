import { assert } from '../base/assert.ts'
import { type RaftConfig, totalConfig } from './config.ts'
import type { Configuration } from './configuration.ts'
import { applyMembershipChange, restoreMembership } from './membership.ts'
import type { ProgressView } from './progress.ts'
import type { ReadState, Ready } from './ready.ts'
import { RaftState } from './state.ts'
import { step } from './step.ts'
import { storageAppended, storageApplied } from './storage-acks.ts'
import { storageAppendMessage, storageApplyMessage } from './storage-messages.ts'
import { tick } from './ticks.ts'
import {
  type ConfChange,
  type ConfState,
  type Entry,
  type EntryData,
  type EntryType,
  type HardState,
  isLocalTarget,
  isLocalType,
  isResponseType,
  type Message,
  type MessageContext,
  type MessageType,
  message,
  NO_ENTRIES,
  NO_MESSAGES,
  NONE,
  type NodeId,
  type Snapshot,
  type SoftState,
  type StateType,
  type StepError,
} from './types.ts'

const NO_READ_STATES: readonly ReadState[] = Object.freeze([])

// Set by the class below, which alone can see its private parts.
let internals: (node: RawNode) => RaftState

/**
 * One Raft member as a state machine: ticks, messages and requests go in, {@link Ready} comes out.
 *
 * A host repeats: while `hasReady`, take `ready`, make durable what it names, send, apply, then `advance`.
 * Messages may be stepped and ticks given between `ready` and `advance`; a second `ready` may not be taken.
 * With `asyncStorageWrites` there is no `advance`: storage work goes out as messages to the two local threads, and
 * their `responses` are delivered (own ones by {@link step}) when the work is done.
 */
export class RawNode {
  static {
    internals = (node) => node.#raft
  }
  readonly #raft: RaftState
  #hardState: HardState
  #lead: NodeId = NONE
  #role: StateType = 'StateFollower'

  // What `advance` has to acknowledge.
  #outstanding = false
  readonly #ownMessages: Message[] = []
  #stableTerm = 0
  #stableIndex = 0
  #stableLogTerm = 0
  #stableSnapshot: Snapshot | undefined = undefined
  #applying: readonly Entry[] = NO_ENTRIES

  /** Starts a member from what its storage holds: a follower that knows no leader. */
  constructor(config: RaftConfig) {
    const total = totalConfig(config)
    const { hardState, confState } = total.storage.initialState()
    const r = new RaftState(total)
    this.#raft = r
    restoreMembership(r, confState)
    if (hardState.term !== 0 || hardState.vote !== NONE || hardState.commit !== 0) {
      assert(hardState.commit >= r.log.committed, 'the stored commit index is not before the log')
      assert(hardState.commit <= r.log.lastIndex, 'the stored commit index is not beyond the log')
      r.log.committed = hardState.commit
      r.term = hardState.term
      r.vote = hardState.vote
    }
    if (total.applied > 0) r.log.appliedTo(total.applied, NO_ENTRIES)
    r.becomeFollower(r.term, NONE)
    this.#hardState = { term: r.term, vote: r.vote, commit: r.log.committed }
  }

  /** One tick of the host's clock. */
  tick(): void {
    tick(this.#raft)
  }

  /** Starts an election now. */
  campaign(): void {
    this.#local('MsgHup', this.#raft.id)
  }

  /** Takes a message from the network, or from a local storage thread. */
  step(m: Message): StepError | undefined {
    if (!isLocalTarget(m.from)) {
      if (isLocalType(m.type)) return 'raft: cannot step raft local message'
      if (isResponseType(m.type) && this.#raft.tracker.progress(m.from) === undefined) {
        return 'raft: cannot step as peer not found'
      }
    }
    return step(this.#raft, m)
  }

  /** Proposes an entry; a follower forwards it. No error is no promise: the entry may still be lost. */
  propose(data: EntryData): StepError | undefined {
    return this.#propose('EntryNormal', data)
  }

  /** Proposes a membership change; `v1` writes it in the older form, for one change only. */
  proposeConfChange(change: ConfChange, v1 = false): StepError | undefined {
    assert(
      !v1 || (change.changes.length === 1 && change.transition === 'auto'),
      'the older form holds one simple change',
    )
    return this.#propose(v1 ? 'EntryConfChange' : 'EntryConfChangeV2', change)
  }

  /** To be called when a membership change is applied (not when the host vetoes it). */
  applyConfChange(change: ConfChange): ConfState {
    return applyMembershipChange(this.#raft, change)
  }

  /** Asks for a read index; the answer comes in `readStates` under the same context, or never. */
  readIndex(context: MessageContext): void {
    const m = message('MsgReadIndex', NONE, NONE)
    m.context = context
    step(this.#raft, m)
  }

  /** Asks the leader to hand over to this member. */
  transferLeader(transferee: NodeId): void {
    this.#local('MsgTransferLeader', transferee)
  }

  /** Makes a follower forget its leader, so that it may vote for another one at once. */
  forgetLeader(): void {
    this.#local('MsgForgetLeader', this.#raft.id)
  }

  /** The last message to this member was not delivered. */
  reportUnreachable(id: NodeId): void {
    this.#local('MsgUnreachable', id)
  }

  /** Sending a snapshot to this member has ended. */
  reportSnapshot(id: NodeId, ok: boolean): void {
    const m = message('MsgSnapStatus', NONE, id)
    m.reject = !ok
    step(this.#raft, m)
  }

  /** Whether {@link ready} has anything to say. Cheap: asks, builds nothing. */
  hasReady(): boolean {
    const r = this.#raft
    return (
      r.messages.length > 0 ||
      r.messagesAfterAppend.length > 0 ||
      r.lead !== this.#lead ||
      r.role !== this.#role ||
      this.#hardStateChanged() ||
      r.log.unstable.hasNextEntries ||
      r.log.hasNextCommitted(this.#appliesUnstable) ||
      r.log.unstable.nextSnapshot() !== undefined ||
      r.readStates.length > 0
    )
  }

  /** Takes the work that has gathered; without asynchronous writes, {@link advance} must follow. */
  ready(): Ready {
    const r = this.#raft
    assert(!this.#outstanding, 'one Ready is advanced before the next is taken')
    const { unstable } = r.log
    const hardState = this.#hardStateChanged() ? { term: r.term, vote: r.vote, commit: r.log.committed } : undefined
    const entries = unstable.nextEntries()
    const snapshot = unstable.nextSnapshot()
    const committedEntries = r.log.nextCommitted(this.#appliesUnstable)
    const mustSync = this.needsWrite
    const softState = this.#takeSoftState()
    const readStates = this.#takeReadStates()
    const messages = r.config.asyncStorageWrites
      ? this.#takeAsyncMessages(hardState, entries, snapshot, committedEntries)
      : this.#takeMessages(snapshot, committedEntries)
    if (hardState !== undefined) this.#hardState = hardState
    unstable.acceptInProgress()
    if (committedEntries.length > 0) r.log.acceptApplying(committedEntries, this.#appliesUnstable)
    return { softState, hardState, readStates, entries, snapshot, committedEntries, messages, mustSync }
  }

  /** The last {@link Ready} is durable, sent and applied. */
  advance(): void {
    if (!this.#outstanding) return
    const r = this.#raft
    this.#outstanding = false
    // Own acknowledgements and votes count from here: what they promise is durable.
    for (let i = 0; i < this.#ownMessages.length; i++) step(r, this.#ownMessages[i]!)
    // Setting the length of a list is slow, even where it is nought already.
    if (this.#ownMessages.length > 0) this.#ownMessages.length = 0
    storageAppended(r, this.#stableTerm, this.#stableIndex, this.#stableLogTerm, this.#stableSnapshot)
    storageApplied(r, this.#applying)
  }

  /** Whether the next {@link Ready} holds anything that must be on disk before it is advanced. */
  get needsWrite(): boolean {
    const r = this.#raft
    return r.log.unstable.hasNextEntries || r.term !== this.#hardState.term || r.vote !== this.#hardState.vote
  }

  /** Whether a {@link Ready} was taken and not advanced: what it holds may not be durable. */
  get isOutstanding(): boolean {
    return this.#outstanding
  }

  get id(): NodeId {
    return this.#raft.id
  }
  get term(): number {
    return this.#raft.term
  }
  get lead(): NodeId {
    return this.#raft.lead
  }
  get state(): StateType {
    return this.#raft.role
  }
  get vote(): NodeId {
    return this.#raft.vote
  }
  get committed(): number {
    return this.#raft.log.committed
  }
  /** Whether an entry of the current term is committed: only then does a leader know what is. */
  get hasCommittedInTerm(): boolean {
    return this.#raft.log.term(this.#raft.log.committed) === this.#raft.term
  }
  get applied(): number {
    return this.#raft.log.applied
  }
  get firstIndex(): number {
    return this.#raft.log.firstIndex
  }
  get lastIndex(): number {
    return this.#raft.log.lastIndex
  }
  get lastTerm(): number {
    return this.#raft.log.lastTerm
  }
  /** Term of an entry; undefined if it is compacted (but for the one just before the first) or not there. */
  termAt(index: number): number | undefined {
    return this.#raft.log.term(index)
  }
  get electionElapsed(): number {
    return this.#raft.electionElapsed
  }
  get heartbeatElapsed(): number {
    return this.#raft.heartbeatElapsed
  }
  get randomizedElectionTimeout(): number {
    return this.#raft.randomizedElectionTimeout
  }
  get leadTransferee(): NodeId {
    return this.#raft.leadTransferee
  }
  /** Whether a membership change may be appended but not applied, so that no further one is taken. */
  get pendingConf(): boolean {
    return this.#raft.pendingConfIndex > this.#raft.log.applied
  }
  /** Index of the newest membership change appended in this term; further ones wait until it is applied. */
  get pendingConfIndex(): number {
    return this.#raft.pendingConfIndex
  }
  /** The membership as applied here. */
  get configuration(): Configuration {
    return this.#raft.tracker.configuration
  }
  /** Whether this member may stand for election. */
  get promotable(): boolean {
    return this.#raft.promotable
  }
  /** All members as this one sees them, ascending; meaningful on a leader. */
  get peers(): readonly ProgressView[] {
    return this.#raft.tracker.peers
  }
  /** One member as this one sees it; meaningful on a leader. */
  progress(id: NodeId): ProgressView | undefined {
    return this.#raft.tracker.progress(id)
  }

  /** Takes the present state as told to the host and durable: what shortcuts.ts did needs no Ready. @internal */
  markTold(): HardState {
    const r = this.#raft
    this.#lead = r.lead
    this.#role = r.role
    this.#hardState = { term: r.term, vote: r.vote, commit: r.log.committed }
    return this.#hardState
  }

  /** Sets the election timeout (ticks) until it is drawn anew, for tests. */
  setRandomizedElectionTimeout(ticks: number): void {
    this.#raft.randomizedElectionTimeout = ticks
  }

  get #appliesUnstable(): boolean {
    // Only acknowledged entries are sure to be on disk while writes are under way in the background.
    return !this.#raft.config.asyncStorageWrites
  }

  #local(type: MessageType, from: NodeId): void {
    step(this.#raft, message(type, NONE, from))
  }

  #propose(type: EntryType, data: EntryData): StepError | undefined {
    const m = message('MsgProp', NONE, this.#raft.id)
    m.entries = [{ term: 0, index: 0, type, data }]
    return step(this.#raft, m)
  }

  #hardStateChanged(): boolean {
    const r = this.#raft
    const old = this.#hardState
    return r.log.committed !== old.commit || r.term !== old.term || r.vote !== old.vote
  }

  #takeSoftState(): SoftState | undefined {
    const r = this.#raft
    if (r.lead === this.#lead && r.role === this.#role) return undefined
    this.#lead = r.lead
    this.#role = r.role
    return { lead: r.lead, state: r.role }
  }

  #takeReadStates(): readonly ReadState[] {
    const taken = this.#raft.readStates
    if (taken.length === 0) return NO_READ_STATES
    this.#raft.readStates = []
    return taken
  }

  /** Hands over the messages that may leave before anything is durable. */
  #takeEarlyMessages(): Message[] | undefined {
    const taken = this.#raft.messages
    if (taken.length === 0) return undefined
    this.#raft.messages = []
    return taken
  }

  /** Everything to be sent after persisting; keeps the member's messages to itself for {@link advance}. */
  #takeMessages(snapshot: Snapshot | undefined, committedEntries: readonly Entry[]): readonly Message[] {
    const r = this.#raft
    let messages = this.#takeEarlyMessages()
    const late = r.messagesAfterAppend
    for (let i = 0; i < late.length; i++) {
      const m = late[i]!
      if (m.to === r.id) {
        this.#ownMessages.push(m)
      } else {
        messages ??= []
        messages.push(m)
      }
    }
    if (late.length > 0) late.length = 0
    const hasUnstable = r.log.unstable.length > 0
    this.#outstanding = true
    this.#stableTerm = r.term
    this.#stableIndex = hasUnstable ? r.log.lastIndex : 0
    this.#stableLogTerm = hasUnstable ? r.log.lastTerm : 0
    this.#stableSnapshot = snapshot
    this.#applying = committedEntries
    return messages ?? NO_MESSAGES
  }

  /** Everything to be sent now, and the work for the local threads. */
  #takeAsyncMessages(
    hardState: HardState | undefined,
    entries: readonly Entry[],
    snapshot: Snapshot | undefined,
    committedEntries: readonly Entry[],
  ): readonly Message[] {
    const r = this.#raft
    const messages = this.#takeEarlyMessages() ?? []
    const appends = entries.length > 0 || hardState !== undefined || snapshot !== undefined
    if (appends || r.messagesAfterAppend.length > 0) {
      messages.push(storageAppendMessage(r, hardState, entries, snapshot))
      r.messagesAfterAppend = []
    }
    if (committedEntries.length > 0) messages.push(storageApplyMessage(r, committedEntries))
    return messages
  }
}

/**
 * The state inside a node, where tests seed bugs to see whether they are found. In `src/` shortcuts.ts alone may call it.
 * @internal
 */
export function internalsOf(node: RawNode): RaftState {
  return internals(node)
}
