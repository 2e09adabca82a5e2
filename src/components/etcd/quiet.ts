import { assert } from '../../base/assert.ts'
import type { Ms } from '../../base/units.ts'
import type { EventHandle, Simulation } from '../../engine/simulation.ts'
import type { Network } from '../../infra/network.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import { noteHeartbeat, setTimers } from '../../raft/shortcuts.ts'
import { Activity } from './activity.ts'
import type { EtcdGroup } from './group.ts'
import { heartbeat, wayThere } from './heartbeat.ts'
import type { EtcdMember } from './member.ts'
import { Returns } from './returns.ts'
import { lastTick, ticksBefore } from './sleeping-ticks.ts'
import { isRestless, isSilentLeader, isStray, tickStray } from './stray.ts'
import { lastHeard, sendAgain } from './under-way.ts'
import { UndisturbedElection } from './undisturbed-election.ts'
import { UndisturbedRelease } from './undisturbed-release.ts'
import { UndisturbedWrite } from './undisturbed-write.ts'
import { inStep } from './unnoticed.ts'

/**
 * Skips the time in which a group only repeats itself, and rebuilds, at the instant it is disturbed, the state that
 * stepping through every heartbeat would have reached: counters, phases, and the heartbeats then under way.
 *
 * Three regimes are quiet. *Led*: one leader with a connected, caught-up majority; every tick it sends the same
 * heartbeats, while a follower whose disk stalls reads them and is silent. *Leaderless*: too few members to elect anyone. In
 * both, members that are cut off campaign among themselves. *Bereft*: the leader is gone or waits for its disk, and its
 * followers count ticks until the first of them campaigns, or, where it asked too early, the next. Whoever fits none of these
 * (a lost message, half a partition, a leader that waits for CheckQuorum to depose it) keeps the group awake.
 *
 * A follower that is not needed may crash, and one that missed nothing may come back, without waking the others
 * ({@link leave}, {@link join}): what is different for that member is kept until they wake.
 */
export class QuietTime {
  asleep = false
  /** When all last woke. */
  wokeAt = Number.NEGATIVE_INFINITY
  /** Of a group that sleeps with one: nothing is wrong with it. */
  leader: EtcdMember | undefined
  /** Whether, besides, everyone was running and in step when it fell asleep, and no disk is slow: who is needed is then counted. */
  #isPlain = false
  readonly #simulation: Simulation
  readonly #network: Network
  readonly #group: EtcdGroup
  /** Per member: whether, as all wake, heartbeats are under way to it, or its answers. */
  readonly #hears: Uint8Array
  /** Ends a bereft sleep. */
  #alarm: EventHandle = -1
  readonly #election: UndisturbedElection
  readonly #activity: Activity
  readonly #returns: Returns
  readonly #release: UndisturbedRelease
  readonly #write: UndisturbedWrite

  constructor(simulation: Simulation, network: Network, group: EtcdGroup) {
    this.#simulation = simulation
    this.#network = network
    this.#group = group
    this.#hears = new Uint8Array(group.config.members.length)
    this.#election = new UndisturbedElection(simulation, network, group, () => this.#settleDown())
    this.#activity = new Activity(group, network)
    this.#returns = new Returns(simulation, network, group, this.#activity, () => this.wake())
    this.#release = new UndisturbedRelease(simulation, network, group, this.#activity)
    this.#write = new UndisturbedWrite(simulation, network, group, this.#activity)
  }

