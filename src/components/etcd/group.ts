import { listOf } from '../../base/list.ts'
import { type Ms, ms } from '../../base/units.ts'
import { integerBelow } from '../../engine/random.ts'
import type { Simulation } from '../../engine/simulation.ts'
import { Disk } from '../../infra/disk.ts'
import type { Network } from '../../infra/network.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import type { Message } from '../../raft/types.ts'
import { electAtOnce } from './bootstrap.ts'
import { derived, type EtcdGroupConfig, newStorage } from './group-config.ts'
import { isPeriodic } from './heartbeat.ts'
import { EtcdMember } from './member.ts'
import type { Arrival, MemberWorld } from './member-world.ts'
import { activePeers, transferTarget } from './peers.ts'
import { QuietTime } from './quiet.ts'
import { isSilentLeader } from './stray.ts'
import { TickOrder } from './tick-order.ts'
import { catchesUpAlone, leavesUnnoticed, returnsUnnoticed } from './unnoticed.ts'
import { Writes } from './writes.ts'

/** Who is told what the group does; calls arrive in the middle of an event and must not change the group. */
export interface EtcdListener {
  /** Roles, leaders, commits or processes may have changed. */
  etcdChanged(): void
  /**
   * A member starts a campaign (pre-vote included), as etcd logs "is starting a new election". Not told of one that
   * goes on campaigning where it cannot win.
   */
  etcdCampaigned(): void
  /** A member became leader of `term`. */
  etcdElected(term: number): void
}

/** Nothing is won by sleeping for fewer heartbeats than this. */
const WORTH_A_SLEEP = 3

/** The members of one etcd cluster, the streams between them, and the skipping of their quiet time. */
export class EtcdGroup implements MemberWorld {
  readonly members: readonly EtcdMember[]
  readonly config: EtcdGroupConfig
  readonly quorum: number
  readonly tickOrder: TickOrder
  readonly #simulation: Simulation
  readonly #network: Network
  readonly #listener: EtcdListener
  readonly #quiet: QuietTime
  /** Per directed pair: when the last message arrives; streams are first in, first out. */
  readonly #lastArrival: Float64Array
  readonly #leaderTerm: Float64Array
  /** Per member: the last announced disturbance. */
  readonly #expected: Float64Array
  readonly #writes: Writes
  /** What was last told of each member. */
  readonly #seen: { lead: number; knows: boolean; alive: boolean; term: number }[]
  readonly #arrivals = { handle: (arrival: Arrival) => this.#arrive(arrival) }
  /** Messages under way that are not the periodic heartbeats and their answers. */
  #inFlight = 0
  #epoch = 0
  #isSilent = false
  #highestTermLed = 0

  constructor(simulation: Simulation, network: Network, config: EtcdGroupConfig, listener: EtcdListener) {
    this.#simulation = simulation
    this.#network = network
    this.config = config
    this.#listener = listener
    const count = config.members.length
    this.quorum = Math.floor(count / 2) + 1
    const { members, snapshot } = derived(config)
    this.#writes = new Writes(simulation, this)
    const { fsync } = config
    const delays = { start: config.processStart, stop: config.processStop }
    this.members = listOf(count, (index) => {
      const member = members[index]!
      const disk = new Disk(simulation, fsync, simulation.streams.stream(member.streams.fsync))
      return new EtcdMember(simulation, member, this, { disk, storage: newStorage(snapshot), ...delays })
    })
    this.#lastArrival = new Float64Array(count * count)
    this.#leaderTerm = new Float64Array(count)
    this.#expected = new Float64Array(count).fill(Number.NEGATIVE_INFINITY)
    this.#seen = listOf(count, () => ({ lead: -2, knows: false, alive: false, term: 0 }))
    this.tickOrder = new TickOrder(this.members)
    this.#quiet = new QuietTime(simulation, network, this)
  }

