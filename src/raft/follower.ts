import { startElection } from './election.ts'
import { restoreSnapshot } from './membership.ts'
import type { RaftState } from './state.ts'
import { type Message, message, NONE, type StepError } from './types.ts'

/** What a follower or learner does with a message of its own term. */
export function stepFollower(r: RaftState, m: Message): StepError | undefined {
  switch (m.type) {
    case 'MsgProp':
      if (r.lead === NONE || r.config.disableProposalForwarding) return 'raft proposal dropped'
      forward(r, m)
      return undefined
    case 'MsgApp':
      hearLeader(r, m)
      handleAppend(r, m)
      return undefined
    case 'MsgHeartbeat':
      hearLeader(r, m)
      handleHeartbeat(r, m)
      return undefined
    case 'MsgSnap':
      hearLeader(r, m)
      handleSnapshot(r, m)
      return undefined
    case 'MsgTransferLeader':
    case 'MsgReadIndex':
      // Without a leader these vanish: whoever asked has to ask again.
      if (r.lead !== NONE) forward(r, m)
      return undefined
    case 'MsgForgetLeader':
      forgetLeader(r)
      return undefined
    case 'MsgTimeoutNow':
      // The leader itself asks for this election: no pre-vote, and leases do not count.
      startElection(r, 'transfer')
      return undefined
    case 'MsgReadIndexResp':
      r.readStates.push({ index: m.index, context: m.context })
      return undefined
    default:
      return undefined
  }
}

function hearLeader(r: RaftState, m: Message): void {
  r.electionElapsed = 0
  r.lead = m.from
}

/** Passes a request on to the leader. Whose request it is stays, so that the answer finds its way. */
function forward(r: RaftState, m: Message): void {
  const forwarded = message(m.type, r.lead, m.from === NONE ? r.id : m.from)
  forwarded.entries = m.entries
  forwarded.context = m.context
  r.send(forwarded)
}

/** Lets a follower that knows of the leader's death grant votes before its lease runs out. */
function forgetLeader(r: RaftState): void {
  // A lease read relies on followers keeping faith for the whole lease.
  if (r.config.readOnlyOption === 'lease') {
    r.logger?.('ERROR', `${r.id} ignoring MsgForgetLeader due to lease reads`)
    return
  }
  r.lead = NONE
}

export function handleHeartbeat(r: RaftState, m: Message): void {
  r.log.commitTo(m.commit)
  const answer = message('MsgHeartbeatResp', m.from, r.id)
  answer.context = m.context
  r.send(answer)
}

export function handleAppend(r: RaftState, m: Message): void {
  const answer = message('MsgAppResp', m.from, r.id)
  if (m.index < r.log.committed) {
    answer.index = r.log.committed
  } else {
    const last = r.log.maybeAppend(m.index, m.logTerm, m.commit, m.entries)
    if (last === undefined) refuseAppend(r, m, answer)
    else answer.index = last
  }
  r.send(answer)
}

/** Tells the leader where the logs may match, so that it need not probe entry by entry. */
function refuseAppend(r: RaftState, m: Message, answer: Message): void {
  answer.index = m.index
  answer.reject = true
  answer.rejectHint = r.log.lastIndex
  if (r.config.behaviour.termAwareRejection) {
    // Entries of a later term than the leader's previous one cannot match: skip them all.
    answer.rejectHint = r.log.findConflictByTerm(Math.min(m.index, r.log.lastIndex), m.logTerm)
    answer.logTerm = r.log.termOrZero(answer.rejectHint)
  }
}

export function handleSnapshot(r: RaftState, m: Message): void {
  const restored = m.snapshot !== undefined && restoreSnapshot(r, m.snapshot)
  const answer = message('MsgAppResp', m.from, r.id)
  answer.index = restored ? r.log.lastIndex : r.log.committed
  r.send(answer)
}
