import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jointCommitted, jointVote, majorityCommitted, majorityVote, type VoteResult } from '../../src/raft/quorum.ts'

const voters = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 7 })
const acks = fc.dictionary(fc.integer({ min: 1, max: 9 }).map(String), fc.integer({ min: 0, max: 12 }))
const votes = fc.dictionary(fc.integer({ min: 1, max: 9 }).map(String), fc.boolean())

function acked(indexes: Record<string, number>): { ackedIndex(id: number): number | undefined } {
  return { ackedIndex: (id) => indexes[id] }
}

/** Tries every index from the top: committed is the highest one that more than half of the voters have. */
function committedByTrial(ids: readonly number[], indexes: Record<string, number>): number {
  if (ids.length === 0) return Number.POSITIVE_INFINITY
  for (let index = 12; index > 0; index--) {
    if (2 * ids.filter((id) => (indexes[id] ?? 0) >= index).length > ids.length) return index
  }
  return 0
}

/** Tries every way the missing votes can still fall. */
function voteByTrial(ids: readonly number[], cast: Record<string, boolean>): VoteResult {
  const missing = ids.filter((id) => cast[id] === undefined).length
  const yes = ids.filter((id) => cast[id] === true).length
  const wins = Array.from({ length: missing + 1 }, (_, more) => ids.length === 0 || 2 * (yes + more) > ids.length)
  if (wins.every((won) => won)) return 'VoteWon'
  return wins.some((won) => won) ? 'VotePending' : 'VoteLost'
}

describe('quorum against brute force', () => {
  test('the committed index of a majority', () => {
    fc.assert(
      fc.property(voters, acks, (ids, indexes) => {
        expect(majorityCommitted(ids, acked(indexes))).toBe(committedByTrial(ids, indexes))
      }),
      { seed: 1 },
    )
  })

  test('the committed index of a joint configuration is the lower of its halves, either way round', () => {
    fc.assert(
      fc.property(voters, voters, acks, (incoming, outgoing, indexes) => {
        const expected = Math.min(committedByTrial(incoming, indexes), committedByTrial(outgoing, indexes))
        expect(jointCommitted({ incoming, outgoing }, acked(indexes))).toBe(expected)
        expect(jointCommitted({ incoming: outgoing, outgoing: incoming }, acked(indexes))).toBe(expected)
      }),
      { seed: 2 },
    )
  })

  test('the outcome of a vote', () => {
    fc.assert(
      fc.property(voters, votes, (ids, cast) => {
        const map = new Map(Object.entries(cast).map(([id, vote]) => [Number(id), vote] as const))
        expect(majorityVote(ids, map)).toBe(voteByTrial(ids, cast))
      }),
      { seed: 3 },
    )
  })

  test('a joint vote is lost with either half and won with both', () => {
    fc.assert(
      fc.property(voters, voters, votes, (incoming, outgoing, cast) => {
        const map = new Map(Object.entries(cast).map(([id, vote]) => [Number(id), vote] as const))
        const halves = [voteByTrial(incoming, cast), voteByTrial(outgoing, cast)]
        const expected = halves.includes('VoteLost')
          ? 'VoteLost'
          : halves.includes('VotePending')
            ? 'VotePending'
            : 'VoteWon'
        expect(jointVote({ incoming, outgoing }, map)).toBe(expected)
      }),
      { seed: 4 },
    )
  })
})