  /** Begins in the middle of life: every member runs with a random tick phase, and one of them leads. */
  startEstablished(leads?: number): void {
    for (const member of this.members) {
      const phase = this.#simulation.streams.stream(member.config.streams.phase).next()
      member.startAt(ms(phase * this.config.heartbeatInterval))
    }
    const first = leads ?? integerBelow(this.#simulation.streams.stream('etcd/first-leader'), this.members.length)
    electAtOnce(this.members, first)
    const leader = this.members[first]!
    this.#leaderTerm[first] = leader.raft!.term
    this.#highestTermLed = leader.raft!.term
    this.#writes.begin()
  }

  /** The running leader of the highest term, if any. */
  leader(): EtcdMember | undefined {
    let best = this.#quiet.leader
    if (best !== undefined) return best
    for (const member of this.members) {
      if (!member.alive || member.raft!.state !== 'StateLeader') continue
      if (best === undefined || member.raft!.term > best.raft!.term) best = member
    }
    return best
  }

  /** Must be called before anything is done to members, disks or links: brings a sleeping group up to this instant. */
  disturb(): void {
    if (this.#quiet.asleep) this.#quiet.wake()
    this.#writes.resume()
  }

  /** SIGKILL of a member, or its machine is gone. One that is not needed leaves the others as they are. */
  crash(member: EtcdMember): void {
    this.beforeEnd(member)
    member.crash()
  }

  /** A client's write, which a leader takes if there is one. @returns whether the group sleeps on */
  write(): boolean {
    if (this.#quiet.asleep && this.#quiet.write()) return true
    this.disturb()
    this.leader()?.propose()
    return false
  }

  /** SIGTERM to a member. Until it ends it goes on as it is, if it does not lead. */
  stop(member: EtcdMember): void {
    if (!this.#leavesUnnoticed(member)) this.disturb()
    member.stop()
  }

  /** SIGCONT to a member. */
  resume(member: EtcdMember): void {
    this.disturb()
    if (member.paused) this.tickOrder.goesOn(member)
    member.resume()
  }

  /** The disk under a member's log answers nothing (1) until released (−1): it is the next write that finds out. */
  stallDisk(member: EtcdMember, by: 1 | -1): void {
    const sleeps = this.#quiet.asleep && this.#quiet.sleepsThroughStall(member, by)
    if (!sleeps) this.disturb()
    member.disk.stall(by)
    if (sleeps) this.#writes.resumeAsleep()
  }

  #leavesUnnoticed(member: EtcdMember): boolean {
    return this.#writes.areOver && leavesUnnoticed(this, this.#network, member)
  }

  /** Somebody will {@link disturb} the group for a member at an instant that no structural event tells of. */
  expectDisturbance(index: number, at: number): void {
    this.#expected[index] = at
  }

  /** Until when nothing from outside disturbs the group: no fault, no start of a member, nothing that was announced. */
  get undisturbedUntil(): number {
    let until: number = this.#simulation.nextAgendaTime()
    for (let index = 0; index < this.members.length; index++) {
      const member = this.members[index]!
      if (member.state === 'starting' || member.state === 'stopping') until = Math.min(until, member.changesAt)
      const expected = this.#expected[index]!
      if (expected >= this.#simulation.now) until = Math.min(until, expected)
    }
    return until
  }

  /** When writes next do something of themselves. */
  get nextWrite(): number {
    return this.#writes.next
  }

  /** A crash that the others notice: if it is their leader's, all they do is wait for it. */
  #loseLeader(member: EtcdMember): void {
    if (this.#quiet.asleep && this.#quiet.bereave(member)) this.#writes.resume()
    else this.disturb()
  }

  /** Whether a leader and its followers go on by themselves, and whatever happens to another one changes nothing for them. */
  get sleepsPlainly(): boolean {
    return this.#quiet.isPlain
  }

  /** The instant of the first write after an election; see {@link Writes.firstAfter}. */
  firstWriteAfter(elected: number): number {
    return this.#writes.firstAfter(elected)
  }

  endpointOf(member: EtcdMember): number {
    return member.config.endpoint
  }

  /** Whether two members can talk: both processes answer and both directions are open. */
  connected(a: EtcdMember, b: EtcdMember): boolean {
    return a.alive && b.alive && this.#network.connected(this.endpointOf(a), this.endpointOf(b))
  }

  // What members ask of the world

  send(from: EtcdMember, message: Message): void {
    if (this.#isSilent) return
    // Answers of a member that comes back to a sleeping group are worked out when that wakes.
    if (this.#quiet.asleep && isPeriodic(message) && !this.#quiet.catchesUp(from)) return
    const to = this.members[message.to - 1]!
    const a = this.endpointOf(from)
    const b = this.endpointOf(to)
    if (to.state === 'down' || to.state === 'starting' || !this.#network.connected(a, b)) {
      if (message.type !== 'MsgHeartbeat' || to.state === 'down') from.raft?.reportUnreachable(message.to)
      return
    }
    if (this.#network.loses(a, b)) return
    this.deliver(from, to, message, (this.#simulation.now + this.#network.delay(a, b)) as Ms)
  }

  /** What members say during this is lost: all that comes of it has been worked out. */
  silently(action: () => void): void {
    this.#isSilent = true
    action()
    this.#isSilent = false
  }

  /** Puts a message on its way, to arrive at `at` or right behind the one before it. */
  deliver(from: EtcdMember, to: EtcdMember, message: Message, at: Ms): void {
    const pair = (from.config.id - 1) * this.members.length + to.config.id - 1
    const arrival = Math.max(at, this.#lastArrival[pair]!) as Ms
    this.#lastArrival[pair] = arrival
    const periodic = isPeriodic(message)
    if (!periodic) this.#inFlight++
    const epoch = periodic ? this.#epoch : -1
    const { generation } = to
    this.#simulation.scheduleAt(arrival, this.#arrivals, { to, generation, data: from.storage, message, epoch })
  }

  /** When the last message that one member sent another has arrived, or will. */
  lastArrival(from: EtcdMember, to: EtcdMember): number {
    return this.#lastArrival[(from.config.id - 1) * this.members.length + to.config.id - 1]!
  }

  /** Whether a member takes another one for its leader, and can talk to it. */
  follows(member: EtcdMember, leader: EtcdMember): boolean {
    return member.raft!.lead === leader.config.id && this.connected(member, leader)
  }

  /** What is known of a sleeping group without a member; see {@link QuietTime.goesOnWithout}. */
  goesOnWithout(member: EtcdMember): boolean | undefined {
    return this.#quiet.goesOnWithout(member)
  }

  activePeers(member: EtcdMember): number {
    return activePeers(this, member)
  }

  transferTarget(member: EtcdMember): number {
    return transferTarget(this, member)
  }

  ticksFirst(member: EtcdMember): boolean {
    const { heartbeatInterval } = this.config
    const { now } = this.#simulation
    if (now - member.startedFrom >= heartbeatInterval) return false
    // Who woke since the start was planned plans its next tick later than if it had never slept.
    if (!this.#quiet.asleep && this.#quiet.wokeAt < member.startedFrom) return false
    const ticks = (other: EtcdMember) => firstAtOrAfter(other.nextTickAt, ms(heartbeatInterval), now) === now
    if (!this.members.some((other) => other.alive && ticks(other))) return false
    if (this.#quiet.asleep) this.#quiet.wake()
    return true
  }

  beforeStart(member: EtcdMember): boolean {
    this.tickOrder.starts(member, this.#simulation.now - member.startedFrom, this.#simulation.now)
    const isUnnoticed = this.#writes.areOver && returnsUnnoticed(this, this.#network, member)
    if (!isUnnoticed) this.#takeBack(member)
    else if (this.#quiet.asleep) this.#quiet.join(member, this.leader()!, false)
    return this.#quiet.asleep
  }

  beforeAdvance(): void {
    if (this.#quiet.asleep) this.#quiet.wake()
  }

  beforeEnd(member: EtcdMember): void {
    if (!this.#leavesUnnoticed(member)) this.#loseLeader(member)
    else if (this.#quiet.asleep) this.#quiet.leave(member, this.leader()!)
  }

  /** The return of a member that has missed something: if only of entries, that is between the leader and it. */
  #takeBack(member: EtcdMember): void {
    if (this.#quiet.asleep && catchesUpAlone(this, this.#network, member)) {
      this.#writes.resume()
      this.#quiet.join(member, this.leader()!, true)
    } else this.disturb()
  }

  memberChanged(member: EtcdMember): void {
    if (this.noteMember(member)) this.#listener.etcdChanged()
  }

  /** Somebody outside may see another cluster now. */
  tellChange(): void {
    this.#listener.etcdChanged()
  }

  /** Whatever is worked out of members without being played is entered up to this instant. */
  bringUp(): void {
    this.#quiet.bringUp()
  }

  /** @returns whether a member has changed so that somebody outside might see it */
  noteMember(member: EtcdMember): boolean {
    const raft = member.raft
    const index = member.config.id - 1
    const term = raft !== undefined && raft.state === 'StateLeader' ? raft.term : 0
    if (term !== this.#leaderTerm[index]) {
      this.#leaderTerm[index] = term
      this.#trace(member, term === 0 ? 'etcd no longer leads' : `etcd leads term ${term}`)
      if (term > this.#highestTermLed) {
        this.#highestTermLed = term
        this.#writes.resume()
        this.#listener.etcdElected(term)
      }
    }
    // Commits of ordinary writes, by far the most, change nothing that anybody could see.
    const seen = this.#seen[index]!
    const lead = raft?.lead ?? -1
    const knows = raft?.hasCommittedInTerm ?? false
    if (lead === seen.lead && knows === seen.knows && member.alive === seen.alive && term === seen.term) return false
    seen.lead = lead
    seen.knows = knows
    seen.alive = member.alive
    seen.term = term
    this.#writes.reconsider()
    return true
  }

  campaigned(member: EtcdMember, again: boolean): void {
    this.#trace(member, `etcd starts an election at term ${member.raft!.term}`)
    // Further campaigns of a member that cannot win change nothing; most of them are skipped.
    if (again && this.activePeers(member) + 1 < this.quorum) return
    this.#listener.etcdCampaigned()
  }

  ticked(member: EtcdMember): void {
    if (this.#inFlight > 0) return
    const { state, lead } = member.raft!
    // A follower of a living leader leaves the question to that one.
    const leader = lead === 0 ? undefined : this.members[lead - 1]!
    const isLed =
      state === 'StateFollower' && leader !== undefined && leader.state !== 'down' && !isSilentLeader(leader)
    if (!isLed) this.#considerSleep()
  }

  /** The highest term that anyone ever led. */
  get highestTermLed(): number {
    return this.#highestTermLed
  }

  #arrive(arrival: Arrival): void {
    const { to, message } = arrival
    if (arrival.epoch === -1) this.#inFlight--
    else if (arrival.epoch !== this.#epoch) return
    const from = this.members[message.from - 1]!
    const open = this.#network.connected(this.endpointOf(from), this.endpointOf(to))
    if (arrival.generation === to.generation && arrival.data === from.storage && open) to.receive(message)
    const settles = message.type === 'MsgHeartbeatResp' || message.type === 'MsgAppResp'
    if (!settles || this.#inFlight > 0) return
    if (this.#quiet.asleep) this.#quiet.settle()
    else this.#considerSleep()
  }

  #considerSleep(): void {
    if (!this.config.skip || this.#quiet.asleep) return
    // The cheapest questions first: this is asked after every heartbeat.
    if (!this.#writes.areAboutToEnd) return
    const now = this.#simulation.now
    const ahead = this.#simulation.nextAgendaTime()
    if (ahead - now < WORTH_A_SLEEP * this.config.heartbeatInterval) return
    if (!this.#quiet.isQuiet()) return
    this.#epoch++
    this.#quiet.sleep()
  }

  #trace(member: EtcdMember, what: string): void {
    this.#simulation.tracer?.record(this.#simulation.now, member.config.name, what)
  }
}
