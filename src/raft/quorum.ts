import type { NodeId } from './types.ts'

/** Outcome of an election so far. */
export type VoteResult = 'VotePending' | 'VoteLost' | 'VoteWon'

/** What each voter has acknowledged; undefined if nothing was heard. */
export interface AckedIndexes {
  ackedIndex(id: NodeId): number | undefined
}

/** Voters whose majority must agree. During a joint change both halves must; `outgoing` is empty otherwise. */
export interface Voters {
  readonly incoming: readonly NodeId[]
  readonly outgoing: readonly NodeId[]
}

/** Size of a majority of `count` voters. */
export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1
}

// Reused by every call: nothing runs between filling and reading it.
const scratch: number[] = []

/** Highest index acknowledged by a majority; nobody decides everything: infinite for an empty list. */
export function majorityCommitted(voters: readonly NodeId[], acked: AckedIndexes): number {
  const count = voters.length
  if (count === 0) return Number.POSITIVE_INFINITY
  // Insertion sort, descending: a handful of voters, and no allocation.
  for (let i = 0; i < count; i++) {
    const index = acked.ackedIndex(voters[i]!) ?? 0
    let at = i
    for (; at > 0 && scratch[at - 1]! < index; at--) scratch[at] = scratch[at - 1]!
    scratch[at] = index
  }
  return scratch[majorityOf(count) - 1]!
}

/** Highest index acknowledged by a majority of both halves. */
export function jointCommitted(voters: Voters, acked: AckedIndexes): number {
  return Math.min(majorityCommitted(voters.incoming, acked), majorityCommitted(voters.outgoing, acked))
}

/** Outcome among one list of voters; an empty list has always won. */
export function majorityVote(voters: readonly NodeId[], votes: ReadonlyMap<NodeId, boolean>): VoteResult {
  if (voters.length === 0) return 'VoteWon'
  let yes = 0
  let missing = 0
  for (const id of voters) {
    const vote = votes.get(id)
    if (vote === undefined) missing++
    else if (vote) yes++
  }
  const needed = majorityOf(voters.length)
  if (yes >= needed) return 'VoteWon'
  return yes + missing >= needed ? 'VotePending' : 'VoteLost'
}

/** Outcome in both halves: lost if one is lost, won if both are won. */
export function jointVote(voters: Voters, votes: ReadonlyMap<NodeId, boolean>): VoteResult {
  const incoming = majorityVote(voters.incoming, votes)
  const outgoing = majorityVote(voters.outgoing, votes)
  if (incoming === outgoing) return incoming
  return incoming === 'VoteLost' || outgoing === 'VoteLost' ? 'VoteLost' : 'VotePending'
}
