import type { Ms } from '../../base/units.ts'
import type { Simulation } from '../../engine/simulation.ts'
import type { Network } from '../../infra/network.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import { raftBehaviour } from '../../raft/config.ts'
import {
  appendAlone,
  commitAll,
  hearAcknowledgement,
  noteAppends,
  receiveAlone,
  setTimers,
} from '../../raft/shortcuts.ts'
import { type Entry, message } from '../../raft/types.ts'
import type { Activity } from './activity.ts'
import { append } from './append.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'
import { nth } from './nth.ts'
import { lastTick, ticksBefore } from './sleeping-ticks.ts'

/**
 * A client's write to a group that is led and in step, without its messages, when nobody ticks and nothing else happens in
 * the few milliseconds that it takes: nothing can be seen of it from outside, so it is done at its first instant. A disk
 * that stalls catches it. A follower's is stuck with the entry until the disk is released, and the others go on; a leader's
 * has sent the entry already, and hears that its followers have it, but nobody hears anything from it again.
 */
export class UndisturbedWrite {
  readonly #simulation: Simulation
  readonly #network: Network
  readonly #group: EtcdGroup
  readonly #activity: Activity
  /** Per member: when the entry reaches it, when it has written it, and when the leader hears of that; or infinity. */
  readonly #reached: Float64Array
  readonly #written: Float64Array
  readonly #answered: Float64Array
  readonly #sorted: Float64Array

  constructor(simulation: Simulation, network: Network, group: EtcdGroup, activity: Activity) {
    this.#simulation = simulation
    this.#network = network
    this.#group = group
    this.#activity = activity
    const { length } = group.config.members
    this.#reached = new Float64Array(length)
    this.#written = new Float64Array(length)
    this.#answered = new Float64Array(length)
    this.#sorted = new Float64Array(length)
  }

