import type { SeededBug } from './seeded-bug.ts'

/** A snapshot carries the membership of an older one. */
export const snapshotWithOldMembership: SeededBug = {
  title: 'A snapshot carries the membership of an older one.',
  source: 'snapshot and membership saved apart',
  caughtBy: ['T9', 'T17'],
  within: 200,
  mutation: {
    host: {
      sendsSnapshot: (chosen, fresh) => (fresh === undefined ? chosen : { ...fresh, confState: chosen.confState }),
    },
  },
}
