import { assert } from '../base/assert.ts'
import type { Storage } from './storage.ts'
import type { NodeId } from './types.ts'

/**
 * What changed between versions of etcd's Raft library, one switch per change.
 * Sources: the library's change logs for 3.5, 3.6 and 3.7.
 */
export interface RaftBehaviour {
  /** A member counts its own vote and its own log copy only once they are durable (3.6); before: at once. */
  readonly selfVoteDurable: boolean
  /** A refused append tells the term at the hint, so that one probe skips a whole term (3.5); before: last index only. */
  readonly termAwareRejection: boolean
  /** A member does not campaign while a received snapshot is not yet durable (3.5). */
  readonly noCampaignWithUnstableSnapshot: boolean
  /** An election asked for by the leader also waits for applied membership changes (3.5). */
  readonly transferChecksUnappliedChanges: boolean
  /** A peer leaves the snapshot state as soon as its log reaches the leader's (3.6); before: at the sent snapshot's index. */
  readonly leaveSnapshotOnReconnect: boolean
  /** A full window still lets one empty append through per heartbeat answer (3.6); before: the oldest one is forgotten. */
  readonly emptyAppendOnFullWindow: boolean
  /** A heartbeat answer resumes a caught-up peer that is being probed (3.6). */
  readonly heartbeatResumesProbe: boolean
  /** A leader remembers which commit index it told each peer (3.6); before: it tells again whenever a pause ends. */
  readonly tracksSentCommit: boolean
  /** Reads are confirmed by a rising position instead of the caller's own context (3.7). */
  readonly monotoneReadContexts: boolean
}

/** Versions whose Raft library differs in behaviour. */
export type RaftVersion = '3.4' | '3.5' | '3.6' | '3.7'

/** The switches of one etcd version's Raft library. */
export function raftBehaviour(version: RaftVersion): RaftBehaviour {
  return BEHAVIOURS[version]
}

function behaviourOf(version: RaftVersion): RaftBehaviour {
  const since = (first: RaftVersion): boolean => version >= first
  return Object.freeze({
    selfVoteDurable: since('3.6'),
    termAwareRejection: since('3.5'),
    noCampaignWithUnstableSnapshot: since('3.5'),
    transferChecksUnappliedChanges: since('3.5'),
    leaveSnapshotOnReconnect: since('3.6'),
    emptyAppendOnFullWindow: since('3.6'),
    heartbeatResumesProbe: since('3.6'),
    tracksSentCommit: since('3.6'),
    monotoneReadContexts: since('3.7'),
  })
}

const BEHAVIOURS: { readonly [version in RaftVersion]: RaftBehaviour } = {
  '3.4': behaviourOf('3.4'),
  '3.5': behaviourOf('3.5'),
  '3.6': behaviourOf('3.6'),
  '3.7': behaviourOf('3.7'),
}

/** `safe` confirms each read with a quorum; `lease` trusts the leader's lease and needs checkQuorum. */
export type ReadOnlyOption = 'safe' | 'lease'

/** Receives one line of diagnostics; without one no line is built. */
export type RaftLogger = (level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR', text: string) => void

/** How one member is set up. Only the first five are required; the defaults of the others stand beside them. */
export interface RaftConfig {
  readonly id: NodeId
  readonly storage: Storage
  /** Ticks without word from a leader before a campaign; the actual timeout is drawn from [electionTick, 2·electionTick − 1]. */
  readonly electionTick: number
  /** Ticks between a leader's heartbeats; less than electionTick. */
  readonly heartbeatTick: number
  /** Uniform in [0,1): drawn once each time the election timeout is drawn anew, for nothing else. */
  readonly random: () => number
  /** Ask whether an election could be won before raising the term. Default false. */
  readonly preVote?: boolean
  /** Step down without contact to a quorum, and ignore votes while a leader is heard. Default false. */
  readonly checkQuorum?: boolean
  /** Bytes of entries in one append; at least one entry is always sent. Default unlimited. */
  readonly maxSizePerMsg?: number
  /** Appends under way to one peer. Default 256. */
  readonly maxInflightMsgs?: number
  /** Bytes under way to one peer. Default unlimited. */
  readonly maxInflightBytes?: number
  /** Bytes handed out for application and not yet acknowledged; at least one entry. Default: maxSizePerMsg. */
  readonly maxCommittedSizePerReady?: number
  /** Payload bytes a leader holds uncommitted before it drops proposals. Default unlimited. */
  readonly maxUncommittedEntriesSize?: number
  /** Last index the host has applied already (restart). Default 0: what the storage's snapshot covers. */
  readonly applied?: number
  /** Hand storage work out as messages to local threads instead of Ready and advance. Default false. */
  readonly asyncStorageWrites?: boolean
  /** Default `safe`. */
  readonly readOnlyOption?: ReadOnlyOption
  /** A leader that is removed or demoted steps down. Default false, as in etcd. */
  readonly stepDownOnRemoval?: boolean
  /** A follower drops proposals instead of forwarding them to the leader. Default false. */
  readonly disableProposalForwarding?: boolean
  /** Append membership changes without checking that none is pending. Default false. */
  readonly disableConfChangeValidation?: boolean
  /** Default `raftBehaviour('3.6')`. */
  readonly behaviour?: RaftBehaviour
  /** Default none. */
  readonly logger?: RaftLogger | undefined
}

/** {@link RaftConfig} with every default filled in. */
export type TotalRaftConfig = Required<Omit<RaftConfig, 'logger'>> & { readonly logger: RaftLogger | undefined }

/** Fills in the defaults and refuses settings that cannot work. */
export function totalConfig(config: RaftConfig): TotalRaftConfig {
  const maxSizePerMsg = config.maxSizePerMsg ?? Number.POSITIVE_INFINITY
  const total: TotalRaftConfig = {
    id: config.id,
    storage: config.storage,
    electionTick: config.electionTick,
    heartbeatTick: config.heartbeatTick,
    random: config.random,
    preVote: config.preVote ?? false,
    checkQuorum: config.checkQuorum ?? false,
    maxSizePerMsg,
    maxInflightMsgs: config.maxInflightMsgs ?? 256,
    maxInflightBytes: config.maxInflightBytes ?? Number.POSITIVE_INFINITY,
    maxCommittedSizePerReady: config.maxCommittedSizePerReady ?? maxSizePerMsg,
    maxUncommittedEntriesSize: config.maxUncommittedEntriesSize ?? Number.POSITIVE_INFINITY,
    applied: config.applied ?? 0,
    asyncStorageWrites: config.asyncStorageWrites ?? false,
    readOnlyOption: config.readOnlyOption ?? 'safe',
    stepDownOnRemoval: config.stepDownOnRemoval ?? false,
    disableProposalForwarding: config.disableProposalForwarding ?? false,
    disableConfChangeValidation: config.disableConfChangeValidation ?? false,
    behaviour: config.behaviour ?? raftBehaviour('3.6'),
    logger: config.logger,
  }
  assert(Number.isInteger(total.id) && total.id > 0, 'a member id is a positive integer')
  assert(total.heartbeatTick > 0, 'the heartbeat tick is positive')
  assert(total.electionTick > total.heartbeatTick, 'the election tick is greater than the heartbeat tick')
  assert(total.maxInflightMsgs > 0, 'the window holds at least one append')
  assert(total.maxInflightBytes >= total.maxSizePerMsg, 'the window holds at least one append of full size')
  assert(total.readOnlyOption === 'safe' || total.checkQuorum, 'lease reads need checkQuorum')
  assert(total.behaviour.selfVoteDurable || !total.asyncStorageWrites, 'asynchronous writes need raft 3.6')
  return total
}
