import { assert } from '../../base/assert.ts'
import { listOf } from '../../base/list.ts'
import type { Ms } from '../../base/units.ts'
import type { EventHandle, Simulation } from '../../engine/simulation.ts'
import type { Network } from '../../infra/network.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import { setTimers } from '../../raft/shortcuts.ts'
import { type Message, message } from '../../raft/types.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'
import { isStray, tickStray } from './stray.ts'
import { UndisturbedElection } from './undisturbed-election.ts'
import { inStep } from './unnoticed.ts'

/**
 * Skips the time in which a group only repeats itself, and rebuilds, at the instant it is disturbed, the state that
 * stepping through every heartbeat would have reached: counters, phases, and the heartbeats then under way.
 *
 * Three regimes are quiet. *Led*: one leader with a connected, caught-up majority; every tick it sends the same
 * heartbeats, while a follower whose disk stalls reads them and is silent. *Leaderless*: too few members to elect anyone. In
 * both, members that are cut off campaign among themselves. *Bereft*: the leader is gone, and its followers count ticks until
 * the first of them campaigns. Whoever fits none of these (a lost message, half a partition, a leader that
 * waits for CheckQuorum to depose it) keeps the group awake.
 *
 * A follower that is not needed may crash, and one that missed nothing may come back, without waking the others
 * ({@link leave}, {@link join}): what is different for that member is kept until they wake.
 */
export class QuietTime {
  asleep = false
  #since = 0 as Ms
  /** Room for {@link #resumeTicks} to sort in. */
  readonly #order: EtcdMember[] = []
  readonly #simulation: Simulation
  readonly #network: Network
  readonly #group: EtcdGroup
  /** Per member, in this sleep: when it crashed; when the last answer that it gave before arrives. −∞: it did not. */
  readonly #leftAt: Float64Array
  readonly #lastAnswerAt: Float64Array
  /** Per member, in this sleep: when, after a start, the first heartbeat reaches it; −∞: it did not start. */
  readonly #heardAt: Float64Array
  /** Per member: that heartbeat while it is under way; −1: it is not. */
  readonly #hearing: EventHandle[]
  /** Ends a bereft sleep. */
  #alarm: EventHandle = -1
  readonly #election: UndisturbedElection

  constructor(simulation: Simulation, network: Network, group: EtcdGroup) {
    this.#simulation = simulation
    this.#network = network
    this.#group = group
    this.#election = new UndisturbedElection(simulation, network, group, () => this.#settleDown())
    const { length } = group.members
    this.#leftAt = new Float64Array(length)
    this.#lastAnswerAt = new Float64Array(length)
    this.#heardAt = new Float64Array(length)
    this.#hearing = listOf(length, () => -1)
  }

