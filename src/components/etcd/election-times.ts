import type { Network } from '../../infra/network.ts'
import { raftBehaviour } from '../../raft/config.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'
import { nth } from './nth.ts'
import { isSilentLeader } from './stray.ts'

/**
 * When what happens in an election that one follower starts and nothing disturbs. Who runs is in step, in reach, and has a
 * disk that answers; the timers stand at the instant of the first request. Times of a member that does not run, or to which
 * something does not happen, are infinite. A former leader that waits for its disk hears the first entry and does no more.
 *
 * The rules are Raft's and etcd's: a member whose lease has not run out is silent to requests; a vote is sent once it is on
 * disk, the candidate's own too; a leader sends at once, but nothing while it writes itself; a follower answers an append once
 * it has written it.
 */
export class ElectionTimes {
  /** A member votes (it may be silent, and hear of the leader later). */
  readonly voted: Float64Array
  /** The new leader's first entry reaches a member; its host learns of it when it has written its vote. */
  readonly appended: Float64Array
  readonly appendTold: Float64Array
  /** A member is told that this entry is committed; its host learns of it when it has written the entry. */
  readonly committed: Float64Array
  readonly commitTold: Float64Array
  /** The candidate leads; the first entry of its term is committed; its host learns of that. */
  elected = 0
  decided = 0
  decidedTold = 0
  /** Nothing is under way any more. */
  end = 0
  readonly #group: EtcdGroup
  readonly #network: Network
  /** When a member has heard the last request so far, and when what it last sent the candidate arrives. */
  readonly #heard: Float64Array
  readonly #answered: Float64Array
  /** When a member has its vote, and the entry, on disk. */
  readonly #voteKept: Float64Array
  readonly #entryKept: Float64Array
  readonly #acknowledged: Float64Array
  readonly #sorted: Float64Array

  constructor(group: EtcdGroup, network: Network) {
    this.#group = group
    this.#network = network
    const { length } = group.config.members
    const times = () => new Float64Array(length)
    this.voted = times()
    this.appended = times()
    this.appendTold = times()
    this.committed = times()
    this.commitTold = times()
    this.#heard = times()
    this.#answered = times()
    this.#voteKept = times()
    this.#entryKept = times()
    this.#acknowledged = times()
    this.#sorted = times()
  }

