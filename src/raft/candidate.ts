import { countVote, startElection, takeLeadership } from './election.ts'
import { handleAppend, handleHeartbeat, handleSnapshot } from './follower.ts'
import { broadcastAppend } from './replication.ts'
import type { RaftState } from './state.ts'
import { type Message, NONE, type StepError } from './types.ts'

/** What a candidate or pre-candidate does with a message of its own term. */
export function stepCandidate(r: RaftState, m: Message): StepError | undefined {
  switch (m.type) {
    case 'MsgProp':
      return 'raft proposal dropped'
    case 'MsgApp':
      r.becomeFollower(m.term, m.from)
      handleAppend(r, m)
      return undefined
    case 'MsgHeartbeat':
      r.becomeFollower(m.term, m.from)
      handleHeartbeat(r, m)
      return undefined
    case 'MsgSnap':
      r.becomeFollower(m.term, m.from)
      handleSnapshot(r, m)
      return undefined
    case 'MsgVoteResp':
      if (r.role === 'StateCandidate') takeVote(r, m)
      return undefined
    case 'MsgPreVoteResp':
      if (r.role === 'StatePreCandidate') takeVote(r, m)
      return undefined
    default:
      return undefined
  }
}

function takeVote(r: RaftState, m: Message): void {
  const result = countVote(r, m.from, !m.reject)
  r.logger?.('INFO', `${r.id} received ${m.type}${m.reject ? ' rejection' : ''} from ${m.from} at term ${m.term}`)
  if (result === 'VoteLost') {
    r.becomeFollower(r.term, NONE)
  } else if (result === 'VoteWon' && r.role === 'StatePreCandidate') {
    startElection(r, 'election')
  } else if (result === 'VoteWon') {
    takeLeadership(r)
    broadcastAppend(r)
  }
}
