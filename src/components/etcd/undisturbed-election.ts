import type { Ms } from '../../base/units.ts'
import type { Simulation } from '../../engine/simulation.ts'
import type { Network } from '../../infra/network.ts'
import {
  commitAll,
  followWinner,
  grantVote,
  hearAcknowledgement,
  setTimers,
  startCampaign,
  winElection,
} from '../../raft/shortcuts.ts'
import type { Entry, Message } from '../../raft/types.ts'
import { append } from './append.ts'
import { ElectionTimes } from './election-times.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'
import { isSilentLeader } from './stray.ts'
import { isSettled } from './unnoticed.ts'

/**
 * What can be seen of an election; `told`: a member's host learns of what came while it was writing; `hear`: a former leader
 * that waits for its disk gets the first entry.
 */
type Stage = 'vote' | 'lead' | 'append' | 'hear' | 'commit' | 'told' | 'end'

interface StageEvent {
  readonly stage: Stage
  readonly member: EtcdMember
}

/**
 * An election that nothing disturbs, without its messages: when everyone who runs is in step and in reach, and no fault,
 * no start, no write and no second candidate falls into the few milliseconds that it takes. Its instants are worked out as
 * the first follower's timeout runs out ({@link ElectionTimes}); at each of them only what can be seen from outside changes.
 */
export class UndisturbedElection {
  underWay = false
  readonly #simulation: Simulation
  readonly #group: EtcdGroup
  readonly #network: Network
  readonly #times: ElectionTimes
  readonly #ended: () => void
  #candidate: EtcdMember | undefined
  #term = 0
  #entry: Entry | undefined
  #committedBefore = 0

  constructor(simulation: Simulation, network: Network, group: EtcdGroup, ended: () => void) {
    this.#simulation = simulation
    this.#network = network
    this.#group = group
    this.#ended = ended
    this.#times = new ElectionTimes(group, network)
  }

