import type { Simulation } from '../../engine/simulation.ts'
import type { Network } from '../../infra/network.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import { raftBehaviour } from '../../raft/config.ts'
import { catchUp, hearAcknowledgement, noteHeartbeat, setTimers } from '../../raft/shortcuts.ts'
import { message } from '../../raft/types.ts'
import type { Activity } from './activity.ts'
import { ENTRIES_MAX } from './append.ts'
import type { EtcdGroup } from './group.ts'
import { wayThere } from './heartbeat.ts'
import type { EtcdMember } from './member.ts'
import { lastTick, ticksBefore } from './sleeping-ticks.ts'

/**
 * A stalled disk that answers again. A follower that was stuck with entries which all the others have has them on disk, makes up
 * for a tick, and acknowledges them. A former leader, which has heard of the new one already, or who has missed something else,
 * is sent what it lacks, besides. Nobody sees anything of that but its leader, so it is done at its first instant, if neither of
 * the two ticks and nothing else happens in the few milliseconds that it takes.
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
    if (this.#network.lossy || !isPartOf(member, leader)) return false
    const isComplete = lacksNothing(member, leader)
    if (lastTick(leader, now) + wayThere(this.#group, this.#network, leader, member) >= now) return false
    const takes = (isComplete ? ROUNDS_COMPLETE : ROUNDS) * this.#round(member, leader)
    if (now + takes >= this.#undisturbedUntil(member, leader)) return false
    this.#activity.settle(member, leader, now)
    if (ticksBefore(member, now) > 0) member.oweTick()
    setTimers(member.raft!, 0)
    member.nextTickAt = firstAtOrAfter(member.nextTickAt, member.config.tickInterval, now)
    this.#group.silently(() => {
      while (member.busy) member.endWrite()
    })
    if (isComplete) this.#acknowledge(member, leader)
    else {
      catchUp(member.raft!, member.storage, leader.raft!)
      hearAcknowledgement(leader.raft!, member.config.id)
    }
    this.#activity.sleptFrom(member, now)
    return true
  }

  /** How long it takes to write something, say so, and be told something. */
  #round(member: EtcdMember, leader: EtcdMember): number {
    const back = this.#network.meanDelay(this.#group.endpointOf(member), this.#group.endpointOf(leader))
    return member.disk.skipSync() + back + wayThere(this.#group, this.#network, leader, member)
  }

  #acknowledge(member: EtcdMember, leader: EtcdMember): void {
    const raft = member.raft!
    const answer = message('MsgAppResp', leader.config.id, member.config.id)
    answer.term = leader.raft!.term
    answer.index = raft.lastIndex
    const isRemembered = ticksBefore(leader, this.#simulation.now) === 0
    // From raft 3.6 on each heartbeat makes a leader forget which commit index it told: it tells it once more.
    if (!isRemembered) noteHeartbeat(leader.raft!, member.config.id)
    this.#group.silently(() => leader.receive(answer))
    if (!isRemembered && raftBehaviour(leader.config.version).tracksSentCommit) setTimers(raft, 0)
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

/**
 * What one that lacks something has to go through, at most: what it was stuck with, what it has heard meanwhile, what it still
 * lacks, and a last word of the leader's.
 */
const ROUNDS = 4
/** And one that lacks nothing: it says so, and is told the commit index once more, perhaps. */
const ROUNDS_COMPLETE = 2

/** Whether a follower that is stuck has nothing that its leader has not, and will be sent the rest at once. */
function isPartOf(member: EtcdMember, leader: EtcdMember): boolean {
  const raft = member.raft!
  const leading = leader.raft!
  if (raft.state !== 'StateFollower' || raft.lead !== leader.config.id || raft.term !== leading.term) return false
  if (leading.committed !== leading.lastIndex || leading.progress(member.config.id)!.state === 'StateSnapshot')
    return false
  return leading.lastIndex - raft.lastIndex < ENTRIES_MAX && leading.termAt(raft.lastIndex) === raft.lastTerm
}

/** Whether such a follower has nothing to write but what it is writing, and its leader has only to hear that it has it. */
function lacksNothing(member: EtcdMember, leader: EtcdMember): boolean {
  const raft = member.raft!
  if (raft.needsWrite || raft.lastIndex !== leader.raft!.lastIndex || raft.committed !== raft.lastIndex) return false
  return leader.raft!.progress(member.config.id)!.state === 'StateReplicate'
}
