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
 * What happens in an election that somebody outside may see; `see`: answers of members change, or one's host learns of what
 * came while it was writing.
 */
type Stage = 'vote' | 'lead' | 'see' | 'end'

interface StageEvent {
  readonly stage: Stage
  readonly member: EtcdMember
}

/**
 * An election that nothing disturbs, without its messages: when everyone who runs is in step and in reach, and no fault,
 * no start, no write and no second candidate falls into the few milliseconds that it takes. Its instants are worked out as
 * the first follower's timeout runs out ({@link ElectionTimes}). Most of them nobody sees anything of: what a member has
 * come to is entered when somebody looks ({@link bringUp}), and where a look finds other answers one is asked for.
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
  /** Per member: how far it has come. */
  readonly #come: Uint8Array
  /** Instants of the planned looks, as many as there are. */
  readonly #looks: Float64Array
  #looksPlanned = 0

  constructor(simulation: Simulation, network: Network, group: EtcdGroup, ended: () => void) {
    this.#simulation = simulation
    this.#network = network
    this.#group = group
    this.#ended = ended
    this.#times = new ElectionTimes(group, network)
    this.#come = new Uint8Array(group.config.members.length)
    this.#looks = new Float64Array(2 * group.config.members.length)
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
    if (stage === 'vote') {
      grantVote(member.raft!, this.#term, this.#candidate!.config.id)
      this.#group.memberChanged(member)
    } else if (stage === 'lead') this.#lead(member)
    else if (stage === 'end') this.#end()
    else {
      this.bringUp()
      this.#noteAll()
      this.#group.tellChange()
    }
  }

  /**
   * Nobody is answered yet; but a former leader that waits for its disk can keep no promise any more, and a new one with a slow
   * disk is to blame for what is lost from now on.
   */
  #lead(candidate: EtcdMember): void {
    this.#entry = winElection(candidate.raft!, candidate.storage)
    if (candidate.disk.slowBy > 0 || this.#group.members.some(isSilentLeader)) this.#group.memberChanged(candidate)
    else this.#group.noteMember(candidate)
  }

  /** Enters what has come to each member by now. */
  bringUp(): void {
    if (this.#entry === undefined) return
    for (const member of this.#group.members) {
      const place = member.config.id - 1
      if (member.takesPart && this.#come[place] !== DONE) this.#come[place] = this.#bringUp(member, this.#entry)
    }
  }

  /** @returns how far it has come then */
  #bringUp(member: EtcdMember, entry: Entry): number {
    const { now } = this.#simulation
    const { appended, committed, decided } = this.#times
    const candidate = this.#candidate!
    const place = member.config.id - 1
    if (member === candidate) return decided <= now ? knowsAll(member) : 0
    if (this.#come[place] === 0) {
      if (appended[place]! > now) return 0
      if (isSilentLeader(member)) {
        member.receive(this.#firstAppend(member))
        return DONE
      }
      followWinner(member.raft!, member.storage, candidate.config.id, entry)
    }
    return committed[place]! <= now ? knowsAll(member) : FOLLOWS
  }

  /** The hosts have learnt of it; that of one that waits for its disk has not. */
  #noteAll(): void {
    for (const member of this.#group.members) {
      if (member.takesPart && !member.busy) this.#group.noteMember(member)
    }
  }

  /** What the new leader sends a former one. */
  #firstAppend(member: EtcdMember): Message {
    const entry = this.#entry!
    const what = { index: entry.index - 1, entries: [entry], commit: this.#committedBefore }
    return append(this.#candidate!, member, what)
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
    const { voted, elected, appended, decided, end } = this.#times
    this.#come.fill(0)
    this.#looksPlanned = 0
    this.#entry = undefined
    this.#at(elected, 'lead', candidate)
    this.#lookAfter(decided, candidate)
    for (const member of this.#group.members) {
      if (member === candidate || !member.takesPart) continue
      const place = member.config.id - 1
      if (isSilentLeader(member)) this.#lookAfter(appended[place]!, candidate)
      else {
        // Who was not asked, or silent, waits for the new leader no sooner than it hears of it.
        if (Number.isFinite(voted[place]!)) this.#at(voted[place]!, 'vote', member)
        else this.#lookAfter(appended[place]!, candidate)
        this.#lookAfter(Math.max(appended[place]!, decided), candidate)
      }
    }
    this.#at(end, 'end', candidate)
  }

  /** Answers change at `instant`, which is seen as soon as any host learns of anything. */
  #lookAfter(instant: number, candidate: EtcdMember): void {
    const { voted, appendTold, decidedTold, commitTold } = this.#times
    let first = decidedTold >= instant ? decidedTold : Number.POSITIVE_INFINITY
    for (const member of this.#group.members) {
      if (member === candidate || !member.takesPart || isSilentLeader(member)) continue
      const place = member.config.id - 1
      if (voted[place]! >= instant) first = Math.min(first, voted[place]!)
      if (appendTold[place]! >= instant) first = Math.min(first, appendTold[place]!)
      if (commitTold[place]! >= instant) first = Math.min(first, commitTold[place]!)
    }
    if (!Number.isFinite(first)) return
    for (let look = 0; look < this.#looksPlanned; look++) if (this.#looks[look] === first) return
    this.#looks[this.#looksPlanned++] = first
    this.#at(first, 'see', candidate)
  }

  #at(instant: number, stage: Stage, member: EtcdMember): void {
    this.#simulation.scheduleAt(instant as Ms, this, { stage, member })
  }

  /** Everything has been answered, and nobody need look for it: timers are set as the messages would have left them. */
  #end(): void {
    const leader = this.#candidate!
    this.bringUp()
    this.#noteAll()
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

/** How far a member has come: it knows the new leader; it knows, too, what is committed. */
const FOLLOWS = 1
const DONE = 2

function knowsAll(member: EtcdMember): number {
  commitAll(member.raft!, member.storage)
  return DONE
}

function isAboutToCampaign(member: EtcdMember): boolean {
  const { electionElapsed, randomizedElectionTimeout } = member.raft!
  return electionElapsed + 1 >= randomizedElectionTimeout
}
