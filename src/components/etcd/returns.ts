import { listOf } from '../../base/list.ts'
import type { Ms } from '../../base/units.ts'
import type { EventHandle, Simulation } from '../../engine/simulation.ts'
import type { Network } from '../../infra/network.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import { hearLeader, noteHeartbeat, setTimers } from '../../raft/shortcuts.ts'
import type { Activity } from './activity.ts'
import type { EtcdGroup } from './group.ts'
import { heartbeat, wayThere } from './heartbeat.ts'
import type { EtcdMember } from './member.ts'
import { lastTick, ticksBefore, ticksThrough } from './sleeping-ticks.ts'
import { UndisturbedReturn } from './undisturbed-return.ts'
import { inStep } from './unnoticed.ts'

/** The leader's first heartbeat reaches a member that has started; or its next one is due, and the member still lags. */
interface ReturnEvent {
  readonly kind: 'hears' | 'lags'
  readonly member: EtcdMember
  readonly leader: EtcdMember
}

/**
 * Members that come back to a sleeping group. Until the leader's next heartbeat they only count ticks. One that missed
 * nothing then sleeps on; what another one missed is worked out ({@link UndisturbedReturn}), or comes by real messages, which
 * nobody but the leader sees, and then it sleeps too.
 */
export class Returns {
  readonly #simulation: Simulation
  readonly #network: Network
  readonly #group: EtcdGroup
  readonly #activity: Activity
  /** To be called when a member needs longer than until the next heartbeat. */
  readonly #wake: () => void
  /** Per member: the first heartbeat while it is under way, and the end of its time to catch up; −1: none. */
  readonly #hearing: EventHandle[]
  readonly #catching: EventHandle[]
  /** Whether a member has missed something. */
  readonly #lags: boolean[]
  readonly #undisturbed: UndisturbedReturn

  constructor(simulation: Simulation, network: Network, group: EtcdGroup, activity: Activity, wake: () => void) {
    this.#simulation = simulation
    this.#network = network
    this.#group = group
    this.#activity = activity
    this.#wake = wake
    const { length } = group.config.members
    this.#hearing = listOf(length, () => -1)
    this.#catching = listOf(length, () => -1)
    this.#lags = listOf(length, () => false)
    this.#undisturbed = new UndisturbedReturn(simulation, network, group, (member) =>
      activity.sleptFrom(member, simulation.now),
    )
  }

  /** A member is about to run: the leader's next heartbeat will find it. */
  begin(member: EtcdMember, leader: EtcdMember, lags: boolean): void {
    const place = member.config.id - 1
    const next = lastTick(leader, this.#simulation.now) + leader.config.tickInterval
    const heard = (next + wayThere(this.#group, this.#network, leader, member)) as Ms
    this.#activity.willHear(member, heard)
    this.#lags[place] = lags
    this.#hearing[place] = this.#simulation.scheduleAt(heard, this, { kind: 'hears', member, leader })
  }

  /** Waits for its first heartbeat. */
  waits(member: EtcdMember): boolean {
    return this.#hearing[member.config.id - 1] !== -1
  }

  /** Is awake, and is being told what it missed. */
  catchesUp(member: EtcdMember): boolean {
    return this.#catching[member.config.id - 1] !== -1
  }

  /** Whether somebody is being told what it missed without its messages: nothing will disturb that. */
  get isUndisturbed(): boolean {
    return this.#undisturbed.underWay > 0
  }

  /** It has gone again, or everybody wakes. */
  end(member: EtcdMember): void {
    const place = member.config.id - 1
    if (this.#hearing[place] !== -1) this.#simulation.cancel(this.#hearing[place]!)
    if (this.#catching[place] !== -1) this.#simulation.cancel(this.#catching[place]!)
    this.#hearing[place] = -1
    this.#catching[place] = -1
  }

  handle({ kind, member, leader }: ReturnEvent): void {
    const place = member.config.id - 1
    if (kind === 'lags') {
      this.#wake()
      return
    }
    this.#hearing[place] = -1
    if (this.#lags[place]) this.#rouse(member, leader)
    else if (member.raft!.committed !== leader.raft!.committed) member.receive(heartbeat(leader, member))
    else {
      // All that the heartbeat tells it is who leads.
      hearLeader(member.raft!, leader.config.id, leader.raft!.term)
      this.#group.memberChanged(member)
    }
  }

  /** What it missed it is told: mostly nothing else happens meanwhile, else from here on it ticks by itself. */
  #rouse(member: EtcdMember, leader: EtcdMember): void {
    const { now } = this.#simulation
    const raft = member.raft!
    this.#activity.settle(member, leader, now)
    noteHeartbeat(leader.raft!, member.config.id)
    // A tick at this very instant was planned before the heartbeat was sent.
    const ticks = ticksThrough(member, now)
    setTimers(raft, raft.electionElapsed + ticks)
    member.nextTickAt = (member.nextTickAt + ticks * member.config.tickInterval) as Ms
    if (this.#undisturbed.begin(member, leader)) return
    member.wake(member.nextTickAt)
    const next = firstAtOrAfter(leader.nextTickAt, leader.config.tickInterval, now)
    this.#catching[member.config.id - 1] = this.#simulation.scheduleAt(next, this, { kind: 'lags', member, leader })
    member.receive(heartbeat(leader, member))
  }

  /** Nothing but heartbeats is under way: whoever has caught up sleeps, too. */
  settle(leader: EtcdMember): void {
    const { members } = this.#group
    for (let index = 0; index < members.length; index++) {
      const member = members[index]!
      if (this.#catching[index] === -1 || member.busy || !this.#group.follows(member, leader)) continue
      if (!inStep(member, leader.raft!)) continue
      this.end(member)
      member.sleep()
      this.#activity.sleptFrom(member, this.#simulation.now)
    }
  }

  /** Its first heartbeat may be under way when everybody wakes. */
  wakeWaiting(member: EtcdMember, leader: EtcdMember): void {
    const { now } = this.#simulation
    const raft = member.raft!
    this.end(member)
    setTimers(raft, raft.electionElapsed + ticksBefore(member, now))
    const heard = this.#activity.hearsAt(member) as Ms
    if (heard - wayThere(this.#group, this.#network, leader, member) >= now) return
    this.#group.deliver(leader, member, heartbeat(leader, member), heard)
  }
}
