import type { Ms } from '../../base/units.ts'
import type { Network } from '../../infra/network.ts'
import { type Message, message } from '../../raft/types.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'

// What a quiet group repeats for ever.

/** The heartbeat that a leader sends a member. */
export function heartbeat(leader: EtcdMember, member: EtcdMember): Message {
  const raft = leader.raft!
  const beat = message('MsgHeartbeat', member.config.id, leader.config.id)
  beat.term = raft.term
  beat.commit = Math.min(raft.progress(member.config.id)?.match ?? 0, raft.committed)
  return beat
}

/** A member's answer to it. */
export function heartbeatAnswer(member: EtcdMember, leader: EtcdMember): Message {
  const answer = message('MsgHeartbeatResp', leader.config.id, member.config.id)
  answer.term = leader.raft!.term
  return answer
}

/** Heartbeats that carry no read request, and their answers. */
export function isPeriodic(message: Message): boolean {
  return (message.type === 'MsgHeartbeat' || message.type === 'MsgHeartbeatResp') && message.context === undefined
}

/** Usual travel time from a leader to a member. */
export function wayThere(group: EtcdGroup, network: Network, leader: EtcdMember, member: EtcdMember): Ms {
  return network.meanDelay(group.endpointOf(leader), group.endpointOf(member))
}

/** And of the answer. */
export function wayBack(group: EtcdGroup, network: Network, leader: EtcdMember, member: EtcdMember): Ms {
  return network.meanDelay(group.endpointOf(member), group.endpointOf(leader))
}
