import { internalsOf } from '../../src/raft/raw-node.ts'
import { onStep, type SeededBug } from './seeded-bug.ts'

/** A member votes again in a term in which it has voted. */
export const votesTwice: SeededBug = {
  title: 'A member votes again in a term in which it has voted.',
  source: 'Raft paper, figure 2',
  caughtBy: ['T2'],
  within: 200,
  group: { preVote: false },
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      onStep(node, (m) => {
        if (m.type === 'MsgVote' && m.term === state.term && state.role === 'StateFollower') {
          state.vote = 0
          state.lead = 0
        }
        return m
      })
    },
  },
}
