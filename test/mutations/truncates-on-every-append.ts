import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A follower cuts its log at each append, conflict or not. */
export const truncatesOnEveryAppend: SeededBug = {
  title: 'A follower cuts its log at each append, conflict or not.',
  source: 'Raft paper, figure 2: only on conflict',
  caughtBy: ['T4', 'T15', 'T8', 'T5', 'S3', 'panic'],
  within: 200,
  fixed: { transport: 'datagrams', jitter: 500 },
  mutation: {
    node: (node) => {
      const { log } = internalsOf(node)
      log.maybeAppend = (index, term, commit, entries) => {
        if (!log.matchTerm(index, term)) return undefined
        const fresh = entries.filter((entry) => entry.index > log.committed)
        log.append(fresh)
        log.commitTo(Math.min(commit, index + entries.length))
        return index + entries.length
      }
    },
  },
}
