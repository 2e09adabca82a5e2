import { onStep, type SeededBug } from './seeded-bug.ts'

/** A learner does not vote, though it may have been promoted without knowing. */
export const learnerRefusesVotes: SeededBug = {
  title: 'A learner does not vote, though it may have been promoted without knowing.',
  source: 'etcd issue 7625',
  caughtBy: ['T17'],
  within: 2000,
  group: { size: 1 },
  fixed: { fsync: 50, latency: 50, jitter: 10 },
  mutation: {
    node: (node) => {
      onStep(node, (m) => {
        const isLearner = node.configuration.learners.includes(node.id)
        return isLearner && (m.type === 'MsgVote' || m.type === 'MsgPreVote') ? undefined : m
      })
    },
  },
}
