import { stepCandidate } from './candidate.ts'
import { answerVoteRequest, ownCampaignKind, sendVote, startElection } from './election.ts'
import { stepFollower } from './follower.ts'
import { stepLeader } from './leader.ts'
import type { RaftState } from './state.ts'
import { storageAppended, storageApplied } from './storage-acks.ts'
import { beat, checkQuorum } from './ticks.ts'
import { CAMPAIGN_TRANSFER, type Message, message, NONE, type StepError } from './types.ts'

/** Takes one message: first the rules on terms, then what every role does alike, then the role. */
export function step(r: RaftState, m: Message): StepError | undefined {
  // Local messages carry no term.
  if (m.term !== 0) {
    if (m.term > r.term && !meetHigherTerm(r, m)) return undefined
    if (m.term < r.term) {
      answerLowerTerm(r, m)
      return undefined
    }
  }
  switch (m.type) {
    case 'MsgHup':
      startElection(r, ownCampaignKind(r))
      return undefined
    case 'MsgVote':
    case 'MsgPreVote':
      answerVoteRequest(r, m)
      return undefined
    case 'MsgStorageAppendResp':
      storageAppended(r, m.term, m.index, m.logTerm, m.snapshot)
      return undefined
    case 'MsgStorageApplyResp':
      storageApplied(r, m.entries)
      return undefined
    case 'MsgBeat':
      if (r.role === 'StateLeader') beat(r)
      return undefined
    case 'MsgCheckQuorum':
      if (r.role === 'StateLeader') checkQuorum(r)
      return undefined
    default:
      return stepRole(r, m)
  }
}

function stepRole(r: RaftState, m: Message): StepError | undefined {
  if (r.role === 'StateFollower') return stepFollower(r, m)
  if (r.role === 'StateLeader') return stepLeader(r, m)
  return stepCandidate(r, m)
}

/** A message of a later term; false if it is to be ignored. */
function meetHigherTerm(r: RaftState, m: Message): boolean {
  const asksVote = m.type === 'MsgVote' || m.type === 'MsgPreVote'
  // While a leader is heard, a member that was cut off may not disrupt it: silence, not a refusal.
  if (asksVote && m.context !== CAMPAIGN_TRANSFER && inLease(r)) return false
  // A pre-vote changes no term; a granted one comes back in the term asked for.
  if (m.type === 'MsgPreVote' || (m.type === 'MsgPreVoteResp' && !m.reject)) return true
  const fromLeader = m.type === 'MsgApp' || m.type === 'MsgHeartbeat' || m.type === 'MsgSnap'
  r.becomeFollower(m.term, fromLeader ? m.from : NONE)
  return true
}

function inLease(r: RaftState): boolean {
  return r.config.checkQuorum && r.lead !== NONE && r.electionElapsed < r.config.electionTick
}

function answerLowerTerm(r: RaftState, m: Message): void {
  const { checkQuorum: checks, preVote } = r.config
  if ((checks || preVote) && (m.type === 'MsgHeartbeat' || m.type === 'MsgApp')) {
    // The own later term came of a campaign nobody heard, and leases keep it from being heard. Unless the leader
    // learns of it, this member could never follow again.
    r.send(message('MsgAppResp', m.from, r.id))
  } else if (m.type === 'MsgPreVote') {
    // Silence could lock up a group in which pre-vote is being switched on (etcd issue 8501).
    sendVote(r, m.from, 'MsgPreVote', r.term, true)
  } else if (m.type === 'MsgStorageAppendResp') {
    storageAppended(r, m.term, m.index, m.logTerm, m.snapshot)
  }
}
