import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A vote is granted whatever the candidate's log holds. */
export const votesForAnyone: SeededBug = {
  title: "A vote is granted whatever the candidate's log holds.",
  source: 'Raft paper, section 5.4.1',
  caughtBy: ['S4', 'S1'],
  within: 200,
  mutation: {
    node: (node) => {
      internalsOf(node).log.isUpToDate = () => true
    },
  },
}
