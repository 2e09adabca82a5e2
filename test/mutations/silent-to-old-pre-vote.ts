import { internalsOf } from '../../src/raft/raw-node.ts'
import { onStep, type SeededBug } from './seeded-bug.ts'

/** A pre-vote of a lower term is not answered, in a group in which pre-vote is being switched on. */
export const silentToOldPreVote: SeededBug = {
  title: 'A pre-vote of a lower term is not answered, in a group in which pre-vote is being switched on.',
  source: 'etcd issues 8243 and 8501',
  caughtBy: ['T17'],
  within: 2000,
  group: { size: 2, preVote: false },
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      onStep(node, (m) => (m.type === 'MsgPreVote' && m.term < state.term ? undefined : m))
      // A process that starts later than the first terms has pre-vote on.
      if (state.term > 2) Object.assign(state, { config: { ...state.config, preVote: true } })
    },
  },
}