  /** To be called at the instant of a write; everybody takes part and is in step. @returns false when it has to be played */
  begin(leader: EtcdMember): boolean {
    const { now } = this.#simulation
    if (!this.#fits(leader)) return false
    if (this.#workOut(leader, now) >= this.#undisturbedUntil(now)) return false
    for (const member of this.#group.members) if (member !== leader) this.#activity.settle(member, leader, now)
    this.#bringUp(leader, now)
    if (leader.disk.stalled) this.#appendAndFallSilent(leader)
    else this.#appendAndCommit(leader)
    this.#activity.begin(now)
    for (const member of this.#group.members)
      if (member.busy && member !== leader) this.#activity.fellSilent(member, leader, now)
    return true
  }

  #fits(leader: EtcdMember): boolean {
    if (this.#network.lossy || leader.busy || leader.state === 'stopping') return false
    for (const member of this.#group.members) {
      if (member.busy || member.raft!.hasReady()) return false
      if (member === leader) continue
      const peer = leader.raft!.progress(member.config.id)!
      if (peer.isPaused || peer.inflightCount > 0 || peer.state === 'StateSnapshot') return false
      if (peer.next !== peer.match + 1) return false
    }
    return true
  }

  /** @returns when the last message arrives; infinite where too few write it */
  #workOut(leader: EtcdMember, now: number): number {
    const { members } = this.#group
    const kept = leader.disk.stalled ? Number.POSITIVE_INFINITY : now + leader.disk.skipSync()
    let end = now
    for (let place = 0; place < members.length; place++) {
      const member = members[place]!
      this.#written[place] = Number.POSITIVE_INFINITY
      this.#answered[place] = Number.POSITIVE_INFINITY
      if (member === leader) continue
      const heartbeat = lastTick(leader, now) + this.#network.meanDelay(this.#at(leader), this.#at(member))
      this.#reached[place] = Math.max(now + this.#delay(leader, member), heartbeat)
      if (member.disk.stalled) end = Math.max(end, this.#reached[place]!)
      else {
        this.#written[place] = this.#reached[place]! + member.disk.skipSync()
        this.#answered[place] = this.#written[place]! + this.#delay(member, leader)
        end = Math.max(end, this.#answered[place]!)
      }
    }
    return leader.disk.stalled ? end : Math.max(end, this.#tell(leader, kept))
  }

  /** Everyone is told that the entry is committed: once the leader has written it too, and who was probed once it answers. */
  #tell(leader: EtcdMember, kept: number): number {
    const { members, quorum } = this.#group
    const enough = nth(this.#answered, quorum - 1, this.#sorted)
    const decided = raftBehaviour(leader.config.version).selfVoteDurable
      ? Math.min(Math.max(enough, kept), nth(this.#answered, quorum, this.#sorted))
      : enough
    let end = Math.max(decided, kept)
    for (let place = 0; place < members.length; place++) {
      const member = members[place]!
      if (member === leader || (member.disk.stalled && isProbed(leader, member))) continue
      const tells = Math.max(decided, kept, isProbed(leader, member) ? this.#answered[place]! : 0)
      const told = tells + this.#delay(leader, member)
      const answered = member.disk.stalled ? told : Math.max(told, this.#written[place]!) + this.#delay(member, leader)
      end = Math.max(end, answered)
    }
    return end
  }

  /** Until when no member ticks, no other write comes, and nothing disturbs the group. */
  #undisturbedUntil(now: number): number {
    let until = Math.min(this.#group.undisturbedUntil, now + 1_000 / this.#group.config.writesPerSecond)
    for (const member of this.#group.members) {
      until = Math.min(until, firstAtOrAfter(member.nextTickAt, member.config.tickInterval, now as Ms))
    }
    return until
  }

  /** A leader has counted ticks and checked its quorum; its followers hear from it now. */
  #bringUp(leader: EtcdMember, now: Ms): void {
    const raft = leader.raft!
    setTimers(raft, (raft.electionElapsed + ticksBefore(leader, now)) % leader.config.electionTicks)
    for (const member of this.#group.members) {
      if (member !== leader) setTimers(member.raft!, 0)
      member.nextTickAt = firstAtOrAfter(member.nextTickAt, member.config.tickInterval, now)
    }
  }

  #appendAndCommit(leader: EtcdMember): void {
    const raft = leader.raft!
    const before = raft.committed
    const entry = appendAlone(raft, leader.storage)
    for (const member of this.#group.members) {
      if (member === leader) continue
      if (!member.disk.stalled) {
        receiveAlone(member.raft!, member.storage, entry)
        commitAll(member.raft!, member.storage)
        continue
      }
      const { index } = entry
      member.receive(append(leader, member, { index: index - 1, entries: [entry], commit: before }))
      if (!isProbed(leader, member)) member.receive(append(leader, member, { index, entries: [], commit: index }))
      noteAppends(raft, member.config.id, before, index)
    }
    commitAll(raft, leader.storage)
    for (const member of this.#group.members) {
      if (member !== leader && !member.disk.stalled) hearAcknowledgement(raft, member.config.id)
    }
  }

  /** It is written by the followers alone; the leader waits for its disk. */
  #appendAndFallSilent(leader: EtcdMember): void {
    const raft = leader.raft!
    this.#group.silently(() => leader.propose())
    const index = raft.lastIndex
    const entry: Entry = { term: raft.term, index, type: 'EntryNormal', data: '' }
    for (const member of this.#group.members) {
      if (member === leader) continue
      if (member.disk.stalled) {
        member.receive(append(leader, member, { index: index - 1, entries: [entry], commit: raft.committed }))
        continue
      }
      receiveAlone(member.raft!, member.storage, entry)
      const answer = message('MsgAppResp', leader.config.id, member.config.id)
      answer.term = raft.term
      answer.index = index
      leader.receive(answer)
    }
  }

  #at(member: EtcdMember): number {
    return this.#group.endpointOf(member)
  }

  #delay(from: EtcdMember, to: EtcdMember): number {
    return this.#network.delay(this.#at(from), this.#at(to))
  }
}

function isProbed(leader: EtcdMember, member: EtcdMember): boolean {
  return leader.raft!.progress(member.config.id)!.state === 'StateProbe'
}
