import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** An append after a compacted entry, its term told as 0, matches where there is nothing. */
export const matchesAnEmptyLog: SeededBug = {
  title: 'An append after a compacted entry, its term told as 0, matches where there is nothing.',
  source: 'etcd-raft 76f1249',
  caughtBy: ['T7', 'T15', 'T4', 'panic'],
  within: 1000,
  fixed: { snapshotEvery: 3, keepEntries: 0, maxInflightMsgs: 1, entriesPerAppend: 1 },
  mutation: {
    node: (node) => {
      const { log } = internalsOf(node)
      const term = log.term.bind(log)
      log.term = (index) => term(index) ?? (index + 1 < log.firstIndex ? 0 : undefined)
      log.matchTerm = (index, wanted) => (term(index) ?? 0) === wanted
    },
  },
}
