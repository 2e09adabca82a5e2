import { listOf } from '../../base/list.ts'
import type { Network } from '../../infra/network.ts'
import type { MemberAnswer } from '../../protocol/etcd-client.ts'
import type { RawNode } from '../../raft/raw-node.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'

/**
 * How a request that reaches a member now would fare, read off the state of the whole group. It is what a client would
 * see, without its traffic: the group is not disturbed.
 */
export class EtcdAnswers {
  readonly #group: EtcdGroup
  readonly #network: Network
  #leader: EtcdMember | undefined
  #withinMs = 0
  #reaches = false
  /** While the group stands still: what {@link #verdict} found, so that nothing is judged twice. */
  #still = false
  #judged: EtcdMember | undefined
  #judgedWithin = 0
  #verdictFound: MemberAnswer = 'ok'
  readonly #seen: RaftState[]

  constructor(group: EtcdGroup, network: Network) {
    this.#group = group
    this.#network = network
    this.#seen = listOf(group.members.length, () => ({ term: 0, lead: 0, state: '', committed: 0, leadTransferee: 0 }))
  }

  /**
   * Whether Raft has moved on in any member since this was last asked, so that answers may be others. Members tell what they
   * have come to only once they have written it down.
   */
  mayDiffer(): boolean {
    this.#group.bringUp()
    let differ = false
    const { members } = this.#group
    for (let index = 0; index < members.length; index++) {
      const seen = this.#seen[index]!
      const { raft } = members[index]!
      if (raft === undefined) {
        if (seen.term !== STOPPED) differ = true
        seen.term = STOPPED
      } else if (!isSame(raft, seen)) {
        differ = true
        seen.term = raft.term
        seen.lead = raft.lead
        seen.state = raft.state
        seen.committed = raft.committed
        seen.leadTransferee = raft.leadTransferee
      }
    }
    return differ
  }

  /** Whether any member has an answer from any other one within a deadline. */
  areNear(withinMs: number): boolean {
    return 2 * this.#network.longestMean < withinMs
  }

  /** Anything may have changed: nothing that was worked out before counts. */
  forget(): void {
    this.#leader = undefined
    this.#judged = undefined
  }

  /** Tells that from now on (true) the group does not change until told otherwise (false): many questions, one look. */
  standStill(still: boolean): void {
    this.#still = still
    this.forget()
  }

  /**
   * A write at a member. Without a leader the member holds it and proposes it when one is known; to a leader that is gone it
   * is forwarded and swallowed until the request times out. A follower whose disk stalls forwards nothing and learns of no
   * commit: its loop is behind the write (measured with etcd 3.4.23: put and get at such a follower took as long as the disk).
   * What reaches a frozen process waits in its buffers.
   */
  write(member: EtcdMember, withinMs: number): MemberAnswer {
    return this.#answer(member, withinMs, WRITE_BEHIND)
  }

  #answer(member: EtcdMember, withinMs: number, behind: Behind): MemberAnswer {
    if (!this.#still) this.#group.bringUp()
    if (!member.takesRequests) return 'refused'
    const { lead, state } = member.raft!
    if (state !== 'StateLeader' && (lead === 0 || member.paused || member.disk.stalled)) return 'waits'
    const leader = this.#group.members[lead - 1]!
    if (leader !== member && !this.#takesIn(leader, member)) return 'lost'
    return this.#leads(leader, member, withinMs, behind)
  }

  /**
   * A linearizable read at a member: asked of the leader again every 500 ms and whenever a new term commits, so it
   * outlives a change of leader and only waits (server/etcdserver/v3_server.go, requestCurrentIndex).
   */
  read(member: EtcdMember, withinMs: number): MemberAnswer {
    const answer = this.#answer(member, withinMs, READ_BEHIND)
    return answer === 'hangs' || answer === 'lost' ? 'waits' : answer
  }

  /** Whether what a member forwards gets to the process that it takes for its leader; one that is frozen will read it later. */
  #takesIn(leader: EtcdMember, member: EtcdMember): boolean {
    if (!leader.takesPart) return false
    return this.#network.connected(this.#group.endpointOf(member), this.#group.endpointOf(leader))
  }

