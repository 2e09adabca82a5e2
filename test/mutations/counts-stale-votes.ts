import { onStep, type SeededBug } from './seeded-bug.ts'

/** Votes of an earlier term are counted. */
export const countsStaleVotes: SeededBug = {
  title: 'Votes of an earlier term are counted.',
  source: 'Raft paper, figure 2',
  caughtBy: ['S1'],
  within: 500,
  group: { preVote: false },
  fixed: { jitter: 500 },
  mutation: {
    node: (node) => {
      onStep(node, (m) => (m.type === 'MsgVoteResp' && m.term < node.term ? { ...m, term: node.term } : m))
    },
  },
}
