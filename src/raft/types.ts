/**
 * What Raft members say to each other and keep: messages, entries, hard state, snapshots, membership changes.
 * Terms and indexes are plain integers; a term or index of 0 means "none".
 */

/** Identity of a member: a positive integer; 0 means "no member". */
export type NodeId = number

/** No member: an unknown leader, a vote not given. */
export const NONE: NodeId = 0
/** Address of the local thread that makes log appends durable (asynchronous storage writes only). */
export const LOCAL_APPEND_THREAD: NodeId = -1
/** Address of the local thread that applies committed entries (asynchronous storage writes only). */
export const LOCAL_APPLY_THREAD: NodeId = -2

/** The twenty-four message types of etcd's Raft; what each does in each role is told in the role files. */
export type MessageType =
  | 'MsgHup'
  | 'MsgBeat'
  | 'MsgProp'
  | 'MsgApp'
  | 'MsgAppResp'
  | 'MsgVote'
  | 'MsgVoteResp'
  | 'MsgSnap'
  | 'MsgHeartbeat'
  | 'MsgHeartbeatResp'
  | 'MsgUnreachable'
  | 'MsgSnapStatus'
  | 'MsgCheckQuorum'
  | 'MsgTransferLeader'
  | 'MsgTimeoutNow'
  | 'MsgReadIndex'
  | 'MsgReadIndexResp'
  | 'MsgPreVote'
  | 'MsgPreVoteResp'
  | 'MsgStorageAppend'
  | 'MsgStorageAppendResp'
  | 'MsgStorageApply'
  | 'MsgStorageApplyResp'
  | 'MsgForgetLeader'

/** A membership change entry is kept apart from normal ones; V1 carries one change, V2 any number. */
export type EntryType = 'EntryNormal' | 'EntryConfChange' | 'EntryConfChangeV2'

/** One operation of a membership change. `update` changes nothing in Raft; it exists for the host's own records. */
export interface SingleChange {
  readonly type: 'add-voter' | 'add-learner' | 'remove' | 'update'
  readonly nodeId: NodeId
}

/**
 * A membership change. `auto` uses joint consensus only if more than one member changes and leaves it by itself,
 * `implicit` always uses it and leaves by itself, `explicit` always uses it and waits for an empty change to leave.
 */
export interface ConfChange {
  readonly kind: 'conf-change'
  readonly transition: 'auto' | 'implicit' | 'explicit'
  readonly changes: readonly SingleChange[]
  /** Opaque to Raft; handed to whoever applies the entry. */
  readonly context: string
}

/** A host's own payload of known size; Raft reads the size for its limits and nothing else. */
export interface Payload {
  readonly kind: 'payload'
  /** Bytes the payload would take on the wire. */
  readonly bytes: number
}

/** What an entry carries: nothing, text, a host's payload, or a membership change. */
export type EntryData = string | Payload | ConfChange | undefined

/** One slot of the replicated log. Immutable: entries are shared between logs and messages, never copied. */
export interface Entry {
  readonly term: number
  readonly index: number
  readonly type: EntryType
  readonly data: EntryData
}

/** What must survive a crash besides the log. Only a change of term or vote forces a disk sync; commit does not. */
export interface HardState {
  readonly term: number
  readonly vote: NodeId
  readonly commit: number
}

/** The role a member plays at the moment. A learner is a follower without a vote, not a role. */
export type StateType = 'StateFollower' | 'StateCandidate' | 'StateLeader' | 'StatePreCandidate'

/** What is lost in a crash and worth telling the host when it changes. */
export interface SoftState {
  readonly lead: NodeId
  readonly state: StateType
}

/** The membership as stored in snapshots: all lists ascending. A non-empty `votersOutgoing` means a joint configuration. */
export interface ConfState {
  readonly voters: readonly NodeId[]
  readonly learners: readonly NodeId[]
  readonly votersOutgoing: readonly NodeId[]
  readonly learnersNext: readonly NodeId[]
  readonly autoLeave: boolean
}

/** The applied state up to and including `index`; replaces the log up to there. */
export interface Snapshot {
  readonly index: number
  readonly term: number
  readonly confState: ConfState
  /** The host's state; opaque to Raft. */
  readonly data: unknown
}

/** Names a read request, or marks a forced election; opaque to the members that echo it. */
export type MessageContext = string | number | undefined

/** One message. Every field is always present (one hidden class); made only by {@link message}. */
export interface Message {
  type: MessageType
  to: NodeId
  from: NodeId
  /** 0 for local messages, proposals and read requests, which carry no term. */
  term: number
  logTerm: number
  index: number
  entries: readonly Entry[]
  commit: number
  vote: NodeId
  snapshot: Snapshot | undefined
  reject: boolean
  rejectHint: number
  context: MessageContext
  /** What a local storage thread must deliver once it has done the work of this message. */
  responses: readonly Message[]
}

/** Why a message or proposal was refused; the texts are the ones the library's users know. */
export type StepError =
  | 'raft proposal dropped'
  | 'raft: cannot step raft local message'
  | 'raft: cannot step as peer not found'

/** Shared empty lists: a message without entries or responses allocates none. */
export const NO_ENTRIES: readonly Entry[] = Object.freeze([])
export const NO_MESSAGES: readonly Message[] = Object.freeze([])

/** Context of a vote request that ignores leases, because the leader itself asked for the election. */
export const CAMPAIGN_TRANSFER = 'CampaignTransfer'

/** A message with only its type and addressees set; the sender fills in what it needs. */
export function message(type: MessageType, to: NodeId, from: NodeId): Message {
  return {
    type,
    to,
    from,
    term: 0,
    logTerm: 0,
    index: 0,
    entries: NO_ENTRIES,
    commit: 0,
    vote: NONE,
    snapshot: undefined,
    reject: false,
    rejectHint: 0,
    context: undefined,
    responses: NO_MESSAGES,
  }
}

/** Whether an id is one of the two local storage threads rather than a member. */
export function isLocalTarget(id: NodeId): boolean {
  return id === LOCAL_APPEND_THREAD || id === LOCAL_APPLY_THREAD
}

/** Types that only the member itself may produce; from the network they are refused. */
export function isLocalType(type: MessageType): boolean {
  switch (type) {
    case 'MsgHup':
    case 'MsgBeat':
    case 'MsgUnreachable':
    case 'MsgSnapStatus':
    case 'MsgCheckQuorum':
    case 'MsgStorageAppend':
    case 'MsgStorageAppendResp':
    case 'MsgStorageApply':
    case 'MsgStorageApplyResp':
      return true
    default:
      return false
  }
}

/** Types that answer a request; they are refused from members this one does not know. */
export function isResponseType(type: MessageType): boolean {
  switch (type) {
    case 'MsgAppResp':
    case 'MsgVoteResp':
    case 'MsgHeartbeatResp':
    case 'MsgUnreachable':
    case 'MsgReadIndexResp':
    case 'MsgPreVoteResp':
    case 'MsgStorageAppendResp':
    case 'MsgStorageApplyResp':
      return true
    default:
      return false
  }
}

/** A membership of nobody: where a member starts that joins later. */
export const EMPTY_CONF_STATE: ConfState = Object.freeze({
  voters: [],
  learners: [],
  votersOutgoing: [],
  learnersNext: [],
  autoLeave: false,
})
