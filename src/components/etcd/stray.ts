import type { Ms } from '../../base/units.ts'
import { setTimers } from '../../raft/shortcuts.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'

/**
 * A member that campaigns in vain and disturbs nobody: alone, or with pre-vote among others of the same kind that are
 * too few for a quorum. Requests of a pre-candidate change nothing in another one.
 */
export function isStray(group: EtcdGroup, member: EtcdMember): boolean {
  const { state, term } = member.raft!
  if (member.busy) return false
  if (state !== 'StatePreCandidate' && state !== 'StateCandidate') return false
  // It writes its vote at each campaign: a slow disk takes ticks away, and one that stalls catches it.
  if (state === 'StateCandidate' && (member.disk.stalled || member.disk.slowBy > 0)) return false
  let peers = 0
  for (const other of group.members) {
    if (other === member || !group.connected(member, other)) continue
    if (other.raft!.state !== 'StatePreCandidate' || other.raft!.term !== term) return false
    peers++
  }
  return state === 'StatePreCandidate' ? peers + 1 < group.quorum : peers === 0
}

/** A leader whose disk has caught a write and stalls: it says nothing, not even heartbeats, until the disk answers. */
export function isSilentLeader(member: EtcdMember): boolean {
  return member.alive && member.disk.holdsWrite && member.raft!.state === 'StateLeader'
}

/** Whether a member is about to do something of itself: frozen, starting, handing over, or writing with a disk that answers. */
export function isRestless(member: EtcdMember, now: number): boolean {
  if (member.paused || (member.busy && !member.disk.holdsWrite)) return true
  // A start at this very instant lets the others tick first.
  if (member.state === 'starting') return member.changesAt <= now
  // A leader that has been told to stop looks again and again whether somebody else leads.
  return member.state === 'stopping' && member.raft!.state === 'StateLeader'
}

/** Nobody heeds a stray: in `ticks` ticks it has only counted, and campaigned at its own period. */
export function tickStray(member: EtcdMember, ticks: number): void {
  const raft = member.raft!
  // A pre-candidate keeps its drawn timeout from round to round.
  if (raft.state === 'StatePreCandidate') {
    setTimers(raft, (raft.electionElapsed + ticks) % raft.randomizedElectionTimeout)
    return
  }
  const { nextTickAt, config } = member
  for (let tick = 0; tick < ticks; tick++) {
    // What comes while it still writes is made up for afterwards.
    if (member.busy) member.oweTick()
    else member.tickAlone((nextTickAt + tick * config.tickInterval) as Ms)
  }
}
