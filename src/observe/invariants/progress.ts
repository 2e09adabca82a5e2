import { majorityOf } from '../../raft/quorum.ts'
import type { DurableState, GroupFacts, Subject, Watch } from './subject.ts'
import { invariant } from './violation.ts'

/** T15 on a leader after each step. */
export function checkProgress(
  member: Subject,
  facts: GroupFacts,
  diskOf: (id: number) => DurableState | undefined,
): void {
  const node = member.node!
  const { peers } = node
  for (let i = 0; i < peers.length; i++) {
    const { id, match, next, inflightCount } = peers[i]!
    invariant(match < next, 'T15', () => `leader ${node.id} has match ${match} and next ${next} for member ${id}`)
    invariant(
      inflightCount <= facts.maxInflightMsgs,
      'T15',
      () => `leader ${node.id} has ${inflightCount} appends under way to member ${id}`,
    )
    if (match === 0) continue
    const disk = diskOf(id)
    if (disk === undefined) continue
    const own = node.termAt(match)
    // A new leader counts its whole log at once. That commits nothing before an entry of its own term is durable, and
    // whatever stands before that one in the log then is, too.
    if (id === node.id && (!facts.selfVoteDurable || own !== node.term)) continue
    const theirs = disk.term(match)
    // Someone of a later term may have replaced its log since; the true leader never counts on it.
    if (disk.hardState().term > node.term) continue
    invariant(
      disk.lastIndex() >= match && (own === undefined || theirs === undefined || own === theirs),
      'T15',
      () => `leader ${node.id} takes index ${match} to be on member ${id}, where it is not`,
    )
  }
}

/** T19 at a leader's tick: how long ago did each voter last answer, in this leader's ticks? */
export function checkQuorumContact(member: Subject, watch: Watch, facts: GroupFacts): void {
  const node = member.node!
  if (!facts.checkQuorum || node.state !== 'StateLeader') return
  // A check clears what it has seen and the next comes an election timeout later: twice that, and the tick itself.
  const oldest = watch.ticks - 2 * facts.electionTick - 1
  for (const half of [node.configuration.incoming, node.configuration.outgoing]) {
    const heard = half.filter((id) => id === node.id || (watch.heard.get(id) ?? -1) >= oldest).length
    invariant(
      half.length === 0 || heard >= majorityOf(half.length),
      'T19',
      () => `member ${node.id} still leads, two election timeouts after it last heard from a majority`,
    )
  }
}

/** T19, the other way: a leader gives up in its term only if no majority has answered since its last check. */
export function checkStepDown(member: Subject, watch: Watch, facts: GroupFacts): void {
  const node = member.node!
  const recent = watch.ticks - facts.electionTick + 1
  const heard = [node.configuration.incoming, node.configuration.outgoing].every(
    (half) =>
      half.filter((id) => id === node.id || (watch.answered.get(id) ?? -1) >= recent).length >=
      (half.length === 0 ? 0 : majorityOf(half.length)),
  )
  invariant(!heard, 'T19', () => `member ${node.id} stepped down although a majority has answered it`)
}
