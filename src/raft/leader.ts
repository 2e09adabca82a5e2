import type { Progress } from './progress.ts'
import { takeProposals } from './proposals.ts'
import { acknowledgeReads, takeRead } from './read-index.ts'
import { commitAndTell, sendAppend } from './replication.ts'
import type { RaftState } from './state.ts'
import { type Message, message, NONE, type NodeId, type StepError } from './types.ts'

/** What a leader does with a message of its own term. */
export function stepLeader(r: RaftState, m: Message): StepError | undefined {
  if (m.type === 'MsgProp') return takeProposals(r, m.entries)
  if (m.type === 'MsgReadIndex') {
    takeRead(r, m)
    return undefined
  }
  const peer = r.tracker.progress(m.from)
  if (peer === undefined) return undefined
  switch (m.type) {
    case 'MsgAppResp':
      peer.recentActive = true
      if (m.reject) handleRefusal(r, m, peer)
      else handleAcknowledgement(r, m, peer)
      break
    case 'MsgHeartbeatResp':
      handleHeartbeatAnswer(r, m, peer)
      break
    case 'MsgSnapStatus':
      handleSnapshotStatus(m, peer)
      break
    case 'MsgUnreachable':
      // What is under way is probably lost: find out where the peer stands.
      if (peer.state === 'StateReplicate') peer.becomeProbe()
      break
    case 'MsgTransferLeader':
      startTransfer(r, peer)
      break
    default:
      break
  }
  return undefined
}

function handleRefusal(r: RaftState, m: Message, peer: Progress): void {
  // The hint's term lets the leader, too, skip entries that cannot match: one probe a term at most.
  const hint = m.logTerm > 0 ? r.log.findConflictByTerm(m.rejectHint, m.logTerm) : m.rejectHint
  if (!peer.maybeDecreaseTo(m.index, hint)) return
  if (peer.state === 'StateReplicate') peer.becomeProbe()
  sendAppend(r, peer, true)
}

function handleAcknowledgement(r: RaftState, m: Message, peer: Progress): void {
  const { behaviour } = r.config
  const wasPaused = peer.isPaused || (peer.state === 'StateReplicate' && peer.windowFull)
  const confirmsProbe = behaviour.heartbeatResumesProbe && peer.match === m.index && peer.state === 'StateProbe'
  if (!peer.maybeUpdate(m.index) && !confirmsProbe) return
  if (peer.state === 'StateReplicate') peer.inflights.freeTo(m.index)
  else if (peer.state === 'StateProbe' || leavesSnapshot(r, peer)) peer.becomeReplicate()

  const committed = commitAndTell(r)
  if (peer.id === r.id) return
  if (!committed && (behaviour.tracksSentCommit ? peer.canBumpCommit(r.log.committed) : wasPaused)) {
    sendAppend(r, peer, true)
  }
  // The window may have room for several appends now. Each one fills it or reaches the end of the log.
  while (sendAppend(r, peer, false));
  if (peer.id === r.leadTransferee && peer.match === r.log.lastIndex) sendTimeoutNow(r, peer.id)
}

/** Whether the peer's log now joins the leader's, so that entries can follow the snapshot. */
function leavesSnapshot(r: RaftState, peer: Progress): boolean {
  return r.config.behaviour.leaveSnapshotOnReconnect
    ? peer.match + 1 >= r.log.firstIndex
    : peer.match >= peer.pendingSnapshot
}

function handleHeartbeatAnswer(r: RaftState, m: Message, peer: Progress): void {
  const { behaviour } = r.config
  peer.recentActive = true
  peer.flowPaused = false
  if (!behaviour.emptyAppendOnFullWindow && peer.state === 'StateReplicate' && peer.windowFull) {
    peer.inflights.freeOldest()
  }
  const resumes = behaviour.heartbeatResumesProbe && peer.state === 'StateProbe'
  if (peer.match < r.log.lastIndex || resumes) sendAppend(r, peer, true)
  acknowledgeReads(r, m)
}

/** The host tells how sending a snapshot ended. */
function handleSnapshotStatus(m: Message, peer: Progress): void {
  if (peer.state !== 'StateSnapshot') return
  if (m.reject) peer.pendingSnapshot = 0
  peer.becomeProbe()
  // After success the peer's acknowledgement comes first; after failure the next heartbeat answer retries.
  peer.flowPaused = true
}

/** Starts handing over to a voter; it must succeed within one election timeout. */
function startTransfer(r: RaftState, target: Progress): void {
  if (target.isLearner || r.leadTransferee === target.id) return
  r.leadTransferee = NONE
  if (target.id === r.id) return
  r.electionElapsed = 0
  r.leadTransferee = target.id
  if (target.match === r.log.lastIndex) sendTimeoutNow(r, target.id)
  else sendAppend(r, target, true)
}

function sendTimeoutNow(r: RaftState, to: NodeId): void {
  r.send(message('MsgTimeoutNow', to, r.id))
}
