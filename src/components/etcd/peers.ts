import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'

/** How many others a member has a working connection to. */
export function activePeers(group: EtcdGroup, member: EtcdMember): number {
  let active = 0
  for (const other of group.members) if (other !== member && group.connected(member, other)) active++
  return active
}

/** Whom a leader that stops hands over to: the first that is caught up, else the first that it can reach; 0: nobody. */
export function transferTarget(group: EtcdGroup, member: EtcdMember): number {
  const raft = member.raft!
  let target = 0
  for (const other of group.members) {
    if (other === member || !group.connected(member, other)) continue
    const caughtUp = raft.progress(other.config.id)?.match === raft.lastIndex
    if (target === 0 || caughtUp) target = other.config.id
    if (caughtUp) break
  }
  return target
}
