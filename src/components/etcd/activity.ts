import type { Network } from '../../infra/network.ts'
import { setRecentActive } from '../../raft/shortcuts.ts'
import type { EtcdGroup } from './group.ts'
import { wayBack, wayThere } from './heartbeat.ts'
import type { EtcdMember } from './member.ts'
import { lastTick, ticksBefore, ticksThrough } from './sleeping-ticks.ts'

/**
 * What the leader of a sleeping group would know of who is there: whom it has heard from since its last quorum check, and
 * whom it could not reach. Times of what did not happen in this sleep are −∞.
 */
export class Activity {
  readonly #group: EtcdGroup
  readonly #network: Network
  /** Per member: from when on it slept; when it crashed; when the last answer that it gave before arrives. */
  readonly #sleptAt: Float64Array
  readonly #leftAt: Float64Array
  readonly #lastAnswerAt: Float64Array
  /** Per member: when, after a start, the first heartbeat reaches it. */
  readonly #heardAt: Float64Array

  constructor(group: EtcdGroup, network: Network) {
    this.#group = group
    this.#network = network
    const { length } = group.config.members
    this.#sleptAt = new Float64Array(length)
    this.#leftAt = new Float64Array(length)
    this.#lastAnswerAt = new Float64Array(length)
    this.#heardAt = new Float64Array(length)
  }

  /** Everyone falls asleep. */
  begin(now: number): void {
    this.#sleptAt.fill(now)
    this.#leftAt.fill(Number.NEGATIVE_INFINITY)
    this.#lastAnswerAt.fill(Number.NEGATIVE_INFINITY)
    this.#heardAt.fill(Number.NEGATIVE_INFINITY)
  }

  /** One member falls asleep later than the others. */
  sleptFrom(member: EtcdMember, now: number): void {
    this.#sleptAt[member.config.id - 1] = now
  }

  /** A member that has started will hear the leader at `at`. */
  willHear(member: EtcdMember, at: number): void {
    this.#heardAt[member.config.id - 1] = at
  }

  sleptAt(member: EtcdMember): number {
    return this.#sleptAt[member.config.id - 1]!
  }

  hearsAt(member: EtcdMember): number {
    return this.#heardAt[member.config.id - 1]!
  }

  /** A follower crashes: what the leader knows of it is brought to this instant, and kept. */
  leave(member: EtcdMember, leader: EtcdMember, now: number): void {
    const place = member.config.id - 1
    this.settle(member, leader, now)
    this.#leftAt[place] = now
    this.#lastAnswerAt[place] = this.#lastAnswer(member, leader, now)
  }

  /** A follower has just begun to wait for its disk: the answer to the last heartbeat before may be under way. */
  fellSilent(member: EtcdMember, leader: EtcdMember, now: number): void {
    const there = wayThere(this.#group, this.#network, leader, member)
    const at = lastTick(leader, now) + there + wayBack(this.#group, this.#network, leader, member)
    this.#lastAnswerAt[member.config.id - 1] = at
    // A leader that waits for its own disk hears it, and asks whom it has heard no sooner than it goes on.
    if (leader.busy && at >= now) setRecentActive(leader.raft!, member.config.id, true)
  }

  /** When the answer to the last heartbeat that has reached a follower comes back, or −∞. */
  #lastAnswer(member: EtcdMember, leader: EtcdMember, now: number): number {
    const there = wayThere(this.#group, this.#network, leader, member)
    const interval = leader.config.tickInterval
    let sent = lastTick(leader, now)
    while (sent + there >= now) sent = (sent - interval) as typeof sent
    if (sent + there < this.hearsAt(member)) return Number.NEGATIVE_INFINITY
    return sent + there + wayBack(this.#group, this.#network, leader, member)
  }

  /** Ticks of a follower since the last heartbeat: one at the very instant of its arrival came first, before the reset. */
  ticksSince(member: EtcdMember, arrived: number, now: number): number {
    const ticks = ticksBefore(member, now)
    if (arrived < this.#sleptAt[member.config.id - 1]!) return member.raft!.electionElapsed + ticks
    return ticks - ticksThrough(member, arrived)
  }

  /** Whether a member counts as heard from at this instant, and whether the leader found out that it is gone. */
  settle(member: EtcdMember, leader: EtcdMember, now: number): void {
    const { id } = member.config
    const raft = leader.raft!
    const sleptAt = this.#sleptAt[id - 1]!
    const leftAt = this.#leftAt[id - 1]!
    const lastAnswerAt = this.#lastAnswerAt[id - 1]!
    const checkedAt = lastCheck(leader, now)
    if (checkedAt >= sleptAt && checkedAt >= leftAt) setRecentActive(raft, id, false)
    if (lastAnswerAt >= checkedAt && lastAnswerAt >= sleptAt && lastAnswerAt < now) setRecentActive(raft, id, true)
    if (leftAt >= sleptAt && ticksBefore(leader, goneUntil(member, now)) > ticksBefore(leader, leftAt)) {
      raft.reportUnreachable(id)
    }
    if (!member.takesPart || member.busy || !this.#group.follows(member, leader)) return
    const one = this.#oneAnswer(leader, member)
    const interval = leader.config.tickInterval
    const unchecked = Math.max(checkedAt, this.#heardAt[id - 1]!)
    const after = one + (Math.floor((unchecked - one) / interval) + 1) * interval
    // One that arrived at the very instant of falling asleep may not have been heard any more.
    const asleep = one + Math.ceil((sleptAt - one) / interval) * interval
    if (Math.max(after, asleep) < now) setRecentActive(raft, id, true)
  }

  /** An instant at which a heartbeat answer of a follower comes back; the others are whole ticks of the leader away. */
  #oneAnswer(leader: EtcdMember, member: EtcdMember): number {
    const there = wayThere(this.#group, this.#network, leader, member)
    return leader.nextTickAt + there + wayBack(this.#group, this.#network, leader, member)
  }
}

/** Until when a heartbeat to a member that left found nobody: one that starts takes it, though it does not read it yet. */
function goneUntil(member: EtcdMember, now: number): number {
  return member.state === 'down' ? now : Math.min(now, member.startedFrom)
}

/** When CheckQuorum last ran in this sleep, or −∞. */
function lastCheck(leader: EtcdMember, now: number): number {
  const { electionTicks, tickInterval } = leader.config
  const ticks = ticksBefore(leader, now)
  const total = leader.raft!.electionElapsed + ticks
  if (total < electionTicks) return Number.NEGATIVE_INFINITY
  return leader.nextTickAt + (ticks - 1 - (total % electionTicks)) * tickInterval
}
