import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A new leader takes a membership change before older ones are applied. */
export const noFenceAfterElection: SeededBug = {
  title: 'A new leader takes a membership change before older ones are applied.',
  source: 'dissertation errata, 2015',
  caughtBy: ['T9'],
  within: 200,
  group: { size: 5 },
  fixed: { latency: 50, jitter: 500 },
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      const becomeLeader = state.becomeLeader.bind(state)
      state.becomeLeader = () => {
        becomeLeader()
        state.pendingConfIndex = 0
      }
    },
  },
}
