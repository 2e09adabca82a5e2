import { assert } from '../base/assert.ts'
import { applyChange, type ConfChangeOutcome, configurationOf, confStateOf, isVoter } from './configuration.ts'
import { broadcastAppend, maybeCommit, sendAppend } from './replication.ts'
import type { RaftState } from './state.ts'
import { type ConfChange, type ConfState, NONE, type NodeId, type Snapshot } from './types.ts'

const NOBODY: ReadonlySet<NodeId> = new Set()

/** Applies a committed membership change. A change that cannot be applied was never valid: an assertion. */
export function applyMembershipChange(r: RaftState, change: ConfChange): ConfState {
  const outcome: ConfChangeOutcome = applyChange(r.tracker.configuration, change)
  assert(outcome.ok, outcome.ok ? '' : outcome.error)
  r.tracker.switchTo(outcome.configuration, outcome.kept, r.log.lastIndex)
  afterSwitch(r)
  return confStateOf(r.tracker.configuration)
}

/** Takes over a stored membership; nothing is known of anybody. */
export function restoreMembership(r: RaftState, state: ConfState): void {
  r.tracker.switchTo(configurationOf(state), NOBODY, r.log.lastIndex)
  afterSwitch(r)
}

/**
 * Replaces the log by a snapshot from the leader; false if it is of no use here. A log that already has the snapshot's
 * last entry is kept: its tail may be acknowledged.
 */
export function restoreSnapshot(r: RaftState, snapshot: Snapshot): boolean {
  if (snapshot.index <= r.log.committed || r.role !== 'StateFollower') return false
  const configuration = configurationOf(snapshot.confState)
  if (!isVoter(configuration, r.id) && !configuration.learners.includes(r.id)) return false
  if (r.log.matchTerm(snapshot.index, snapshot.term)) {
    r.log.commitTo(snapshot.index)
    return false
  }
  r.log.restore(snapshot)
  restoreMembership(r, snapshot.confState)
  r.logger?.('INFO', `${r.id} restored snapshot [index: ${snapshot.index}, term: ${snapshot.term}]`)
  return true
}

/** A leader acts on its new membership. */
function afterSwitch(r: RaftState): void {
  if (r.role !== 'StateLeader') return
  const { tracker } = r
  const own = tracker.progress(r.id)
  if (own === undefined || own.isLearner) {
    // Goes on leading without counting itself, unless asked not to: its change must reach the others.
    if (r.config.stepDownOnRemoval) r.becomeFollower(r.term, NONE)
    return
  }
  if (tracker.configuration.incoming.length === 0) return
  if (maybeCommit(r)) {
    broadcastAppend(r)
  } else {
    for (const peer of tracker.peers) if (peer.id !== r.id) sendAppend(r, peer, false)
  }
  if (r.leadTransferee !== NONE && !isVoter(tracker.configuration, r.leadTransferee)) r.leadTransferee = NONE
}
