import { majorityOf } from '../../raft/quorum.ts'
import { CAMPAIGN_TRANSFER, type Message } from '../../raft/types.ts'
import type { History } from './history.ts'
import { type GroupFacts, requestKey, type Subject, type Watch } from './subject.ts'
import { invariant } from './violation.ts'

/** S1, S4, T16 and the votes behind them, whenever a member becomes leader. */
export function checkNewLeader(member: Subject, history: History, facts: GroupFacts): void {
  const node = member.node!
  const { id, term, configuration } = node
  const before = history.leaders.get(term)
  invariant(before === undefined, 'S1', () => `members ${before} and ${id} both became leader of term ${term}`)
  history.leaders.set(term, id)
  const votes = configuration.incoming.includes(id) || configuration.outgoing.includes(id)
  invariant(votes, 'T16', () => `member ${id} became leader of term ${term} without being a voter`)
  for (const half of [configuration.incoming, configuration.outgoing]) {
    const granted = half.filter((voter) => hasGranted(voter, member, history, facts)).length
    invariant(
      half.length === 0 || granted >= majorityOf(half.length),
      'S1',
      () => `member ${id} leads term ${term} with ${granted} votes of ${half.join(', ')}`,
    )
  }
  for (let index = node.firstIndex; index <= history.maxCommit; index++) {
    const commit = history.commit(index)
    if (commit === undefined || commit.byTerm >= term) continue
    invariant(
      node.termAt(index) === commit.term,
      'S4',
      () => `member ${id} leads term ${term} without index ${index}, committed in term ${commit.byTerm}`,
    )
  }
}

function hasGranted(voter: number, { id, node, disk }: Subject, history: History, facts: GroupFacts): boolean {
  const { term } = node!
  if (voter !== id) return history.grant(voter, term) === id
  // Before raft 3.6 the own vote counts while it is being written: nobody sees the leadership before it is.
  if (!facts.selfVoteDurable) return true
  const { term: durableTerm, vote } = disk.hardState()
  return durableTerm > term || (durableTerm === term && vote === id)
}

/** T1 and T2 after each step of a running process. */
export function checkTermAndVote(member: Subject, watch: Watch): void {
  const { id, term, vote } = member.node!
  invariant(term >= watch.term, 'T1', () => `member ${id} went back from term ${watch.term} to ${term}`)
  invariant(
    term !== watch.term || watch.vote === 0 || vote === watch.vote,
    'T2',
    () => `member ${id} changed its vote in term ${term} from ${watch.vote} to ${vote}`,
  )
}

/** T2 and T3 when a vote leaves a member. */
export function checkGrant(member: Subject, m: Message, history: History): void {
  const before = history.grant(member.id, m.term)
  invariant(
    before === undefined || before === m.to,
    'T2',
    () => `member ${member.id} voted for ${before} and for ${m.to} in term ${m.term}`,
  )
  history.noteGrant(member.id, m.term, m.to)
  const { term, vote } = member.disk.hardState()
  invariant(
    term > m.term || (term === m.term && vote === m.to),
    'T3',
    () => `member ${member.id} votes for ${m.to} in term ${m.term}, on its disk stand term ${term} and vote ${vote}`,
  )
}

/** S1: only the leader of a term speaks for it. */
export function checkLeaderMessage(member: Subject, m: Message, history: History): void {
  const leader = history.leaders.get(m.term)
  invariant(
    leader === member.id,
    'S1',
    () => `member ${member.id} sends ${m.type} for term ${m.term}, whose leader is ${leader ?? 'nobody'}`,
  )
}

/** T9: nobody campaigns while a committed membership change, which may change the voters, is not applied. */
export function checkCampaign(member: Subject, history: History): void {
  const node = member.node!
  for (let index = node.applied + 1; index <= node.committed; index++) {
    const type = history.writtenType(node.termAt(index) ?? 0, index)
    invariant(
      type === undefined || type === 'EntryNormal',
      'T9',
      () => `member ${node.id} campaigns before it has applied the committed membership change at index ${index}`,
    )
  }
}

/** What a step must not change, as it was before. */
export interface BeforeStep {
  readonly term: number
  readonly vote: number
  readonly elapsed: number
  readonly lastIndex: number
  /** A snapshot ends in an entry that is in the log. */
  readonly matches: boolean
  /** With quorum check: a leader is heard, so that requests for votes are not. */
  readonly deaf: boolean
}

/** What {@link checkVoteRequest} and the check of snapshots want to know of the time before. */
export function beforeStep(member: Subject, m: Message, facts: GroupFacts): BeforeStep | undefined {
  const node = member.node!
  const { term, vote, lastIndex } = node
  if (m.type === 'MsgSnap' && m.snapshot !== undefined) {
    const matches = node.termAt(m.snapshot.index) === m.snapshot.term
    return { term, vote, elapsed: 0, lastIndex, matches, deaf: false }
  }
  if (m.type !== 'MsgPreVote' && m.type !== 'MsgVote') return undefined
  const inLease = facts.checkQuorum && node.lead !== 0 && node.electionElapsed < facts.electionTick
  const deaf = inLease && m.term > term && m.context !== CAMPAIGN_TRANSFER
  return { term, vote, elapsed: node.electionElapsed, lastIndex, matches: false, deaf }
}

/** T18 after a request for a vote: asking changes nothing, and while a leader is heard, nor does a vote. */
export function checkVoteRequest(member: Subject, watch: Watch, m: Message, before: BeforeStep): void {
  const node = member.node!
  if (m.type === 'MsgPreVote' || before.deaf) {
    invariant(
      node.term === before.term && node.vote === before.vote && node.electionElapsed === before.elapsed,
      'T18',
      () => `member ${member.id} changed its term, vote or timer for a ${m.type} of member ${m.from}`,
    )
  }
  if (m.type === 'MsgPreVote' && !before.deaf) watch.asked.add(requestKey(m.from, m.term))
}

/** T18 when a pre-vote is granted. */
export function checkPreVoteGrant(member: Subject, watch: Watch, m: Message): void {
  invariant(
    watch.asked.has(requestKey(m.to, m.term)),
    'T18',
    () => `member ${member.id} grants a pre-vote to member ${m.to} that only asked while it heard a leader`,
  )
}
