import { assert } from '../base/assert.ts'
import { internalsOf, type RawNode } from './raw-node.ts'
import type { RaftState } from './state.ts'
import type { MemoryStorage } from './storage.ts'
import { type Entry, NO_ENTRIES, NONE, type NodeId } from './types.ts'

// What a node would have come to by messages and ticks that a simulator leaves out. Not for use in a protocol: nothing
// here is sent, and what is written is on disk at once. Each function does to the state what the messages would have
// done, by the same transitions, so that the same chance is drawn.

/** Sets the tick counters; that of heartbeats is zero after each tick. */
export function setTimers(node: RawNode, electionElapsed: number): void {
  const r = internalsOf(node)
  r.electionElapsed = electionElapsed
  r.heartbeatElapsed = 0
}

/** Sets whether a member counts as heard from since the last quorum check. */
export function setRecentActive(node: RawNode, id: NodeId, active: boolean): void {
  const peer = internalsOf(node).tracker.progress(id)
  if (peer !== undefined) peer.recentActive = active
}

/** Takes a peer's log for unknown, as if the peer had been removed and added: it has come back without its data. */
export function forgetLog(node: RawNode, id: NodeId): void {
  const r = internalsOf(node)
  r.tracker.progress(id)?.reset(0, r.log.lastIndex + 1)
}

/**
 * Starts a node anew from its storage, if that holds all that the node knows: as a new one would begin, without the
 * memory that it takes. @returns false if something was lost; then a new node has to read what is left
 */
export function restart(node: RawNode, storage: MemoryStorage): boolean {
  const r = internalsOf(node)
  const { log } = r
  const isWhole = r.config.storage === storage && log.unstable.length === 0 && log.applied === log.committed
  if (!isWhole || node.isOutstanding || node.hasReady()) return false
  r.becomeFollower(r.term, NONE)
  if (r.readsBeforeFirstCommit.length > 0) r.readsBeforeFirstCommit = []
  node.markTold()
  return true
}

/** Its election timeout has run out: it asks for votes, or first whether it would get them. */
export function startCampaign(node: RawNode): void {
  const r = internalsOf(node)
  r.electionElapsed = 0
  if (r.config.preVote) r.becomePreCandidate()
  else r.becomeCandidate()
  node.markTold()
}

/** A follower whose lease has run out votes in a new term. */
export function grantVote(node: RawNode, term: number, candidate: NodeId): void {
  const r = internalsOf(node)
  r.becomeFollower(term, NONE)
  r.vote = candidate
  node.markTold()
}

/** A (pre-)candidate has its votes, leads, and sends the empty entry of its term to everyone. @returns that entry */
export function winElection(node: RawNode, storage: MemoryStorage): Entry {
  const r = internalsOf(node)
  if (r.role === 'StatePreCandidate') r.becomeCandidate()
  r.becomeLeader()
  const entry: Entry = { term: r.term, index: r.log.lastIndex + 1, type: 'EntryNormal', data: undefined }
  append(r, storage, entry)
  r.tracker.progress(r.id)!.maybeUpdate(entry.index)
  for (const peer of r.tracker.peers) if (peer.id !== r.id) peer.sent(1, 0, r.log.committed)
  storage.setHardState(node.markTold())
  return entry
}

/** A leader whose log is all committed takes a client's entry and has it on disk; its peers are left as they are. */
export function appendAlone(node: RawNode, storage: MemoryStorage): Entry {
  const r = internalsOf(node)
  const entry: Entry = { term: r.term, index: r.log.lastIndex + 1, type: 'EntryNormal', data: '' }
  append(r, storage, entry)
  r.tracker.progress(r.id)!.maybeUpdate(entry.index)
  return entry
}

/** A follower in step gets a further entry of its leader's, and has it on disk. */
export function receiveAlone(node: RawNode, storage: MemoryStorage, entry: Entry): void {
  const r = internalsOf(node)
  r.electionElapsed = 0
  append(r, storage, entry)
}

/** A leader has sent a peer an entry, and unless it probes that peer, later that the entry is committed. */
export function noteAppends(node: RawNode, id: NodeId, committedBefore: number, committed: number): void {
  const peer = internalsOf(node).tracker.progress(id)!
  peer.sent(1, 0, committedBefore)
  if (peer.state === 'StateReplicate') peer.sent(0, 0, committed)
}

/** A follower in step gets the first entry of a new leader, having voted for it or not. */
export function followWinner(node: RawNode, storage: MemoryStorage, leader: NodeId, entry: Entry): void {
  const r = internalsOf(node)
  if (r.term < entry.term) r.becomeFollower(entry.term, leader)
  r.electionElapsed = 0
  r.lead = leader
  append(r, storage, entry)
  storage.setHardState(node.markTold())
}

/** Everything in the log is committed, and applied. */
export function commitAll(node: RawNode, storage: MemoryStorage): void {
  const r = internalsOf(node)
  const { lastIndex } = r.log
  r.log.commitTo(lastIndex)
  r.log.appliedTo(lastIndex, NO_ENTRIES)
  storage.setHardState(node.markTold())
}

/** A leader, all of whose log is committed, has told a peer so, and the peer has answered. */
export function hearAcknowledgement(node: RawNode, id: NodeId): void {
  const r = internalsOf(node)
  const peer = r.tracker.progress(id)!
  peer.maybeUpdate(r.log.lastIndex)
  peer.becomeReplicate()
  peer.sentCommit = r.log.committed
  peer.recentActive = true
}

function append(r: RaftState, storage: MemoryStorage, entry: Entry): void {
  assert(entry.index === r.log.lastIndex + 1, 'nothing is missing before the entry')
  const entries = [entry]
  r.log.append(entries)
  r.log.unstable.acceptInProgress()
  storage.append(entries)
  r.log.unstable.stableTo(entry.index, entry.term)
}

/** A heartbeat of the leader, which commits nothing new, reaches a follower of its term or of an earlier one. */
export function hearLeader(node: RawNode, leader: NodeId, term: number): void {
  const r = internalsOf(node)
  if (r.term < term) r.becomeFollower(term, leader)
  r.electionElapsed = 0
  r.lead = leader
  node.markTold()
}

/** A follower whose log is a part of its leader's gets the rest of it, and is told that all of it is committed. */
export function catchUp(node: RawNode, storage: MemoryStorage, leader: RawNode): void {
  const r = internalsOf(node)
  const { log } = internalsOf(leader)
  const entries = log.slice(r.log.lastIndex + 1, log.lastIndex + 1, Number.POSITIVE_INFINITY)!
  for (const entry of entries) append(r, storage, entry)
  r.electionElapsed = 0
  commitAll(node, storage)
}

/** A leader has sent a peer a heartbeat. */
export function noteHeartbeat(node: RawNode, id: NodeId): void {
  const r = internalsOf(node)
  const peer = r.tracker.progress(id)!
  peer.sentCommit = Math.min(peer.match, r.log.committed)
}