  /**
   * Works out this round: `lost` where too few would vote yet, and everyone stays as it is but the one who asked; `unclear`
   * where a tick falls on the very instant of something else, or another member campaigns meanwhile.
   */
  workOut(candidate: EtcdMember, now: number): 'won' | 'lost' | 'unclear' {
    this.end = now
    const { preVote } = candidate.config
    const asked = preVote ? this.#askBefore(candidate, now) : now
    if (Number.isNaN(asked)) return 'unclear'
    if (!Number.isFinite(asked)) return 'lost'
    this.#vote(candidate, asked + candidate.disk.skipSync(), now)
    this.elected = nth(this.#answered, this.#group.quorum - 1, this.#sorted)
    if (!Number.isFinite(this.elected)) return 'unclear'
    this.#append(candidate)
    this.#commit(candidate)
    return this.#ticksAreClear(candidate) ? 'won' : 'unclear'
  }

  /** How many ticks a member has had at the end since it last heard of the leader: none or one. */
  elapsed(member: EtcdMember): number {
    return this.#tickDone(member) > this.committed[member.config.id - 1]! && member.nextTickAt <= this.end ? 1 : 0
  }

  /** Asks everyone whether they would vote; nobody writes anything. @returns when enough have said yes, NaN: unclear */
  #askBefore(candidate: EtcdMember, now: number): number {
    for (const member of this.#group.members) {
      const place = member.config.id - 1
      this.#answered[place] = Number.POSITIVE_INFINITY
      if (!this.#takesPart(member, candidate)) continue
      this.#heard[place] = now + this.#delay(candidate, member)
      if (this.#heard[place] === member.nextTickAt) return Number.NaN
      this.#note(this.#heard[place]!)
      if (hasLease(member, this.#heard[place]!)) continue
      this.#answered[place] = this.#heard[place]! + this.#delay(member, candidate)
      this.#note(this.#answered[place]!)
    }
    return nth(this.#answered, this.#group.quorum - 1, this.#sorted)
  }

  #vote(candidate: EtcdMember, asks: number, now: number): void {
    for (const member of this.#group.members) {
      const place = member.config.id - 1
      const before = candidate.config.preVote ? this.#heard[place]! : now
      const answeredBefore = candidate.config.preVote ? this.#answered[place]! : now
      this.#answered[place] = Number.POSITIVE_INFINITY
      this.voted[place] = Number.POSITIVE_INFINITY
      this.#voteKept[place] = Number.NEGATIVE_INFINITY
      if (!this.#takesPart(member, candidate)) continue
      const heard = Math.max(asks + this.#delay(candidate, member), before)
      this.#heard[place] = heard
      if (hasLease(member, heard)) continue
      this.voted[place] = heard
      this.#voteKept[place] = heard + member.disk.skipSync()
      const arrives = this.#voteKept[place]! + this.#delay(member, candidate)
      this.#answered[place] = Number.isFinite(answeredBefore) ? Math.max(arrives, answeredBefore) : arrives
      this.#note(this.#answered[place]!)
    }
  }

  /** The leader's first entry goes to everyone, and comes back acknowledged. */
  #append(candidate: EtcdMember): void {
    for (const member of this.#group.members) {
      const place = member.config.id - 1
      this.appended[place] = Number.POSITIVE_INFINITY
      this.#acknowledged[place] = Number.POSITIVE_INFINITY
      if (isSilentLeader(member)) {
        this.appended[place] = this.elected + this.#delay(candidate, member)
        this.#note(this.appended[place]!)
      }
      if (!this.#takesPart(member, candidate)) continue
      const arrives = Math.max(this.elected + this.#delay(candidate, member), this.#heard[place]!)
      this.appended[place] = arrives
      this.appendTold[place] = Math.max(arrives, this.#voteKept[place]!)
      this.#entryKept[place] = this.appendTold[place]! + member.disk.skipSync()
      const answers = this.#entryKept[place]! + this.#delay(member, candidate)
      const before = this.#answered[place]!
      this.#acknowledged[place] = Number.isFinite(before) ? Math.max(answers, before) : answers
    }
  }

  /** Enough have the entry: the leader commits it, and tells those who have; the others once they have it. */
  #commit(candidate: EtcdMember): void {
    const { quorum } = this.#group
    const kept = this.elected + candidate.disk.skipSync()
    const enough = nth(this.#acknowledged, quorum - 1, this.#sorted)
    // Before raft 3.6 the leader's own copy counts before it is on disk.
    this.decided = raftBehaviour(candidate.config.version).selfVoteDurable
      ? Math.min(Math.max(enough, kept), nth(this.#acknowledged, quorum, this.#sorted))
      : enough
    this.decidedTold = Math.max(this.decided, kept)
    this.#note(this.decidedTold)
    for (const member of this.#group.members) {
      const place = member.config.id - 1
      this.committed[place] = Number.POSITIVE_INFINITY
      if (!this.#takesPart(member, candidate)) continue
      const tells = Math.max(this.decided, this.#acknowledged[place]!, kept)
      this.committed[place] = Math.max(tells + this.#delay(candidate, member), this.appended[place]!)
      this.commitTold[place] = Math.max(this.committed[place]!, this.#entryKept[place]!)
      this.#note(this.commitTold[place]! + this.#delay(member, candidate))
    }
  }

  /** Whether no member campaigns itself, and no tick falls on the very instant of something else that happens to it. */
  #ticksAreClear(candidate: EtcdMember): boolean {
    for (const member of this.#group.members) {
      if (!this.#takesPart(member, candidate)) continue
      const place = member.config.id - 1
      const tick = member.nextTickAt
      const done = this.#tickDone(member)
      const { electionElapsed, randomizedElectionTimeout } = member.raft!
      const first = Math.min(this.voted[place]!, this.appended[place]!)
      if (done <= first && electionElapsed + 1 >= randomizedElectionTimeout) return false
      if (this.#meets(tick, place) || done === this.appended[place] || done === this.committed[place]) return false
    }
    return true
  }

  #meets(tick: number, place: number): boolean {
    return (
      tick === this.#heard[place] ||
      tick === this.#voteKept[place] ||
      tick === this.appended[place] ||
      tick === this.appendTold[place] ||
      tick === this.#entryKept[place] ||
      tick === this.committed[place]
    )
  }

  /** When a member's next tick runs: one that comes while it writes is made up for afterwards. */
  #tickDone(member: EtcdMember): number {
    const place = member.config.id - 1
    const tick = member.nextTickAt
    if (tick > this.voted[place]! && tick < this.#voteKept[place]!) return this.#voteKept[place]!
    if (tick > this.appendTold[place]! && tick < this.#entryKept[place]!) return this.#entryKept[place]!
    return tick
  }

  #takesPart(member: EtcdMember, candidate: EtcdMember): boolean {
    return member !== candidate && member.takesPart && !isSilentLeader(member)
  }

  #delay(from: EtcdMember, to: EtcdMember): number {
    return this.#network.delay(this.#group.endpointOf(from), this.#group.endpointOf(to))
  }

  #note(instant: number): void {
    if (instant > this.end) this.end = instant
  }
}

/** Whether a follower still believes in its old leader when a request reaches it. */
function hasLease(member: EtcdMember, at: number): boolean {
  const ticks = member.nextTickAt < at ? 1 : 0
  return member.raft!.lead !== 0 && member.raft!.electionElapsed + ticks < member.config.electionTicks
}
