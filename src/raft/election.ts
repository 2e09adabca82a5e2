import { votersOf } from './configuration.ts'
import type { VoteResult } from './quorum.ts'
import { appendToOwnLog } from './replication.ts'
import type { RaftState } from './state.ts'
import { CAMPAIGN_TRANSFER, type Entry, type Message, type MessageType, message, NONE, type NodeId } from './types.ts'

/** Pre-election asks without raising the term; a transfer is an election that ignores leases. */
export type CampaignKind = 'pre-election' | 'election' | 'transfer'

/** Starts a campaign if this member may stand for election. */
export function startElection(r: RaftState, kind: CampaignKind): void {
  if (r.role === 'StateLeader' || !r.promotable) return
  const careless = kind === 'transfer' && !r.config.behaviour.transferChecksUnappliedChanges
  // A committed change that is not applied yet may change who has to be asked.
  if (!careless && hasUnappliedChange(r)) return
  r.logger?.('INFO', `${r.id} is starting a new election at term ${r.term}`)
  campaign(r, kind)
}

/** The campaign a member starts by itself. */
export function ownCampaignKind(r: RaftState): CampaignKind {
  return r.config.preVote ? 'pre-election' : 'election'
}

function campaign(r: RaftState, kind: CampaignKind): void {
  if (kind === 'pre-election') r.becomePreCandidate()
  else r.becomeCandidate()
  const request: MessageType = kind === 'pre-election' ? 'MsgPreVote' : 'MsgVote'
  const term = kind === 'pre-election' ? r.term + 1 : r.term
  // Before raft 3.6 the own vote counts before it is durable; alone in the group, it wins at once.
  if (!r.config.behaviour.selfVoteDurable && countVote(r, r.id, true) === 'VoteWon') {
    if (kind === 'pre-election') campaign(r, 'election')
    else takeLeadership(r)
    return
  }
  for (const id of votersOf(r.tracker.configuration)) {
    if (id === r.id) {
      if (r.config.behaviour.selfVoteDurable) sendVote(r, id, request, term, false)
      continue
    }
    const m = message(request, id, r.id)
    m.term = term
    m.index = r.log.lastIndex
    m.logTerm = r.log.lastTerm
    m.context = kind === 'transfer' ? CAMPAIGN_TRANSFER : undefined
    r.sendInTerm(m)
    r.logger?.(
      'INFO',
      `${r.id} [logterm: ${m.logTerm}, index: ${m.index}] sent ${request} request to ${id} at term ${term}`,
    )
  }
}

const LEADERS_FIRST: readonly Entry[] = Object.freeze([
  Object.freeze({ term: 0, index: 0, type: 'EntryNormal', data: undefined } as const),
])

/** Becomes the leader and appends an empty entry: only a commit of its own term tells a leader what is committed. */
export function takeLeadership(r: RaftState): void {
  r.becomeLeader()
  appendToOwnLog(r, LEADERS_FIRST)
}

/** Counts a vote and says how the election stands. */
export function countVote(r: RaftState, from: NodeId, granted: boolean): VoteResult {
  r.tracker.recordVote(from, granted)
  return r.tracker.voteResult()
}

/**
 * Answers a request for a vote or pre-vote that passed the term rules. Learners answer too: whoever asks may know of
 * a promotion that has not arrived here yet (etcd issue 7625).
 */
export function answerVoteRequest(r: RaftState, m: Message): void {
  const repeats = r.vote === m.from
  const free = r.vote === NONE && r.lead === NONE
  const future = m.type === 'MsgPreVote' && m.term > r.term
  const granted = (repeats || free || future) && r.log.isUpToDate(m.index, m.logTerm)
  r.logger?.(
    'INFO',
    `${r.id} [vote: ${r.vote}] ${granted ? 'cast' : 'rejected'} ${m.type} for ${m.from} at term ${r.term}`,
  )
  // A grant answers in the term asked for, which for a pre-vote is not the own one.
  sendVote(r, m.from, m.type, granted ? m.term : r.term, !granted)
  if (granted && m.type === 'MsgVote') {
    r.electionElapsed = 0
    r.vote = m.from
  }
}

/** Sends the answer that belongs to a request. */
export function sendVote(r: RaftState, to: NodeId, request: MessageType, term: number, reject: boolean): void {
  const m = message(request === 'MsgPreVote' ? 'MsgPreVoteResp' : 'MsgVoteResp', to, r.id)
  m.term = term
  m.reject = reject
  r.sendInTerm(m)
}

/** Whether a membership change is committed but not applied. */
function hasUnappliedChange(r: RaftState): boolean {
  const { applied, committed } = r.log
  if (applied >= committed) return false
  const entries = r.log.slice(applied + 1, committed + 1, Number.POSITIVE_INFINITY)
  return entries?.some((entry) => entry.type !== 'EntryNormal') ?? false
}
