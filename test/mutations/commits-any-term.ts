import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A leader commits whatever a quorum has, whatever its term. */
export const commitsAnyTerm: SeededBug = {
  title: 'A leader commits whatever a quorum has, whatever its term.',
  source: 'Raft paper, figure 8',
  caughtBy: ['T6'],
  within: 200,
  mutation: {
    node: (node) => {
      const { log } = internalsOf(node)
      log.maybeCommit = (index) => {
        if (index <= log.committed) return false
        log.commitTo(index)
        return true
      }
    },
  },
}
