import { internalsOf } from '../../src/raft/raw-node.ts'
import { onStep, type SeededBug } from './seeded-bug.ts'

/** A leader's append overwrites the vote of its term. */
export const voteChangesWithLeader: SeededBug = {
  title: "A leader's append overwrites the vote of its term.",
  source: 'votedFor and leaderId taken for one',
  caughtBy: ['T2'],
  within: 200,
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      onStep(node, (m) => {
        if (m.type === 'MsgApp' && m.term === state.term && state.role === 'StateFollower') state.vote = m.from
        return m
      })
    },
  },
}
