import { majorityOf } from '../../raft/quorum.ts'
import type { Message } from '../../raft/types.ts'
import type { History } from './history.ts'
import type { DurableState, GroupFacts, LeaderCommit, Subject, Watch } from './subject.ts'
import { invariant } from './violation.ts'

/** S2: while a member leads a term, its log only grows. */
export function checkAppendOnly(member: Subject, watch: Watch): void {
  const node = member.node!
  invariant(
    node.lastIndex >= watch.lastIndex && node.termAt(watch.lastIndex) === watch.lastTerm,
    'S2',
    () => `member ${node.id} leads term ${node.term} and has rewritten its log at index ${watch.lastIndex}`,
  )
}

/** T7 for the cursors, then S5, T5 and T6 for what is newly committed. */
export function checkCommit(
  member: Subject,
  watch: Watch,
  history: History,
  facts: GroupFacts,
  diskOf: (id: number) => DurableState | undefined,
): void {
  const node = member.node!
  const { id, committed, applied, lastIndex } = node
  const from = watch.committed
  invariant(
    committed <= lastIndex,
    'T7',
    () => `member ${id} has commit ${committed} beyond its log's end ${lastIndex}`,
  )
  invariant(applied <= committed, 'T7', () => `member ${id} has applied ${applied} beyond its commit ${committed}`)
  invariant(applied >= watch.applied, 'T7', () => `member ${id} went back from applied ${watch.applied} to ${applied}`)
  invariant(committed >= from, 'T7', () => `member ${id} went back from commit ${from} to ${committed}`)
  if (committed > from && node.state !== 'StateLeader') checkFollowerCommit(member, from, committed, history)
  if (committed > from && node.state === 'StateLeader') {
    invariant(
      node.termAt(committed) === node.term,
      'T6',
      () =>
        `member ${id} leads term ${node.term} and commits up to index ${committed} of term ${node.termAt(committed)}`,
    )
    watch.commits.push({ from, to: committed, term: node.term })
  }
  while (watch.commits.length > 0 && isSeen(member, watch.commits[0]!, facts)) {
    checkLeaderCommit(member, watch.commits.shift()!, history, diskOf)
  }
}

/**
 * Whether a leader's commit can be seen by anyone. Before raft 3.6 a leader counts its own copy while that is still
 * being written, but it tells nobody before it is.
 */
function isSeen({ disk, node }: Subject, { to }: LeaderCommit, facts: GroupFacts): boolean {
  return facts.selfVoteDurable || to < disk.firstIndex() || disk.term(to) === node!.termAt(to)
}

function checkLeaderCommit(
  member: Subject,
  { from, to, term }: LeaderCommit,
  history: History,
  diskOf: (id: number) => DurableState | undefined,
): void {
  const node = member.node!
  const isNew = history.commit(to) === undefined
  for (let index = from + 1; index <= to; index++) {
    history.noteCommit(node.id, index, node.termAt(index) ?? 0, term)
  }
  if (!isNew) return
  for (const half of [node.configuration.incoming, node.configuration.outgoing]) {
    const holders = half.filter((id) => holds(diskOf(id), to, term))
    invariant(
      half.length === 0 || holders.length >= majorityOf(half.length),
      'T5',
      () =>
        `member ${node.id} commits index ${to}, durable only on ${holders.join(', ') || 'nobody'} of ${half.join(', ')}`,
    )
  }
}

function holds(disk: DurableState | undefined, index: number, term: number): boolean {
  return disk !== undefined && (disk.term(index) === term || disk.firstIndex() - 1 > index)
}

/** T7: whoever follows commits what a leader has committed before. */
function checkFollowerCommit(member: Subject, from: number, to: number, history: History): void {
  const node = member.node!
  for (let index = Math.max(from + 1, node.firstIndex); index <= to; index++) {
    const commit = history.commit(index)
    invariant(
      commit !== undefined,
      'T7',
      () => `member ${node.id} commits index ${index}, which no leader has committed`,
    )
    invariant(
      node.termAt(index) === commit.term,
      'S5',
      () =>
        `member ${node.id} commits term ${node.termAt(index)} at index ${index}, where term ${commit.term} was committed`,
    )
  }
}

/** T4 when an acknowledgement leaves a member; `leader` is whoever leads the term of the acknowledgement now. */
export function checkAcknowledgement(member: Subject, m: Message, leader: Subject | undefined): void {
  const { disk, id } = member
  // In a later term the member may have replaced what it acknowledged; the old leader has lost its majority by then.
  if (disk.hardState().term > m.term) return
  const last = disk.lastIndex()
  invariant(last >= m.index, 'T4', () => `member ${id} acknowledges index ${m.index}, its disk ends at ${last}`)
  const node = leader?.node
  if (node === undefined || node.state !== 'StateLeader' || node.term !== m.term) return
  const theirs = node.termAt(m.index)
  const own = disk.term(m.index)
  invariant(
    theirs === undefined || own === undefined || theirs === own,
    'T4',
    () =>
      `member ${id} acknowledges index ${m.index} with term ${own} on its disk; its leader has term ${theirs} there`,
  )
}