  #leads(leader: EtcdMember, asked: EtcdMember, withinMs: number, behind: Behind): MemberAnswer {
    if (leader.raft!.term !== asked.raft!.term) return 'lost'
    const verdict = this.#verdict(leader, withinMs)
    if (verdict === 'lost') return 'lost'
    const ofAsked = asked === leader ? 0 : behind.follower * asked.disk.slowBy + this.#roundTrip(asked, leader)
    return behind.leader * leader.disk.slowBy + ofAsked >= withinMs ? 'lost' : verdict
  }

  /** How a request fares once it has come to a leader: the same whoever was asked. */
  #verdict(leader: EtcdMember, withinMs: number): MemberAnswer {
    if (this.#still && this.#judged === leader && this.#judgedWithin === withinMs) return this.#verdictFound
    this.#judged = leader
    this.#judgedWithin = withinMs
    this.#verdictFound = this.#judge(leader, withinMs)
    return this.#verdictFound
  }

  #judge(leader: EtcdMember, withinMs: number): MemberAnswer {
    const raft = leader.raft!
    if (raft.state !== 'StateLeader') return 'lost'
    if (raft.leadTransferee !== 0) return 'lost'
    // Once anybody has led a later term, what this one has not had committed never will be.
    if (!this.#reachesQuorum(leader, withinMs)) return raft.term < this.#group.highestTermLed ? 'lost' : 'hangs'
    // A new leader answers once the empty entry of its own term is committed.
    return raft.hasCommittedInTerm ? 'ok' : 'waits'
  }

  /** Whether enough members can write the entry, and answer before the client gives up; worked out once per instant. */
  #reachesQuorum(leader: EtcdMember, withinMs: number): boolean {
    if (this.#leader === leader && this.#withinMs === withinMs) return this.#reaches
    this.#leader = leader
    this.#withinMs = withinMs
    this.#reaches = this.#canCopy(leader, withinMs)
    return this.#reaches
  }

  #canCopy(leader: EtcdMember, withinMs: number): boolean {
    const { members, quorum } = this.#group
    if (leader.disk.stalled || leader.paused) return false
    let copies = 1
    for (let index = 0; index < members.length && copies < quorum; index++) {
      const member = members[index]!
      if (member === leader || member.disk.stalled || !this.#group.connected(member, leader)) continue
      if (this.#roundTrip(leader, member) + member.disk.slowBy < withinMs) copies++
    }
    return copies >= quorum
  }

  #roundTrip(a: EtcdMember, b: EtcdMember): number {
    const from = this.#group.endpointOf(a)
    const to = this.#group.endpointOf(b)
    return this.#network.meanDelay(from, to) + this.#network.meanDelay(to, from)
  }
}

/** For how many writes of a slow disk a request waits: at the leader, and at the follower that is asked. */
interface Behind {
  readonly leader: number
  readonly follower: number
}

// A loop that is always writing: what comes in waits for half a write, is written, and what follows is seen behind the next.
// Medians of requests to played servers whose disk takes 0.2 to 1 s (test/components/etcd-server/slow-disk.test.ts).
const WRITE_BEHIND: Behind = { leader: 1.5, follower: 3.4 }
const READ_BEHIND: Behind = { leader: 3, follower: 4.2 }

/** What of a member's Raft decides how requests fare. */
interface RaftState {
  term: number
  lead: number
  state: string
  committed: number
  leadTransferee: number
}

/** Term of a member that does not run. */
const STOPPED = -1

function isSame(raft: RawNode, seen: RaftState): boolean {
  return (
    raft.term === seen.term &&
    raft.lead === seen.lead &&
    raft.state === seen.state &&
    raft.committed === seen.committed &&
    raft.leadTransferee === seen.leadTransferee
  )
}
