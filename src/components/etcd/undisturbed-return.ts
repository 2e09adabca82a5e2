import type { Ms } from '../../base/units.ts'
import type { Simulation } from '../../engine/simulation.ts'
import type { Network } from '../../infra/network.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import { raftBehaviour } from '../../raft/config.ts'
import { catchUp, hearAcknowledgement, hearLeader, setTimers } from '../../raft/shortcuts.ts'
import { ENTRIES_MAX } from './append.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'

interface StageEvent {
  readonly stage: 'append' | 'end'
  readonly member: EtcdMember
  readonly leader: EtcdMember
  /** Ticks that the member has had at the end since it last heard of the leader: none or one. */
  readonly elapsed: number
}

/** When what happens after the first heartbeat. */
interface ReturnTimes {
  /** The new term is on disk; the entries arrive; they are on disk; the last message to the member arrives; all is answered. */
  readonly kept: number
  readonly appended: number
  readonly written: number
  readonly told: number
  readonly end: number
}

/**
 * What a member that has come back missed, without the messages that bring it: its log is a part of the leader's, so the
 * first append fits, and nothing else happens in the few milliseconds that it takes. It answers the heartbeat once a new term
 * is on disk, gets the entries for that, acknowledges them once they are on disk, and up to 3.5 is told the commit index once
 * more. What can be seen from outside changes at its instants.
 */
export class UndisturbedReturn {
  /** Members that are being told. */
  underWay = 0
  readonly #simulation: Simulation
  readonly #network: Network
  readonly #group: EtcdGroup
  readonly #ended: (member: EtcdMember) => void

  constructor(simulation: Simulation, network: Network, group: EtcdGroup, ended: (member: EtcdMember) => void) {
    this.#simulation = simulation
    this.#network = network
    this.#group = group
    this.#ended = ended
  }

  /**
   * To be called as the leader's first heartbeat reaches a member, its timers standing at this instant.
   * @returns false when the messages have to be played
   */
  begin(member: EtcdMember, leader: EtcdMember): boolean {
    if (this.#network.lossy || !this.#fits(member, leader)) return false
    const times = this.#workOut(member, leader)
    if (times.end >= this.#undisturbedUntil(leader)) return false
    const elapsed = elapsedAtEnd(member.nextTickAt, this.#simulation.now, times)
    if (elapsed === undefined) return false
    this.underWay++
    hearLeader(member.raft!, leader.config.id, leader.raft!.term)
    this.#group.memberChanged(member)
    this.#simulation.scheduleAt(times.appended as Ms, this, { stage: 'append', member, leader, elapsed })
    this.#simulation.scheduleAt(times.end as Ms, this, { stage: 'end', member, leader, elapsed })
    return true
  }

  handle({ stage, member, leader, elapsed }: StageEvent): void {
    if (stage === 'append') {
      catchUp(member.raft!, member.storage, leader.raft!)
      this.#group.memberChanged(member)
      return
    }
    hearAcknowledgement(leader.raft!, member.config.id)
    setTimers(member.raft!, elapsed)
    if (member.nextTickAt <= this.#simulation.now) {
      member.nextTickAt = (member.nextTickAt + member.config.tickInterval) as Ms
    }
    this.underWay--
    this.#ended(member)
  }

  /** Whether the first append that the leader will send is accepted, and is the only one with entries. */
  #fits(member: EtcdMember, leader: EtcdMember): boolean {
    const raft = member.raft!
    const leading = leader.raft!
    const peer = leading.progress(member.config.id)!
    if (member.busy || raft.state !== 'StateFollower' || raft.hasReady() || raft.term > leading.term) return false
    if (peer.state !== 'StateProbe' || peer.next - 1 > raft.lastIndex || leading.termAt(peer.next - 1) === undefined)
      return false
    const missing = leading.lastIndex - raft.lastIndex
    return missing > 0 && missing < ENTRIES_MAX && leading.termAt(raft.lastIndex) === raft.lastTerm
  }

  #workOut(member: EtcdMember, leader: EtcdMember): ReturnTimes {
    const { now } = this.#simulation
    const [a, b] = [this.#group.endpointOf(leader), this.#group.endpointOf(member)]
    const kept = member.raft!.term < leader.raft!.term ? now + member.disk.skipSync() : now
    const appended = kept + this.#network.delay(b, a) + this.#network.delay(a, b)
    const written = appended + member.disk.skipSync()
    const acknowledged = written + this.#network.delay(b, a)
    if (raftBehaviour(leader.config.version).tracksSentCommit) {
      return { kept, appended, written, told: appended, end: acknowledged }
    }
    const told = acknowledged + this.#network.delay(a, b)
    return { kept, appended, written, told, end: told + this.#network.delay(b, a) }
  }

  /** When something else happens: a fault, a start, a write, a tick of the leader. */
  #undisturbedUntil(leader: EtcdMember): number {
    const nextTick = firstAtOrAfter(leader.nextTickAt, leader.config.tickInterval, this.#simulation.now)
    return Math.min(this.#group.undisturbedUntil, this.#group.nextWrite, nextTick)
  }
}

/**
 * Ticks of a member at the end since it was last told something; one that comes while it writes is made up for afterwards.
 * @returns undefined where a tick falls on the very instant of something else
 */
function elapsedAtEnd(tick: number, now: number, times: ReturnTimes): number | undefined {
  const { kept, appended, written, told, end } = times
  if (tick === now || tick === kept || tick === appended || tick === written || tick === told) return undefined
  let done = tick
  if (tick < kept) done = kept
  else if (tick > appended && tick < written) done = written
  if (done === told || tick > end) return tick > end ? 0 : undefined
  return done > told ? 1 : 0
}
