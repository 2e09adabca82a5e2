import type { Ms } from '../../base/units.ts'
import type { Network } from '../../infra/network.ts'
import type { EtcdGroup } from './group.ts'
import { heartbeat, heartbeatAnswer, wayBack, wayThere } from './heartbeat.ts'
import type { EtcdMember } from './member.ts'
import { lastTick } from './sleeping-ticks.ts'

/** When a leader sent the last heartbeat that has arrived by `now`, `there` being its way. */
export function lastHeard(leader: EtcdMember, there: Ms, now: Ms): Ms {
  let sent = lastTick(leader, now)
  while (sent + there >= now) sent = (sent - leader.config.tickInterval) as Ms
  return sent
}

/** Puts back on their way, oldest first, the heartbeats that have not arrived by `now`, and the answers not yet back. */
export function sendAgain(group: EtcdGroup, network: Network, leader: EtcdMember, member: EtcdMember, now: Ms): void {
  const there = wayThere(group, network, leader, member)
  const back = wayBack(group, network, leader, member)
  const interval = leader.config.tickInterval
  const lastSent = lastTick(leader, now)
  let sent = lastHeard(leader, there, now)
  // One that waits for its disk has answered nothing.
  while (!member.busy && sent + there + back >= now) sent = (sent - interval) as Ms
  for (sent = (sent + interval) as Ms; sent <= lastSent; sent = (sent + interval) as Ms) {
    const arrival = (sent + there) as Ms
    if (arrival >= now) group.deliver(leader, member, heartbeat(leader, member), arrival)
    else group.deliver(member, leader, heartbeatAnswer(member, leader), (arrival + back) as Ms)
  }
}
