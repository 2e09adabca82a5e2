import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A vote that comes twice counts twice. */
export const countsVotesTwice: SeededBug = {
  title: 'A vote that comes twice counts twice.',
  source: 'duplicate delivery',
  caughtBy: ['S1'],
  within: 200,
  group: { size: 5, preVote: false },
  fixed: { transport: 'datagrams', duplicates: 0.3 },
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      let votes = 0
      const { tracker } = state
      const reset = tracker.resetVotes.bind(tracker)
      tracker.resetVotes = () => {
        votes = 0
        reset()
      }
      const record = tracker.recordVote.bind(tracker)
      tracker.recordVote = (id, granted) => {
        if (granted) votes++
        record(id, granted)
      }
      tracker.voteResult = () => {
        const voters = tracker.configuration.incoming.length
        return votes > voters / 2 ? 'VoteWon' : 'VotePending'
      }
    },
  },
}
