import { assert } from '../base/assert.ts'
import { payloadSize } from './entry-size.ts'
import type { Progress } from './progress.ts'
import { releaseWaitingReads } from './read-index.ts'
import type { RaftState } from './state.ts'
import { type Entry, message, NO_ENTRIES } from './types.ts'

/** Payload bytes of a list of entries. */
export function payloadsSize(entries: readonly Entry[]): number {
  let size = 0
  for (let i = 0; i < entries.length; i++) size += payloadSize(entries[i]!.data)
  return size
}

/**
 * Appends proposals to the leader's own log at its term; false if too much is uncommitted already.
 * One oversized proposal is let through when nothing else is pending, and empty ones always are.
 */
export function appendToOwnLog(r: RaftState, proposals: readonly Entry[]): boolean {
  const size = payloadsSize(proposals)
  if (r.uncommittedSize > 0 && size > 0 && r.uncommittedSize + size > r.config.maxUncommittedEntriesSize) return false
  r.uncommittedSize += size
  const first = r.log.lastIndex + 1
  const entries: Entry[] = []
  for (let i = 0; i < proposals.length; i++) {
    const { type, data } = proposals[i]!
    entries.push({ term: r.term, index: first + i, type, data })
  }
  r.log.append(entries)
  acknowledgeOwnLog(r)
  return true
}

/** The leader's own copy counts towards the quorum: once durable, or at once before raft 3.6. */
function acknowledgeOwnLog(r: RaftState): void {
  const { lastIndex } = r.log
  if (r.config.behaviour.selfVoteDurable) {
    const m = message('MsgAppResp', r.id, r.id)
    m.index = lastIndex
    r.send(m)
    return
  }
  r.tracker.progress(r.id)?.maybeUpdate(lastIndex)
  maybeCommit(r)
}

/** Commits what a quorum has, if the last of it is of this term. */
export function maybeCommit(r: RaftState): boolean {
  return r.log.maybeCommit(r.tracker.committed(), r.term)
}

/** Commits what it can and tells everybody; false if nothing new is committed. */
export function commitAndTell(r: RaftState): boolean {
  if (!maybeCommit(r)) return false
  releaseWaitingReads(r)
  broadcastAppend(r)
  return true
}

/** Sends every other member what it lacks, at least an empty append with the commit index. */
export function broadcastAppend(r: RaftState): void {
  const { peers } = r.tracker
  for (let i = 0; i < peers.length; i++) if (peers[i]!.id !== r.id) sendAppend(r, peers[i]!, true)
}

/** Sends a peer the next entries, or a snapshot if they are compacted; false if there was nothing to send or no leave to. */
export function sendAppend(r: RaftState, peer: Progress, evenIfEmpty: boolean): boolean {
  const throttled = peer.state === 'StateReplicate' && peer.windowFull
  if (peer.isPaused || (throttled && !r.config.behaviour.emptyAppendOnFullWindow)) return false
  const previous = peer.next - 1
  const previousTerm = r.log.term(previous)
  if (previousTerm === undefined) return sendSnapshot(r, peer)
  // A full window still lets an empty append through: if all of the window was lost, its answer reopens it.
  const entries = throttled ? NO_ENTRIES : r.log.entriesFrom(peer.next, r.config.maxSizePerMsg)
  if (entries === undefined) return sendSnapshot(r, peer)
  if (entries.length === 0 && !evenIfEmpty) return false
  const m = message('MsgApp', peer.id, r.id)
  m.index = previous
  m.logTerm = previousTerm
  m.entries = entries
  m.commit = r.log.committed
  r.send(m)
  peer.sent(entries.length, payloadsSize(entries), r.log.committed)
  return true
}

/** Sends the latest snapshot to a peer that is known to listen. */
function sendSnapshot(r: RaftState, peer: Progress): boolean {
  if (!peer.recentActive) return false
  const snapshot = r.log.snapshot()
  if (snapshot === undefined) return false
  assert(snapshot.index > 0, 'a compacted log has a snapshot')
  peer.becomeSnapshot(snapshot.index)
  const m = message('MsgSnap', peer.id, r.id)
  m.snapshot = snapshot
  r.send(m)
  r.logger?.('DEBUG', `${r.id} sent snapshot [index: ${snapshot.index}, term: ${snapshot.term}] to ${peer.id}`)
  return true
}
