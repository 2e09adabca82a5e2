import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A snapshot replaces a log that holds its last entry already. */
export const snapshotOverMatchingLog: SeededBug = {
  title: 'A snapshot replaces a log that holds its last entry already.',
  source: 'raft.go, restore',
  caughtBy: ['T14', 'S4', 'T4', 'T15'],
  within: 1000,
  fixed: { snapshotEvery: 3, keepEntries: 0, maxInflightMsgs: 3 },
  mutation: {
    node: (node) => {
      const { log } = internalsOf(node)
      const step = node.step.bind(node)
      const matchTerm = log.matchTerm.bind(log)
      node.step = (m) => {
        if (m.type === 'MsgSnap') log.matchTerm = () => false
        try {
          return step(m)
        } finally {
          log.matchTerm = matchTerm
        }
      }
    },
  },
}
