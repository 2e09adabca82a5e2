import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A new leader answers reads before it has committed in its term. */
export const readsBeforeFirstCommit: SeededBug = {
  title: 'A new leader answers reads before it has committed in its term.',
  source: 'etcd issues 7331 and 12680',
  caughtBy: ['T11', 'T10'],
  within: 200,
  fixed: { readOnlyOption: 'safe', readEvery: 100 },
  mutation: {
    node: (node) => {
      Object.defineProperty(internalsOf(node), 'committedInCurrentTerm', { value: true })
    },
  },
}
