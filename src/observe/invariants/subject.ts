import type { RawNode } from '../../raft/raw-node.ts'
import type { ConfState, HardState } from '../../raft/types.ts'

/** What is on a member's disk: what it would find after a crash right now. */
export interface DurableState {
  hardState(): HardState
  firstIndex(): number
  lastIndex(): number
  /** Term of an entry for firstIndex − 1 ≤ index ≤ lastIndex; undefined outside. */
  term(index: number): number | undefined
}

/** A member as the invariants see it. */
export interface Subject {
  readonly id: number
  /** undefined while the process is down. */
  readonly node: RawNode | undefined
  readonly disk: DurableState
}

/** What the group was set up with, as far as invariants depend on it. */
export interface GroupFacts {
  /** Ticks. */
  readonly electionTick: number
  readonly preVote: boolean
  readonly checkQuorum: boolean
  /** Appends under way to one peer. */
  readonly maxInflightMsgs: number
  /** Raft 3.6 and later: a leader counts its own copy only once it is durable. */
  readonly selfVoteDurable: boolean
  /** Raft 3.5 and later: no campaign of any kind while a committed membership change is not applied. */
  readonly campaignsOnlyApplied: boolean
  readonly readOnlyOption: 'safe' | 'lease'
  /** The membership all members start with, as of index 1 in term 1. */
  readonly initial: ConfState
}

/** Names a request for a vote. */
export function requestKey(from: number, term: number): number {
  return term * 1024 + from
}

/** A leader of `term` has committed the entries after `from` up to `to`. */
export interface LeaderCommit {
  readonly from: number
  readonly to: number
  readonly term: number
}

/** The last that was seen of one running process; a restart starts a new one. */
export class Watch {
  term: number
  vote: number
  isLeader = false
  /** Candidate or pre-candidate. */
  campaigns = false
  members: ReadonlySet<number>
  leadTransferee = 0
  committed: number
  /** What it committed as leader and nobody can have seen yet. */
  readonly commits: LeaderCommit[] = []
  lastIndex: number
  lastTerm: number | undefined
  applied: number
  /** Ticks of this process. */
  ticks = 0
  /** Tick at which each peer last answered this leader, or contact with it began to count anew. */
  readonly heard = new Map<number, number>()
  /** Tick at which each peer last answered this leader, or joined. */
  readonly answered = new Map<number, number>()
  /** Pre-votes (by {@link requestKey}) that were asked for while no leader was heard. */
  readonly asked = new Set<number>()

  constructor(node: RawNode) {
    this.term = node.term
    this.vote = node.vote
    this.members = new Set(node.peers.map(({ id }) => id))
    this.committed = node.committed
    this.lastIndex = node.lastIndex
    this.lastTerm = node.lastTerm
    this.applied = node.applied
  }
}
