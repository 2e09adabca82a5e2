import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** One member campaigns without pre-vote, the others ask first. */
export const mixedPreVote: SeededBug = {
  title: 'One member campaigns without pre-vote, the others ask first.',
  source: 'etcd issue 8501',
  caughtBy: ['T18'],
  within: 200,
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      if (node.id === 1) Object.assign(state, { config: { ...state.config, preVote: false } })
    },
  },
}
