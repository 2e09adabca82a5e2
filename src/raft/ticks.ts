import { ownCampaignKind, startElection } from './election.ts'
import { sendHeartbeats } from './heartbeats.ts'
import type { RaftState } from './state.ts'
import { NONE } from './types.ts'

/** One tick of the host's clock. */
export function tick(r: RaftState): void {
  if (r.role === 'StateLeader') tickLeader(r)
  else tickElection(r)
}

function tickElection(r: RaftState): void {
  r.electionElapsed++
  if (r.electionElapsed < r.randomizedElectionTimeout || !r.promotable) return
  r.electionElapsed = 0
  startElection(r, ownCampaignKind(r))
}

/** The quorum check comes first: a leader that steps down sends no heartbeat in the same tick. */
function tickLeader(r: RaftState): void {
  r.heartbeatElapsed++
  r.electionElapsed++
  if (r.electionElapsed >= r.config.electionTick) {
    r.electionElapsed = 0
    if (r.config.checkQuorum) checkQuorum(r)
    // A transfer that takes longer than an election timeout is given up.
    if (r.role === 'StateLeader') r.leadTransferee = NONE
  }
  if (r.role !== 'StateLeader' || r.heartbeatElapsed < r.config.heartbeatTick) return
  r.heartbeatElapsed = 0
  beat(r)
}

/** A leader sends its periodic heartbeats; they carry the newest unconfirmed read, in case its own were lost. */
export function beat(r: RaftState): void {
  sendHeartbeats(r, r.reads.newestContext())
}

/** A leader that has not heard from a quorum since the last check steps down; the next period starts from nothing. */
export function checkQuorum(r: RaftState): void {
  if (!r.tracker.quorumActive) {
    r.logger?.('WARN', `${r.id} stepped down to follower since quorum is not active`)
    r.becomeFollower(r.term, NONE)
  }
  const { peers } = r.tracker
  for (let i = 0; i < peers.length; i++) if (peers[i]!.id !== r.id) peers[i]!.recentActive = false
}