  /**
   * To be called when somebody without a leader is about to campaign, every timer standing at this instant.
   * @returns how that ends; `unclear`: its messages have to be played
   */
  begin(): 'won' | 'lost' | 'unclear' {
    const { now } = this.#simulation
    const candidate = this.#onlyCandidate(now)
    if (candidate === undefined || !this.#isSmooth(candidate)) return 'unclear'
    const times = this.#times
    const outcome = times.workOut(candidate, now)
    if (outcome === 'unclear' || times.end >= this.#undisturbedUntil(candidate, outcome)) return 'unclear'
    if (outcome === 'won') {
      this.underWay = true
      this.#candidate = candidate
      this.#term = candidate.raft!.term + 1
      this.#committedBefore = candidate.raft!.committed
      this.#plan(candidate)
    }
    this.#campaign(candidate)
    return outcome
  }

  #campaign(candidate: EtcdMember): void {
    const again = candidate.raft!.state !== 'StateFollower'
    candidate.nextTickAt = (candidate.nextTickAt + candidate.config.tickInterval) as Ms
    startCampaign(candidate.raft!)
    this.#group.campaigned(candidate, again)
    this.#group.memberChanged(candidate)
  }

  handle({ stage, member }: StageEvent): void {
    const raft = member.raft!
    const candidate = this.#candidate!
    if (stage === 'vote') grantVote(raft, this.#term, candidate.config.id)
    else if (stage === 'lead') this.#entry = winElection(raft, member.storage)
    else if (stage === 'append') followWinner(raft, member.storage, candidate.config.id, this.#entry!)
    else if (stage === 'hear') member.receive(this.#firstAppend(member))
    else if (stage === 'commit') commitAll(raft, member.storage)
    else if (stage === 'end') this.#end()
    if (stage === 'told' || this.#isToldAtOnce(stage, member)) this.#group.memberChanged(member)
  }

  /** What the new leader sends a former one. */
  #firstAppend(member: EtcdMember): Message {
    const entry = this.#entry!
    const what = { index: entry.index - 1, entries: [entry], commit: this.#committedBefore }
    return append(this.#candidate!, member, what)
  }

  #isToldAtOnce(stage: Stage, member: EtcdMember): boolean {
    if (stage === 'hear') return false
    const { now } = this.#simulation
    const place = member.config.id - 1
    if (stage === 'append') return this.#times.appendTold[place]! <= now
    if (stage !== 'commit') return stage !== 'end'
    return (member === this.#candidate ? this.#times.decidedTold : this.#times.commitTold[place]!) <= now
  }

  /** The member whose timeout runs out at this instant, unless another one ticks at it too, or campaigns right after it. */
  #onlyCandidate(now: number): EtcdMember | undefined {
    let candidate: EtcdMember | undefined
    for (const member of this.#group.members) {
      if (!member.takesPart || isSilentLeader(member)) continue
      if (member.nextTickAt === now) {
        if (candidate !== undefined) return undefined
        candidate = member
      } else if (member.nextTickAt < now + SECOND_CANDIDATE * member.config.tickInterval && isAboutToCampaign(member)) {
        return undefined
      }
    }
    if (candidate === undefined || candidate.state === 'stopping') return undefined
    return isAboutToCampaign(candidate) ? candidate : undefined
  }

  /** Everyone who runs holds the same log, and can be talked to; a leader that waits for its disk does not count. */
  #isSmooth(candidate: EtcdMember): boolean {
    if (this.#network.lossy || this.#group.quorum === 1) return false
    for (const member of this.#group.members) {
      if (!member.takesPart) continue
      if (!this.#group.connected(member, candidate)) return false
      if (isSilentLeader(member)) continue
      if (member.busy || member.disk.stalled || !isSettled(member, candidate.raft!)) return false
    }
    return true
  }

  /** When something else happens: a fault, a start, a write, a tick of the new leader. */
  #undisturbedUntil(candidate: EtcdMember, outcome: 'won' | 'lost'): number {
    const until = Math.min(this.#group.undisturbedUntil, this.#simulation.now + candidate.config.tickInterval)
    if (outcome === 'lost') return until
    // A write goes to a former leader that waits for its disk, until another one leads.
    const write = this.#group.leader() === undefined ? Number.POSITIVE_INFINITY : this.#group.nextWrite
    return Math.min(until, write, this.#group.firstWriteAfter(this.#times.elected))
  }

  #plan(candidate: EtcdMember): void {
    const times = this.#times
    this.#at(times.elected, 'lead', candidate)
    this.#at(times.decided, 'commit', candidate)
    if (times.decidedTold > times.decided) this.#at(times.decidedTold, 'told', candidate)
    for (const member of this.#group.members) {
      if (member === candidate || !member.takesPart) continue
      const place = member.config.id - 1
      if (isSilentLeader(member)) {
        this.#at(times.appended[place]!, 'hear', member)
        continue
      }
      if (Number.isFinite(times.voted[place]!)) this.#at(times.voted[place]!, 'vote', member)
      this.#at(times.appended[place]!, 'append', member)
      if (times.appendTold[place]! > times.appended[place]!) this.#at(times.appendTold[place]!, 'told', member)
      this.#at(times.committed[place]!, 'commit', member)
      if (times.commitTold[place]! > times.committed[place]!) this.#at(times.commitTold[place]!, 'told', member)
    }
    this.#at(times.end, 'end', candidate)
  }

  #at(instant: number, stage: Stage, member: EtcdMember): void {
    this.#simulation.scheduleAt(instant as Ms, this, { stage, member })
  }

  /** Everything has been answered: timers are set as the messages would have left them. */
  #end(): void {
    const leader = this.#candidate!
    for (const member of this.#group.members) {
      // Who waits for its disk has heard the first entry, and answers nothing.
      if (member === leader || !member.takesPart || member.busy) continue
      setTimers(member.raft!, this.#times.elapsed(member))
      if (member.nextTickAt <= this.#simulation.now) {
        member.nextTickAt = (member.nextTickAt + member.config.tickInterval) as Ms
      }
      hearAcknowledgement(leader.raft!, member.config.id)
    }
    this.underWay = false
    this.#ended()
  }
}

/**
 * Part of a tick within which a second candidate is not taken for sure to be too late: decided before any chance is drawn,
 * so that which elections are played does not depend on how long their messages take.
 */
const SECOND_CANDIDATE = 0.1

function isAboutToCampaign(member: EtcdMember): boolean {
  const { electionElapsed, randomizedElectionTimeout } = member.raft!
  return electionElapsed + 1 >= randomizedElectionTimeout
}