  #forgetAbsences(): void {
    this.#leftAt.fill(Number.NEGATIVE_INFINITY)
    this.#lastAnswerAt.fill(Number.NEGATIVE_INFINITY)
    this.#heardAt.fill(Number.NEGATIVE_INFINITY)
  }

  /** A follower is about to crash, unnoticed: what the leader knows of it is brought to this instant, and kept. */
  leave(member: EtcdMember, leader: EtcdMember): void {
    const { now } = this.#simulation
    const place = member.config.id - 1
    this.#settleActivity(member, leader)
    this.#leftAt[place] = now
    this.#lastAnswerAt[place] = this.#lastAnswer(member, leader)
    if (this.#hearing[place] !== -1) this.#simulation.cancel(this.#hearing[place]!)
    this.#hearing[place] = -1
  }

  /** When the answer to the last heartbeat that has reached a follower comes back, or −∞. */
  #lastAnswer(member: EtcdMember, leader: EtcdMember): number {
    const { now } = this.#simulation
    const { there, back } = this.#ways(member, leader)
    const interval = leader.config.tickInterval
    let sent = leader.nextTickAt + (this.#ticks(leader) - 1) * interval
    while (sent + there >= now) sent -= interval
    return sent + there >= this.#heardAt[member.config.id - 1]! ? sent + there + back : Number.NEGATIVE_INFINITY
  }

  /** A member that missed nothing is about to run, unnoticed: the leader's next heartbeat will find it. */
  join(member: EtcdMember, leader: EtcdMember): void {
    const place = member.config.id - 1
    const next = leader.nextTickAt + this.#ticks(leader) * leader.config.tickInterval
    const heard = (next + this.#ways(member, leader).there) as Ms
    this.#heardAt[place] = heard
    this.#hearing[place] = this.#simulation.scheduleAt(heard, this, { member, leader })
  }

  /** The first heartbeat reaches a member that has come back; or, undefined, somebody is about to campaign. */
  handle(hearing: Hearing | undefined): void {
    if (hearing === undefined) {
      this.#campaign()
      return
    }
    const { member, leader } = hearing
    this.#hearing[member.config.id - 1] = -1
    member.receive(beatFor(member, leader))
  }

  /** The first follower of a dead leader campaigns: mostly nothing else happens until it leads. */
  #campaign(): void {
    this.#alarm = -1
    for (const member of this.#group.members) if (member.state === 'running') this.#bringUp(member)
    if (!this.#election.begin()) this.wake()
  }

  /** A follower without a leader has counted ticks. */
  #bringUp(member: EtcdMember): void {
    const raft = member.raft!
    setTimers(raft, raft.electionElapsed + this.#ticks(member), 0)
    member.nextTickAt = firstAtOrAfter(member.nextTickAt, member.config.tickInterval, this.#simulation.now)
  }

  /** From here on something else repeats itself. */
  #settleDown(): void {
    this.#since = this.#simulation.now
    this.#forgetAbsences()
  }

  /**
   * The leader of a sleeping group is about to crash. If nothing of it is under way, its followers do nothing but count
   * until the first of them campaigns. @returns false when they have to wake for it
   */
  bereave(leader: EtcdMember): boolean {
    const { members } = this.#group
    if (leader !== this.#group.leader()) return false
    for (const member of members) {
      if (member === leader || member.state !== 'running') continue
      if (this.#hearing[member.config.id - 1] !== -1 || member.busy || !this.#follows(member, leader)) return false
      if (this.#lastSent(leader) + this.#ways(member, leader).there >= this.#simulation.now) return false
    }
    for (const member of members) {
      if (member === leader || member.state !== 'running') continue
      const arrived = this.#lastSent(leader) + this.#ways(member, leader).there
      setTimers(member.raft!, this.#ticksSince(member, arrived), 0)
      member.nextTickAt = firstAtOrAfter(member.nextTickAt, member.config.tickInterval, this.#simulation.now)
    }
    this.#settleDown()
    this.#setAlarm()
    return true
  }

  #ways(member: EtcdMember, leader: EtcdMember): { readonly there: Ms; readonly back: Ms } {
    const [a, b] = [this.#group.endpointOf(leader), this.#group.endpointOf(member)]
    return { there: this.#network.meanDelay(a, b), back: this.#network.meanDelay(b, a) }
  }

  /** Whether nothing but repetition lies ahead. The caller has made sure that no other message is under way. */
  isQuiet(): boolean {
    if (this.#network.lossy) return false
    const { members } = this.#group
    let leader: EtcdMember | undefined
    for (const member of members) {
      if (member.state === 'stopping' || member.paused) return false
      if (member.busy && !member.disk.stalled) return false
      if (member.state !== 'running') continue
      if (member.raft!.state !== 'StateLeader') continue
      if (leader !== undefined || member.busy) return false
      leader = member
    }
    return leader === undefined ? this.#isLeaderless() || this.#isBereft() : this.#isLed(leader)
  }

  sleep(): void {
    this.asleep = true
    this.#since = this.#simulation.now
    this.#forgetAbsences()
    for (const member of this.#group.members) if (member.state === 'running') member.sleep()
    if (this.#group.leader() === undefined) this.#setAlarm()
  }

  #setAlarm(): void {
    const campaign = this.#firstCampaign()
    if (Number.isFinite(campaign)) this.#alarm = this.#simulation.scheduleAt(campaign as Ms, this, undefined)
  }

  /** When the first follower of a leader that is gone has waited for its whole timeout, or infinity. */
  #firstCampaign(): number {
    let first = Number.POSITIVE_INFINITY
    for (const member of this.#group.members) {
      if (member.state !== 'running' || member.raft!.state !== 'StateFollower') continue
      const { electionElapsed, randomizedElectionTimeout } = member.raft!
      const ticks = Math.max(1, randomizedElectionTimeout - electionElapsed)
      first = Math.min(first, member.nextTickAt + (ticks - 1) * member.config.tickInterval)
    }
    return first
  }

  /** Brings every member to the present: as if each tick before this instant had run. */
  wake(): void {
    assert(!this.#election.underWay, 'nothing disturbs an election that is not played')
    this.asleep = false
    this.#simulation.cancel(this.#alarm)
    this.#alarm = -1
    const leader = this.#group.leader()
    for (const member of this.#group.members) {
      if (member.state !== 'running' || member === leader) continue
      if (this.#hearing[member.config.id - 1] !== -1) this.#wakeJoining(member, leader!)
      else if (member.busy) this.#wakeStuck(member)
      else if (leader !== undefined && this.#follows(member, leader)) this.#wakeFollower(member, leader)
      else if (member.raft!.state === 'StateFollower') this.#bringUp(member)
      else tickStray(member, this.#ticks(member))
    }
    if (leader !== undefined) this.#wakeLeader(leader)
    this.#resumeTicks()
  }

  /** In the order in which they would have gone on, which counts for those that tick at the same instant. */
  #resumeTicks(): void {
    const { members } = this.#group
    const order = this.#order
    let running = 0
    for (let index = 0; index < members.length; index++) {
      const member = members[index]!
      if (member.state !== 'running') continue
      // Sorted by insertion: a handful of members, and no allocation.
      let place = running++
      for (; place > 0 && goesOnBefore(member, order[place - 1]!); place--) order[place] = order[place - 1]!
      order[place] = member
    }
    const { now } = this.#simulation
    for (let place = 0; place < running; place++) {
      const member = order[place]!
      member.wake(firstAtOrAfter(member.nextTickAt, member.config.tickInterval, now))
    }
  }

  #isLed(leader: EtcdMember): boolean {
    const raft = leader.raft!
    if (raft.committed !== raft.lastIndex || raft.applied !== raft.committed || raft.leadTransferee !== 0) return false
    let following = 1
    for (const member of this.#group.members) {
      if (member === leader || member.state !== 'running') continue
      if (member.busy) {
        if (!this.#follows(member, leader)) return false
      } else if (this.#follows(member, leader)) {
        if (!inStep(member, raft)) return false
        following++
      } else if (!isStray(this.#group, member)) return false
    }
    return following >= this.#group.quorum
  }

  /** Nobody leads and nobody can: everyone is in a group too small. */
  #isLeaderless(): boolean {
    for (const member of this.#group.members)
      if (member.state === 'running' && !isStray(this.#group, member)) return false
    return true
  }

  /** Everyone who runs followed a leader that is gone, and nothing but ticks will make anybody campaign. */
  #isBereft(): boolean {
    const { members } = this.#group
    for (const member of members) {
      if (member.state !== 'running') continue
      const { state, lead } = member.raft!
      if (member.busy || state !== 'StateFollower' || lead === 0) return false
      const gone = members[lead - 1]!
      if (gone.state !== 'down' || this.#group.lastArrival(gone, member) >= this.#simulation.now) return false
    }
    return true
  }

  #follows(member: EtcdMember, leader: EtcdMember): boolean {
    return member.raft!.lead === leader.config.id && this.#group.connected(member, leader)
  }

  /** Ticks of a member since it fell asleep, up to but not including now. */
  #ticks(member: EtcdMember, until: number = this.#simulation.now): number {
    return Math.max(0, Math.ceil((until - member.nextTickAt) / member.config.tickInterval))
  }

  /** A follower counts ticks since the last heartbeat that has reached it; later ones are put back on their way. */
  #wakeFollower(member: EtcdMember, leader: EtcdMember): void {
    const now = this.#simulation.now
    const interval = leader.config.tickInterval
    const { there, back } = this.#ways(member, leader)
    const lastSent = this.#lastSent(leader)
    let sent = lastSent
    while (sent + there >= now) sent = (sent - interval) as Ms
    const arrived = sent + there
    setTimers(member.raft!, this.#ticksSince(member, arrived), 0)
    this.#resend(member, leader, { oldest: sent, lastSent, there, back })
  }

  /** Ticks of a follower since the last heartbeat: one at the very instant of its arrival came first, before the reset. */
  #ticksSince(member: EtcdMember, arrived: number): number {
    if (arrived < this.#since) return member.raft!.electionElapsed + this.#ticks(member)
    return this.#ticks(member) - this.#ticksThrough(member, arrived)
  }

  /** When a sleeping group's leader sent its last heartbeats. */
  #lastSent(leader: EtcdMember): Ms {
    return (leader.nextTickAt + (this.#ticks(leader) - 1) * leader.config.tickInterval) as Ms
  }

  /** Ticks of a member since it fell asleep, up to and including `at`. */
  #ticksThrough(member: EtcdMember, at: number): number {
    if (at < member.nextTickAt) return 0
    return Math.floor((at - member.nextTickAt) / member.config.tickInterval) + 1
  }

  /** Heartbeats not yet arrived, and answers not yet back, at this instant, oldest first. */
  #resend(
    member: EtcdMember,
    leader: EtcdMember,
    way: { readonly oldest: Ms; readonly lastSent: Ms; readonly there: Ms; readonly back: Ms },
  ): void {
    const now = this.#simulation.now
    const interval = leader.config.tickInterval
    const { id } = leader.config
    const raft = leader.raft!
    let sent = way.oldest
    while (sent + way.there + way.back >= now) sent = (sent - interval) as Ms
    for (sent = (sent + interval) as Ms; sent <= way.lastSent; sent = (sent + interval) as Ms) {
      const arrival = (sent + way.there) as Ms
      if (arrival >= now) {
        this.#group.deliver(leader, member, beatFor(member, leader), arrival)
      } else {
        const answer = periodic('MsgHeartbeatResp', member.config.id, id, raft.term)
        this.#group.deliver(member, leader, answer, (arrival + way.back) as Ms)
      }
    }
  }

  /** It has only counted ticks; the first heartbeat for it may be under way. */
  #wakeJoining(member: EtcdMember, leader: EtcdMember): void {
    const place = member.config.id - 1
    this.#simulation.cancel(this.#hearing[place]!)
    this.#hearing[place] = -1
    const raft = member.raft!
    setTimers(raft, raft.electionElapsed + this.#ticks(member), 0)
    const heard = this.#heardAt[place]! as Ms
    if (heard - this.#ways(member, leader).there >= this.#simulation.now) return
    this.#group.deliver(leader, member, beatFor(member, leader), heard)
  }

  /** Its loop waits for the disk: heartbeats are read and not answered, and of all ticks one is owed. */
  #wakeStuck(member: EtcdMember): void {
    if (this.#ticks(member) > 0) member.oweTick()
    setTimers(member.raft!, 0, 0)
  }

  /** CheckQuorum ran every election timeout: the silent are inactive since the first, the others answered since the last. */
  #wakeLeader(leader: EtcdMember): void {
    for (const member of this.#group.members) if (member !== leader) this.#settleActivity(member, leader)
    const raft = leader.raft!
    setTimers(raft, (raft.electionElapsed + this.#ticks(leader)) % leader.config.electionTicks, 0)
  }

  /** Whether a member counts as heard from at this instant, and whether the leader found out that it is gone. */
  #settleActivity(member: EtcdMember, leader: EtcdMember): void {
    const { now } = this.#simulation
    const { id } = member.config
    const raft = leader.raft!
    const leftAt = this.#leftAt[id - 1]!
    const lastAnswerAt = this.#lastAnswerAt[id - 1]!
    const checkedAt = this.#lastCheck(leader)
    if (checkedAt >= this.#since && checkedAt >= leftAt) raft.setRecentActive(id, false)
    if (lastAnswerAt >= checkedAt && lastAnswerAt >= this.#since && lastAnswerAt < now) raft.setRecentActive(id, true)
    if (leftAt >= this.#since && this.#ticks(leader) > this.#ticks(leader, leftAt)) raft.reportUnreachable(id)
    if (member.state !== 'running' || member.busy || !this.#follows(member, leader)) return
    const from = Math.max(checkedAt, this.#since, this.#heardAt[id - 1]!)
    if (this.#firstAnswerAfter(from, leader, member) < now) raft.setRecentActive(id, true)
  }

  /** When CheckQuorum last ran in this sleep, or −∞. */
  #lastCheck(leader: EtcdMember): number {
    const { electionTicks, tickInterval } = leader.config
    const ticks = this.#ticks(leader)
    const total = leader.raft!.electionElapsed + ticks
    if (total < electionTicks) return Number.NEGATIVE_INFINITY
    return leader.nextTickAt + (ticks - 1 - (total % electionTicks)) * tickInterval
  }

  /** When the first heartbeat answer of a follower came back after `instant`. */
  #firstAnswerAfter(instant: number, leader: EtcdMember, member: EtcdMember): number {
    const a = this.#group.endpointOf(leader)
    const b = this.#group.endpointOf(member)
    const interval = leader.config.tickInterval
    const one = leader.nextTickAt + this.#network.meanDelay(a, b) + this.#network.meanDelay(b, a)
    return one + (Math.floor((instant - one) / interval) + 1) * interval
  }
}

/** Sleep may have come between two ticks of one instant: who has had that one goes first. */
function goesOnBefore(a: EtcdMember, b: EtcdMember): boolean {
  return a.nextTickAt > b.nextTickAt || (a.nextTickAt === b.nextTickAt && a.tickPlannedIn < b.tickPlannedIn)
}

/** A heartbeat on its way to a member that is being brought up to an instant. */
interface Hearing {
  readonly member: EtcdMember
  readonly leader: EtcdMember
}

/** The heartbeat that a leader sends a member. */
function beatFor(member: EtcdMember, leader: EtcdMember): Message {
  const raft = leader.raft!
  const beat = periodic('MsgHeartbeat', leader.config.id, member.config.id, raft.term)
  beat.commit = Math.min(raft.progress(member.config.id)?.match ?? 0, raft.committed)
  return beat
}

function periodic(type: 'MsgHeartbeat' | 'MsgHeartbeatResp', from: number, to: number, term: number): Message {
  const made = message(type, to, from)
  made.term = term
  return made
}
