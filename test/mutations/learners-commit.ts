import { membersOf } from '../../src/raft/configuration.ts'
import { majorityCommitted } from '../../src/raft/quorum.ts'
import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A learner's copy counts towards the quorum. */
export const learnersCommit: SeededBug = {
  title: "A learner's copy counts towards the quorum.",
  source: 'Raft dissertation, section 4.2.1',
  caughtBy: ['T5', 'T16'],
  within: 200,
  mutation: {
    node: (node) => {
      const { tracker } = internalsOf(node)
      tracker.committed = () => majorityCommitted(membersOf(tracker.configuration), tracker)
    },
  },
}
