import type { SeededBug } from './seeded-bug.ts'

/** Reads of a member go by one name, so that one is answered for another. */
export const readsShareContext: SeededBug = {
  title: 'Reads of a member go by one name, so that one is answered for another.',
  source: 'etcd issue 20418',
  caughtBy: ['T11', 'T10'],
  within: 200,
  fixed: { readOnlyOption: 'safe', readEvery: 100 },
  mutation: {
    host: { readContext: () => 'read' },
  },
}
