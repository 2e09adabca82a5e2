import { assert } from '../base/assert.ts'
import type { RaftLogger, TotalRaftConfig } from './config.ts'
import { RaftLog } from './log.ts'
import { type PendingReads, ReadsByContext, ReadsByPosition } from './reads.ts'
import type { ReadState } from './ready.ts'
import { Tracker } from './tracker.ts'
import { type Message, NONE, type NodeId, type StateType } from './types.ts'

/**
 * Everything one member knows, and the transitions between its roles. What a role does with a message stands in
 * follower.ts, candidate.ts and leader.ts; step.ts decides who gets it.
 */
export class RaftState {
  readonly id: NodeId
  readonly config: TotalRaftConfig
  readonly logger: RaftLogger | undefined
  readonly log: RaftLog
  readonly tracker: Tracker
  readonly reads: PendingReads

  term = 0
  vote: NodeId = NONE
  lead: NodeId = NONE
  role: StateType = 'StateFollower'

  /** Ticks since the last word from the leader, or since the leader's last quorum check. */
  electionElapsed = 0
  /** Ticks since the leader's last heartbeat. */
  heartbeatElapsed = 0
  /** Ticks after which this member campaigns: drawn from [electionTick, 2·electionTick − 1] at each change of role. */
  randomizedElectionTimeout = 0

  /** Whom the leader is handing over to; proposals are refused meanwhile. */
  leadTransferee: NodeId = NONE
  /** No further membership change is appended before this index is applied. */
  pendingConfIndex = 0
  /** Payload bytes appended by this leader and not yet applied. */
  uncommittedSize = 0
  /** Reads that wait for the first commit of this leader's term. */
  readsBeforeFirstCommit: Message[] = []

  /** For the host: may leave at once. */
  messages: Message[] = []
  /** For the host: may leave only once everything before is durable; includes this member's messages to itself. */
  messagesAfterAppend: Message[] = []
  readStates: ReadState[] = []

  constructor(config: TotalRaftConfig) {
    this.id = config.id
    this.config = config
    this.logger = config.logger
    this.log = new RaftLog(config.storage, config.maxCommittedSizePerReady)
    this.tracker = new Tracker(config.maxInflightMsgs, config.maxInflightBytes)
    this.reads = config.behaviour.monotoneReadContexts ? new ReadsByPosition() : new ReadsByContext()
  }

  /** Whether this member may stand for election: a voter or outgoing voter with a log of its own. */
  get promotable(): boolean {
    const own = this.tracker.progress(this.id)
    if (own === undefined || own.isLearner) return false
    return !this.config.behaviour.noCampaignWithUnstableSnapshot || this.log.unstable.snapshot === undefined
  }

  /** Whether this term has a commit: without it a leader does not know what is committed (Raft paper, section 8). */
  get committedInCurrentTerm(): boolean {
    return this.log.termOrZero(this.log.committed) === this.term
  }

  becomeFollower(term: number, lead: NodeId): void {
    this.#reset(term)
    this.lead = lead
    this.role = 'StateFollower'
    this.logger?.('INFO', `${this.id} became follower at term ${this.term}`)
  }

  becomeCandidate(): void {
    assert(this.role !== 'StateLeader', 'a leader does not become a candidate')
    this.#reset(this.term + 1)
    this.vote = this.id
    this.role = 'StateCandidate'
    this.logger?.('INFO', `${this.id} became candidate at term ${this.term}`)
  }

  /** Asks before it raises the term: nothing changes but the role, and the old election timeout stays. */
  becomePreCandidate(): void {
    assert(this.role !== 'StateLeader', 'a leader does not become a pre-candidate')
    this.tracker.resetVotes()
    this.lead = NONE
    this.role = 'StatePreCandidate'
    this.logger?.('INFO', `${this.id} became pre-candidate at term ${this.term}`)
  }

  becomeLeader(): void {
    assert(this.role !== 'StateFollower', 'a follower does not become the leader without an election')
    this.#reset(this.term)
    this.#resetPeers()
    this.lead = this.id
    this.role = 'StateLeader'
    const own = this.tracker.progress(this.id)
    if (own !== undefined) {
      own.becomeReplicate()
      own.recentActive = true
    }
    // Older membership changes may lie unapplied in the log: no new one before they are (dissertation errata, 2015).
    this.pendingConfIndex = this.log.lastIndex
    this.logger?.('INFO', `${this.id} became leader at term ${this.term}`)
  }

  drawElectionTimeout(): void {
    const { electionTick, random } = this.config
    this.randomizedElectionTimeout = electionTick + Math.floor(random() * electionTick)
  }

  /** Sends a message of the own term; proposals and reads carry none, because whoever leads may take them. */
  send(m: Message): void {
    if (m.type !== 'MsgProp' && m.type !== 'MsgReadIndex') m.term = this.term
    this.sendInTerm(m)
  }

  /** Sends a message whose term is set already. Answers that promise durability wait for it. */
  sendInTerm(m: Message): void {
    const promise = m.type === 'MsgAppResp' || m.type === 'MsgVoteResp' || m.type === 'MsgPreVoteResp'
    if (promise && this.config.behaviour.selfVoteDurable) {
      this.messagesAfterAppend.push(m)
      return
    }
    assert(m.to !== this.id, 'a member does not write to itself')
    this.messages.push(m)
  }

  #reset(term: number): void {
    if (this.term !== term) {
      this.term = term
      this.vote = NONE
    }
    this.lead = NONE
    this.electionElapsed = 0
    this.heartbeatElapsed = 0
    this.drawElectionTimeout()
    this.leadTransferee = NONE
    this.tracker.resetVotes()
    // Nobody but a leader asks how far its peers are, and a new one begins by forgetting it.
    if (this.role === 'StateLeader') this.#resetPeers()
    this.pendingConfIndex = 0
    this.uncommittedSize = 0
    this.reads.clear()
  }

  #resetPeers(): void {
    const { lastIndex } = this.log
    const { peers } = this.tracker
    for (let i = 0; i < peers.length; i++) peers[i]!.reset(peers[i]!.id === this.id ? lastIndex : 0, lastIndex + 1)
  }
}
