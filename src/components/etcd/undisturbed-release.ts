import type { Simulation } from '../../engine/simulation.ts'
import type { Network } from '../../infra/network.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import { setTimers } from '../../raft/shortcuts.ts'
import { message } from '../../raft/types.ts'
import type { Activity } from './activity.ts'
import type { EtcdGroup } from './group.ts'
import { wayThere } from './heartbeat.ts'
import type { EtcdMember } from './member.ts'
import { lastTick, ticksBefore } from './sleeping-ticks.ts'

/**
 * A stalled disk that answers again, under a follower that was stuck with entries which all the others have: it has them on
 * disk, makes up for a tick, and acknowledges them. Nobody sees anything of that but its leader, so it is done at its first
 * instant, if neither of the two ticks and nothing else happens in the few milliseconds that it takes.
 */
export class UndisturbedRelease {
  readonly #simulation: Simulation
  readonly #network: Network
  readonly #group: EtcdGroup
  readonly #activity: Activity

  constructor(simulation: Simulation, network: Network, group: EtcdGroup, activity: Activity) {
    this.#simulation = simulation
    this.#network = network
    this.#group = group
    this.#activity = activity
  }

  /** To be called before the disk is released for good. @returns false when it has to be played */
  begin(member: EtcdMember, leader: EtcdMember): boolean {
    const { now } = this.#simulation
    if (this.#network.lossy || !isStuckAlone(member, leader)) return false
    if (lastTick(leader, now) + wayThere(this.#group, this.#network, leader, member) >= now) return false
    const back = this.#network.delay(this.#group.endpointOf(member), this.#group.endpointOf(leader))
    if (now + member.disk.skipSync() + back >= this.#undisturbedUntil(member, leader)) return false
    this.#activity.settle(member, leader, now)
    if (ticksBefore(member, now) > 0) member.oweTick()
    setTimers(member.raft!, 0)
    member.nextTickAt = firstAtOrAfter(member.nextTickAt, member.config.tickInterval, now)
    this.#group.silently(() => member.endWrite())
    const answer = message('MsgAppResp', leader.config.id, member.config.id)
    answer.term = leader.raft!.term
    answer.index = member.raft!.lastIndex
    leader.receive(answer)
    this.#activity.sleptFrom(member, now)
    return true
  }

  /** Until when neither of the two ticks, and nothing disturbs the group. */
  #undisturbedUntil(member: EtcdMember, leader: EtcdMember): number {
    const { now } = this.#simulation
    const ticks = Math.min(
      firstAtOrAfter(member.nextTickAt, member.config.tickInterval, now),
      firstAtOrAfter(leader.nextTickAt, leader.config.tickInterval, now),
    )
    return Math.min(ticks, this.#group.undisturbedUntil, this.#group.nextWrite)
  }
}

/** Whether all that a follower has to write is what it is writing, and its leader has only to hear that it has it. */
function isStuckAlone(member: EtcdMember, leader: EtcdMember): boolean {
  const raft = member.raft!
  const leading = leader.raft!
  const peer = leading.progress(member.config.id)!
  if (raft.state !== 'StateFollower' || raft.lead !== leader.config.id || raft.term !== leading.term) return false
  if (raft.needsWrite || raft.lastIndex !== leading.lastIndex || raft.lastTerm !== leading.lastTerm) return false
  return raft.committed === raft.lastIndex && leading.committed === leading.lastIndex && peer.state === 'StateReplicate'
}
