import type { SeededBug } from './seeded-bug.ts'

/** A read is served by the answer to another one. */
export const readsTakeAnyAnswer: SeededBug = {
  title: 'A read is served by the answer to another one.',
  source: 'etcd 3.5.28: race between read index and leader change',
  caughtBy: ['T11', 'T10'],
  within: 200,
  fixed: { readOnlyOption: 'safe', readEvery: 100 },
  mutation: {
    host: { answersRead: () => true },
  },
}
