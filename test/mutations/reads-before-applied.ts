import type { SeededBug } from './seeded-bug.ts'

/** A read is served before its index is applied. */
export const readsBeforeApplied: SeededBug = {
  title: 'A read is served before its index is applied.',
  source: 'Raft dissertation, section 6.4',
  caughtBy: ['T13'],
  within: 200,
  fixed: { readOnlyOption: 'safe', readEvery: 100 },
  mutation: {
    host: { servesRead: () => true },
  },
}
