import { takeProposals } from './proposals.ts'
import { payloadsSize } from './replication.ts'
import type { RaftState } from './state.ts'
import { type Entry, NO_ENTRIES, type Snapshot } from './types.ts'

/**
 * The host has made durable what it was given in `term`: entries up to (index, logTerm), 0 for none, and a snapshot.
 * After a change of term the entries may have been replaced and replaced back while older writes are still under way
 * (an ABA race), so they stay unstable until an acknowledgement of the new term.
 */
export function storageAppended(
  r: RaftState,
  term: number,
  index: number,
  logTerm: number,
  snapshot: Snapshot | undefined,
): void {
  if (index !== 0 && term === r.term) r.log.unstable.stableTo(index, logTerm)
  if (snapshot === undefined) return
  r.log.unstable.stableSnapshotTo(snapshot.index)
  appliedTo(r, snapshot.index, NO_ENTRIES)
}

/** The host has applied these entries. */
export function storageApplied(r: RaftState, entries: readonly Entry[]): void {
  const last = entries[entries.length - 1]
  if (last === undefined) return
  appliedTo(r, last.index, entries)
  r.uncommittedSize = Math.max(0, r.uncommittedSize - payloadsSize(entries))
}

/** An empty change: leaves the joint configuration. */
const LEAVE_JOINT: readonly Entry[] = Object.freeze([
  Object.freeze({ term: 0, index: 0, type: 'EntryConfChangeV2', data: undefined } as const),
])

function appliedTo(r: RaftState, index: number, entries: readonly Entry[]): void {
  r.log.appliedTo(Math.max(index, r.log.applied), entries)
  // Refused during a leadership transfer, and then tried again with each further entry.
  if (r.tracker.configuration.autoLeave && r.role === 'StateLeader' && r.log.applied >= r.pendingConfIndex) {
    takeProposals(r, LEAVE_JOINT)
  }
}
