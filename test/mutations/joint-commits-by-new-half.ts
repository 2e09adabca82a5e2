import { majorityCommitted } from '../../src/raft/quorum.ts'
import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** In a joint configuration the new voters alone commit. */
export const jointCommitsByNewHalf: SeededBug = {
  title: 'In a joint configuration the new voters alone commit.',
  source: 'Raft dissertation, section 4.3',
  caughtBy: ['T5'],
  within: 200,
  mutation: {
    node: (node) => {
      const { tracker } = internalsOf(node)
      tracker.committed = () => majorityCommitted(tracker.configuration.incoming, tracker)
    },
  },
}
