import { confStateOf } from '../../raft/configuration.ts'
import type { Ready } from '../../raft/ready.ts'
import type { ConfState, Entry, Message, Snapshot } from '../../raft/types.ts'
import { ApplicationHistory } from './application.ts'
import { ClientHistory } from './clients.ts'
import { checkAcknowledgement, checkAppendOnly, checkCommit } from './commit.ts'
import {
  type BeforeStep,
  beforeStep,
  checkCampaign,
  checkGrant,
  checkLeaderMessage,
  checkNewLeader,
  checkPreVoteGrant,
  checkTermAndVote,
  checkVoteRequest,
} from './election.ts'
import { History } from './history.ts'
import { ConfigurationHistory } from './membership.ts'
import { checkProgress, checkQuorumContact, checkStepDown } from './progress.ts'
import { type DurableState, type GroupFacts, type Subject, Watch } from './subject.ts'
import { invariant } from './violation.ts'

/**
 * Watches a group step by step and throws {@link InvariantBroken} at the first violation. It is told what its members
 * do (steps, what they hand out, send and apply, restarts) and keeps its own history; it never changes anything.
 * Only a world that was built for checking has one: a normal run does not know it.
 */
export class InvariantChecker {
  readonly history = new History()
  readonly configurations: ConfigurationHistory
  readonly clients: ClientHistory
  readonly applications: ApplicationHistory
  readonly #facts: GroupFacts
  readonly #subjects = new Map<number, Subject>()
  readonly #watches = new Map<number, Watch>()
  /** Highest term of a vote or acknowledgement that each member has sent. */
  readonly #promised = new Map<number, number>()
  readonly #diskOf = (id: number): DurableState | undefined => this.#subjects.get(id)?.disk

  constructor(facts: GroupFacts) {
    this.#facts = facts
    this.configurations = new ConfigurationHistory(facts.initial)
    this.clients = new ClientHistory(facts.readOnlyOption)
    this.applications = new ApplicationHistory(this.history)
  }

  /** A process has started, for the first time or again. */
  started(member: Subject): void {
    const node = member.node!
    this.#subjects.set(member.id, member)
    const promised = this.#promised.get(member.id) ?? 0
    invariant(
      node.term >= promised,
      'T1',
      () => `member ${member.id} restarts in term ${node.term}, after it answered in term ${promised}`,
    )
    const vote = this.history.grant(member.id, node.term)
    invariant(
      vote === undefined || vote === node.vote,
      'T2',
      () => `member ${member.id} restarts in term ${node.term} with vote ${node.vote}, after it voted for ${vote}`,
    )
    this.#watches.set(member.id, new Watch(node))
  }

