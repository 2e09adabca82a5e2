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
    if (match === 0 || (id === node.id && !facts.selfVoteDurable)) continue
    const disk = diskOf(id)
    if (disk === undefined) continue
    const own = node.termAt(match)
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
