import { majorityVote } from '../../src/raft/quorum.ts'
import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** In a joint configuration the new voters alone elect. */
export const jointVotesByNewHalf: SeededBug = {
  title: 'In a joint configuration the new voters alone elect.',
  source: 'Raft dissertation, section 4.3',
  caughtBy: ['S1'],
  within: 1000,
  mutation: {
    node: (node) => {
      const { tracker } = internalsOf(node)
      const votes = new Map<number, boolean>()
      const record = tracker.recordVote.bind(tracker)
      tracker.recordVote = (id, granted) => {
        if (!votes.has(id)) votes.set(id, granted)
        record(id, granted)
      }
      const reset = tracker.resetVotes.bind(tracker)
      tracker.resetVotes = () => {
        votes.clear()
        reset()
      }
      tracker.voteResult = () => majorityVote(tracker.configuration.incoming, votes)
    },
  },
}