  /** A message is about to be stepped. @returns what {@link stepped} wants to know of the time before */
  stepping(member: Subject, m: Message): BeforeStep | undefined {
    return beforeStep(member, m, this.#facts)
  }

  /** A message has been stepped. */
  stepped(member: Subject, m: Message, before: BeforeStep | undefined): void {
    const node = member.node!
    const watch = this.#watches.get(member.id)!
    if ((m.type === 'MsgAppResp' || m.type === 'MsgHeartbeatResp') && m.term === node.term) {
      watch.heard.set(m.from, watch.ticks)
      watch.answered.set(m.from, watch.ticks)
    }
    if (before !== undefined && m.type !== 'MsgSnap') {
      checkVoteRequest(member, watch, m, before)
    } else if (before?.matches === true) {
      invariant(
        node.lastIndex >= before.lastIndex,
        'T14',
        () =>
          `member ${member.id} cut its log from ${before.lastIndex} to ${node.lastIndex} for a snapshot that matched it`,
      )
    }
    this.changed(member)
  }

  /** A tick has passed. */
  ticked(member: Subject): void {
    const watch = this.#watches.get(member.id)!
    watch.ticks++
    const { isLeader, term } = watch
    this.changed(member)
    if (isLeader && !watch.isLeader && watch.term === term) checkStepDown(member, watch, this.#facts)
    checkQuorumContact(member, watch, this.#facts)
  }

  /** Something has been done to a member's Raft state. */
  changed(member: Subject): void {
    const node = member.node!
    const watch = this.#watches.get(member.id)!
    const leads = node.state === 'StateLeader'
    checkTermAndVote(member, watch)
    const { state } = node
    const campaigns = state === 'StateCandidate' || state === 'StatePreCandidate'
    if (campaigns && !watch.campaigns && this.#facts.campaignsOnlyApplied) checkCampaign(member, this.history)
    watch.campaigns = campaigns
    if (leads) {
      if (watch.isLeader && watch.term === node.term) checkAppendOnly(member, watch)
      else this.#becameLeader(member, watch)
    }
    checkCommit(member, watch, this.history, this.#facts, this.#diskOf)
    if (leads) checkProgress(member, this.#facts, this.#diskOf)
    // Handing over restarts the period of the quorum check.
    if (node.leadTransferee !== 0 && node.leadTransferee !== watch.leadTransferee) this.#restartContact(member, watch)
    watch.leadTransferee = node.leadTransferee
    watch.term = node.term
    watch.vote = node.vote
    watch.isLeader = leads
    watch.applied = node.applied
    watch.committed = node.committed
    watch.lastIndex = node.lastIndex
    watch.lastTerm = leads ? node.termAt(node.lastIndex) : undefined
  }

  #becameLeader(member: Subject, watch: Watch): void {
    checkNewLeader(member, this.history, this.#facts)
    watch.members = new Set(member.node!.peers.map(({ id }) => id))
    watch.answered.clear()
    watch.heard.clear()
    this.#restartContact(member, watch)
  }

  #restartContact(member: Subject, watch: Watch): void {
    for (const { id } of member.node!.peers) watch.heard.set(id, watch.ticks)
  }

  /** A member hands out work: its log as it will be written. */
  handedOut(member: Subject, { entries, snapshot }: Ready): void {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!
      const previous = i > 0 ? entries[i - 1]!.term : member.node!.termAt(entry.index - 1)
      this.history.noteWritten(member.id, entry, previous)
    }
    if (member.node!.state === 'StateLeader') this.#checkPendingChanges(member, entries)
    if (snapshot !== undefined) this.#checkSnapshot(member, snapshot)
  }

  /** T9: a leader takes a change only when all before it are committed, for it has applied them. */
  #checkPendingChanges(member: Subject, entries: readonly Entry[]): void {
    const pending = entries.filter(
      ({ index, type, term }) => type !== 'EntryNormal' && index > this.history.maxCommit && term === member.node!.term,
    )
    invariant(
      pending.length <= 1,
      'T9',
      () => `leader ${member.id} takes ${pending.length} membership changes, none of them committed`,
    )
    const change = pending[0]
    if (change === undefined) return
    const { committed } = member.node!
    for (let index = committed + 1; index < change.index; index++) {
      const older = this.history.writtenType(member.node!.termAt(index) ?? 0, index)
      invariant(
        older === undefined || older === 'EntryNormal',
        'T9',
        () => `leader ${member.id} takes a membership change at ${change.index}, that of ${index} is not committed`,
      )
    }
  }

  #checkSnapshot(member: Subject, { index, term, confState }: Snapshot): void {
    const commit = this.history.commit(index)
    invariant(
      commit?.term === term,
      'T14',
      () => `member ${member.id} takes a snapshot of (${index}, term ${term}), which was not committed`,
    )
    this.configurations.checkAt(member.id, index, confState)
  }

  /** A message leaves a member. */
  sent(member: Subject, m: Message): void {
    switch (m.type) {
      case 'MsgVoteResp':
        if (!m.reject) checkGrant(member, m, this.history)
        this.#promise(member.id, m.term)
        return
      case 'MsgPreVoteResp':
        if (!m.reject) checkPreVoteGrant(member, this.#watches.get(member.id)!, m)
        return
      case 'MsgAppResp':
        if (!m.reject && m.index > 0) checkAcknowledgement(member, m, this.#subjects.get(m.to))
        this.#promise(member.id, m.term)
        return
      case 'MsgApp':
      case 'MsgHeartbeat':
      case 'MsgSnap':
      case 'MsgTimeoutNow':
        checkLeaderMessage(member, m, this.history)
        return
      default:
        return
    }
  }

  #promise(id: number, term: number): void {
    if (term > (this.#promised.get(id) ?? 0)) this.#promised.set(id, term)
  }

  /** A member has applied the membership change at `index`. */
  configurationApplied(member: Subject, index: number): void {
    const node = member.node!
    this.configurations.applied(member.id, index, confStateOf(node.configuration))
    const watch = this.#watches.get(member.id)!
    for (const { id } of node.peers) if (!watch.members.has(id)) watch.answered.set(id, watch.ticks)
    watch.members = new Set(node.peers.map(({ id }) => id))
    // Another membership, another majority: contact is counted anew.
    this.#restartContact(member, watch)
    this.changed(member)
  }

  /** The newest configuration anyone has applied. */
  get newestConfiguration(): ConfState {
    return this.configurations.newest
  }
}
