import type { Network } from '../../infra/network.ts'
import { raftBehaviour } from '../../raft/config.ts'
import type { ProgressState } from '../../raft/progress.ts'
import type { RawNode } from '../../raft/raw-node.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'

// Which members may crash and come back without anybody else doing anything but what they repeat anyway. What is found here
// must not depend on whether the group sleeps: it decides, too, whether writes go on.

/** Whether a led group in step goes on as it is when this follower of its is gone. */
export function leavesUnnoticed(group: EtcdGroup, network: Network, member: EtcdMember): boolean {
  const leader = group.leader()
  if (leader === undefined || member === leader || !member.alive || member.busy) return false
  const known = group.goesOnWithout(member)
  if (known === false) return false
  return isFollowerInStep(group, member, leader) && (known ?? goesOnWithout(group, network, member, leader))
}

/**
 * Whether a member that starts has only to hear the leader's next heartbeat to be in step again: it missed no entry and no
 * term, and nothing but that heartbeat will be sent to it (3.6 answers a probed member's with an append).
 */
export function returnsUnnoticed(group: EtcdGroup, network: Network, member: EtcdMember): boolean {
  const leader = group.leader()
  if (leader === undefined || member === leader || member.disk.stalled) return false
  const { storage, config } = member
  const raft = leader.raft!
  const { hardState } = storage.initialState()
  if (hardState.term !== raft.term || storage.lastIndex() !== raft.lastIndex) return false
  if (storage.term(raft.lastIndex) !== raft.termAt(raft.lastIndex)) return false
  if (raft.progress(config.id)?.match !== raft.lastIndex || raftBehaviour(config.version).heartbeatResumesProbe)
    return false
  if (!isNear(group, network, member, leader)) return false
  return group.goesOnWithout(member) ?? goesOnWithout(group, network, member, leader)
}

/** Whether a member that starts needs no more than the leader's heartbeat and the entries that it missed. */
export function catchesUpAlone(group: EtcdGroup, network: Network, member: EtcdMember): boolean {
  const leader = group.leader()
  if (leader === undefined || member === leader || member.disk.stalled) return false
  if (member.storage.initialState().hardState.term > leader.raft!.term) return false
  if (!isNear(group, network, member, leader)) return false
  return group.goesOnWithout(member) ?? goesOnWithout(group, network, member, leader)
}

/** In reach, and so near that an answer comes back before the next heartbeat. */
function isNear(group: EtcdGroup, network: Network, member: EtcdMember, leader: EtcdMember): boolean {
  const [a, b] = [group.endpointOf(leader), group.endpointOf(member)]
  if (!network.connected(a, b)) return false
  return network.meanDelay(a, b) + network.meanDelay(b, a) < member.config.tickInterval
}

/** Everyone else is down, or in step, and those who stay are enough. */
function goesOnWithout(group: EtcdGroup, network: Network, without: EtcdMember, leader: EtcdMember): boolean {
  const raft = leader.raft!
  if (network.lossy || leader.busy || leader.paused || leader.state !== 'running' || leader.disk.stalled) return false
  if (raft.committed !== raft.lastIndex || raft.applied !== raft.committed || raft.leadTransferee !== 0) return false
  let following = 1
  for (const member of group.members) {
    if (member === leader || member === without || !member.takesPart) continue
    if (member.paused || member.busy || member.disk.stalled) return false
    if (!isFollowerInStep(group, member, leader)) return false
    if (member.state === 'running') following++
  }
  return following >= group.quorum
}

function isFollowerInStep(group: EtcdGroup, member: EtcdMember, leader: EtcdMember): boolean {
  return group.follows(member, leader) && inStep(member, leader.raft!)
}

/** Same term, same log, all of it committed and known to be. */
export function inStep(member: EtcdMember, leader: RawNode): boolean {
  const raft = member.raft!
  const progress = leader.progress(member.config.id)
  return (
    raft.state === 'StateFollower' &&
    raft.term === leader.term &&
    raft.committed === leader.committed &&
    raft.applied === raft.committed &&
    progress?.match === leader.lastIndex &&
    (progress.state === 'StateReplicate' || staysProbed(progress.state, member))
  )
}

/** A caught-up member may be probed for ever: there is nothing to send it. From raft 3.6 on the next heartbeat ends that. */
function staysProbed(state: ProgressState, member: EtcdMember): boolean {
  return state === 'StateProbe' && !raftBehaviour(member.config.version).heartbeatResumesProbe
}

/** Led or looking for a leader, with the log of `other`, as much of it committed and applied, in the same term. */
export function isSettled(member: EtcdMember, other: RawNode): boolean {
  const raft = member.raft!
  return (
    (raft.state === 'StateFollower' || raft.state === 'StatePreCandidate') &&
    raft.term === other.term &&
    raft.lastIndex === other.lastIndex &&
    raft.lastTerm === other.lastTerm &&
    raft.committed === other.committed &&
    raft.applied === raft.committed
  )
}