  /** A follower is about to crash, unnoticed. */
  leave(member: EtcdMember, leader: EtcdMember): void {
    if (this.#returns.catchesUp(member)) this.#activity.sleptFrom(member, this.#simulation.now)
    this.#returns.end(member)
    this.#activity.leave(member, leader, this.#simulation.now)
  }

  /** A member is about to run that needs nobody but the leader, and `lags` or has missed nothing. */
  join(member: EtcdMember, leader: EtcdMember, lags: boolean): void {
    this.#returns.begin(member, leader, lags)
  }

  /**
   * A disk is about to stall (1) or to be released (−1); where a member waits for that release, what it does then is worked
   * out here.
   * @returns whether the group may sleep on
   */
  sleepsThroughStall(member: EtcdMember, by: 1 | -1): boolean {
    if (!member.takesPart) return true
    const { leader } = this
    if (leader === undefined || this.#returns.waits(member) || this.#returns.catchesUp(member)) return false
    if (member !== leader && !this.#group.follows(member, leader)) return false
    if (member.busy && by === -1 && member.disk.stalls === 1) return this.#release.begin(member, leader)
    this.#isPlain = false
    return !member.busy
  }

  /** A client writes to the sleeping group. @returns false when everybody has to wake for it */
  write(): boolean {
    const { leader } = this
    if (leader === undefined) return false
    for (const member of this.#group.members) {
      if (!member.takesPart || this.#returns.waits(member) || this.#returns.catchesUp(member)) return false
      if (member !== leader && !(this.#group.follows(member, leader) && inStep(member, leader.raft!))) return false
    }
    if (!this.#write.begin(leader)) return false
    if (leader.busy) this.#fallBereft()
    else this.#isPlain = this.#isAllInStep(leader)
    return true
  }

  /** The leader waits for its disk: its followers do nothing but count until the first of them campaigns. */
  #fallBereft(): void {
    this.leader = undefined
    this.#setAlarm()
  }

  /** Whether what a member says is real even while the group sleeps. */
  catchesUp(member: EtcdMember): boolean {
    return this.#returns.catchesUp(member)
  }

  /** Nothing but heartbeats is under way between a sleeping group's leader and who has come back to it. */
  settle(): void {
    const leader = this.#group.leader()
    if (leader !== undefined) this.#returns.settle(leader)
  }

  /** Members are as they would be if the election under way were played. */
  bringUp(): void {
    if (this.#election.underWay) this.#election.bringUp()
  }

  /** The first follower of a dead leader campaigns: mostly nothing else happens until it leads. */
  handle(): void {
    this.#alarm = -1
    for (const member of this.#group.members) if (member.takesPart) this.#bringUp(member)
    const outcome = this.#election.begin()
    if (outcome === 'unclear') this.wake()
    else if (outcome === 'lost') this.#setAlarm()
  }

  /** A follower without a leader has counted ticks. */
  #bringUp(member: EtcdMember): void {
    const raft = member.raft!
    if (member.busy) this.#wakeStuck(member, undefined)
    else setTimers(raft, raft.electionElapsed + ticksBefore(member, this.#simulation.now))
    member.nextTickAt = firstAtOrAfter(member.nextTickAt, member.config.tickInterval, this.#simulation.now)
  }

  /**
   * The leader of a sleeping group is about to crash. If nothing of it is under way, its followers do nothing but count
   * until the first of them campaigns. @returns false when they have to wake for it
   */
  bereave(leader: EtcdMember): boolean {
    const { members } = this.#group
    const { now } = this.#simulation
    if (leader !== this.leader) return false
    for (const member of members) {
      if (member === leader || !member.takesPart) continue
      if (member.busy || !this.#group.follows(member, leader)) return false
      if (this.#returns.waits(member) || this.#returns.catchesUp(member)) return false
      if (this.#arrival(leader, member) >= now) return false
    }
    for (const member of members) {
      if (member === leader || !member.takesPart) continue
      setTimers(member.raft!, this.#activity.ticksSince(member, this.#arrival(leader, member), now))
      member.nextTickAt = firstAtOrAfter(member.nextTickAt, member.config.tickInterval, now)
    }
    this.#activity.begin(now)
    this.leader = undefined
    this.#setAlarm()
    return true
  }

  /** When the last heartbeat that a leader has sent arrives. */
  #arrival(leader: EtcdMember, member: EtcdMember): number {
    return lastTick(leader, this.#simulation.now) + wayThere(this.#group, this.#network, leader, member)
  }

  /** Whether nothing but repetition lies ahead. The caller has made sure that no other message is under way. */
  isQuiet(): boolean {
    if (this.#network.lossy || !this.#network.isSteady(this.#simulation.now)) return false
    const { members } = this.#group
    let leader: EtcdMember | undefined
    for (const member of members) {
      if (isRestless(member, this.#simulation.now)) return false
      if (!member.takesPart || member.busy || member.raft!.state !== 'StateLeader') continue
      if (leader !== undefined) return false
      leader = member
    }
    return leader === undefined ? this.#isLeaderless() || this.#isBereft() : this.#isLed(leader)
  }

  sleep(): void {
    this.asleep = true
    this.#activity.begin(this.#simulation.now)
    for (const member of this.#group.members) if (member.takesPart) member.sleep()
    // One that waits for its disk is silent: its followers are bereft.
    const last = this.#group.leader()
    const leader = last === undefined || last.busy ? undefined : last
    this.leader = leader
    this.#isPlain = leader !== undefined && this.#isAllInStep(leader)
    if (leader === undefined) this.#setAlarm()
  }

  /** Asleep and led, by nothing but heartbeats. */
  get isPlain(): boolean {
    return this.leader !== undefined && this.#isPlain
  }

  #isAllInStep(leader: EtcdMember): boolean {
    for (const member of this.#group.members) {
      if (!member.takesPart) continue
      if (member.state === 'stopping' || member.busy || member.disk.stalled || member.disk.slowBy > 0) return false
      if (member !== leader && !this.#group.follows(member, leader)) return false
    }
    return true
  }

  /**
   * Whether everyone else is enough without a member, each of them down or in step; undefined where that takes a closer
   * look than to count. (Whatever could change it, but crashes and starts, wakes the group.)
   */
  goesOnWithout(without: EtcdMember): boolean | undefined {
    if (!this.isPlain) return undefined
    let running = 0
    for (const member of this.#group.members) {
      if (member === without || !member.takesPart) continue
      if (this.#returns.catchesUp(member)) return undefined
      if (this.#returns.waits(member)) return false
      // One that has been told to stop will not be there for long.
      if (member.state === 'running') running++
    }
    return running >= this.#group.quorum
  }

  /** An election has ended, and nobody has woken. */
  #settleDown(): void {
    this.#activity.begin(this.#simulation.now)
    const leader = this.#group.leader()!
    this.leader = leader
    this.#isPlain = this.#isAllInStep(leader)
  }

  #setAlarm(): void {
    if (this.#isLeaderless()) return
    const campaign = this.#firstCampaign()
    if (Number.isFinite(campaign)) this.#alarm = this.#simulation.scheduleAt(campaign as Ms, this, undefined)
  }

  /** When the first of those without a leader has waited for its whole timeout, or infinity. */
  #firstCampaign(): number {
    let first = Number.POSITIVE_INFINITY
    for (const member of this.#group.members) {
      if (!member.takesPart || member.raft!.state === 'StateLeader') continue
      const { electionElapsed, randomizedElectionTimeout } = member.raft!
      const ticks = Math.max(1, randomizedElectionTimeout - electionElapsed)
      first = Math.min(first, member.nextTickAt + (ticks - 1) * member.config.tickInterval)
    }
    return first
  }

  /** Brings every member to the present: as if each tick before this instant had run. */
  wake(): void {
    assert(!this.#election.underWay && !this.#returns.isUndisturbed, 'nothing disturbs what is not played')
    const { leader } = this
    this.asleep = false
    this.wokeAt = this.#simulation.now
    this.leader = undefined
    this.#simulation.cancel(this.#alarm)
    this.#alarm = -1
    this.#hears.fill(0)
    for (const member of this.#group.members) {
      if (!member.takesPart || member === leader) continue
      if (this.#returns.waits(member)) this.#returns.wakeWaiting(member, leader!)
      else if (this.#returns.catchesUp(member)) this.#wakeCatchingUp(member)
      else if (member.busy) this.#wakeStuck(member, leader)
      else if (leader !== undefined && this.#group.follows(member, leader)) this.#wakeFollower(member, leader)
      else if (member.raft!.state === 'StateFollower') this.#bringUp(member)
      else tickStray(member, ticksBefore(member, this.#simulation.now))
    }
    if (leader !== undefined) {
      this.#wakeLeader(leader)
      this.#sendAgain(leader, true)
    }
    const { now } = this.#simulation
    for (const member of this.#group.tickOrder.members) {
      if (member.takesPart) member.wake(firstAtOrAfter(member.nextTickAt, member.config.tickInterval, now))
    }
    if (leader !== undefined) this.#sendAgain(leader, false)
  }

  #isLed(leader: EtcdMember): boolean {
    const raft = leader.raft!
    if (raft.committed !== raft.lastIndex || raft.applied !== raft.committed || raft.leadTransferee !== 0) return false
    let following = 1
    for (const member of this.#group.members) {
      if (member === leader) continue
      if (!member.takesPart) {
        // The next heartbeat will find that it is gone.
        if (raft.progress(member.config.id)!.state === 'StateReplicate') return false
      } else if (member.busy) {
        if (!this.#group.follows(member, leader)) return false
      } else if (this.#group.follows(member, leader)) {
        if (!inStep(member, raft) || !this.#hearsInTime(member, leader)) return false
        if (raft.progress(member.config.id)!.recentActive) following++
      } else if (!isStray(this.#group, member)) return false
    }
    return following >= this.#group.quorum
  }

  /** Whether the next heartbeat comes before a follower campaigns, which has not heard of its leader for a while perhaps. */
  #hearsInTime(member: EtcdMember, leader: EtcdMember): boolean {
    const { electionElapsed, randomizedElectionTimeout } = member.raft!
    const there = wayThere(this.#group, this.#network, leader, member)
    return electionElapsed + 2 + Math.ceil(there / member.config.tickInterval) < randomizedElectionTimeout
  }

  /** Nobody leads and nobody can: everyone is in a group too small. */
  #isLeaderless(): boolean {
    for (const member of this.#group.members) if (member.takesPart && !isStray(this.#group, member)) return false
    return true
  }

  /** Everyone who runs followed a leader that is gone, or asked too early; nothing but ticks will make anybody campaign. */
  #isBereft(): boolean {
    const { members } = this.#group
    let together = -1
    for (const member of members) {
      if (!member.takesPart || isSilentLeader(member)) continue
      const { state, lead, term } = member.raft!
      if (member.busy || (together !== -1 && term !== together)) return false
      together = term
      if (state === 'StatePreCandidate') continue
      if (state !== 'StateFollower' || lead === 0) return false
      const gone = members[lead - 1]!
      if (
        (gone.state !== 'down' && !isSilentLeader(gone)) ||
        this.#group.lastArrival(gone, member) >= this.#simulation.now
      )
        return false
    }
    return true
  }

  /** A follower counts ticks since the last heartbeat that has reached it; later ones are put back on their way. */
  #wakeFollower(member: EtcdMember, leader: EtcdMember): void {
    const now = this.#simulation.now
    const there = wayThere(this.#group, this.#network, leader, member)
    const sent = lastHeard(leader, there, now)
    setTimers(member.raft!, this.#activity.ticksSince(member, sent + there, now))
    this.#hears[member.config.id - 1] = 1
  }

  /** It ticks by itself already, and what the leader knows of it is true. */
  #wakeCatchingUp(member: EtcdMember): void {
    this.#returns.end(member)
    this.#activity.sleptFrom(member, this.#simulation.now)
    member.sleep()
  }

  /** Its loop waits for the disk: heartbeats are read, to be answered after it (once will do), and of all ticks one is owed. */
  #wakeStuck(member: EtcdMember, leader: EtcdMember | undefined): void {
    if (ticksBefore(member, this.#simulation.now) > 0) member.oweTick()
    if (member.raft!.state !== 'StateLeader') setTimers(member.raft!, 0)
    if (leader === undefined) return
    const there = wayThere(this.#group, this.#network, leader, member)
    const heard = lastHeard(leader, there, this.#simulation.now)
    if (this.#activity.sleptAt(member) <= heard + there) member.receive(heartbeat(leader, member))
    this.#hears[member.config.id - 1] = 1
  }

  /** What was sent before the ticks at its instant were planned comes before them, and that is what is longer on its way. */
  #sendAgain(leader: EtcdMember, takesLonger: boolean): void {
    for (const member of this.#group.members) {
      if (this.#hears[member.config.id - 1] === 0) continue
      const there = wayThere(this.#group, this.#network, leader, member)
      if (there > member.config.tickInterval !== takesLonger) continue
      sendAgain(this.#group, this.#network, leader, member, this.#simulation.now)
    }
  }

  /** CheckQuorum ran every election timeout: the silent are inactive since the first, the others answered since the last. */
  #wakeLeader(leader: EtcdMember): void {
    const { now } = this.#simulation
    const raft = leader.raft!
    const ticks = ticksBefore(leader, now)
    for (const member of this.#group.members) {
      if (member === leader) continue
      this.#activity.settle(member, leader, now)
      if (ticks > 0) noteHeartbeat(raft, member.config.id)
    }
    setTimers(raft, (raft.electionElapsed + ticks) % leader.config.electionTicks)
  }
}
