import type { SeededBug } from './seeded-bug.ts'

/** A process starts with the term and vote of before their last change. */
export const recoversStaleTerm: SeededBug = {
  title: 'A process starts with the term and vote of before their last change.',
  source: 'a stale state file',
  caughtBy: ['T1', 'T2', 'S1'],
  within: 200,
  mutation: {
    host: { recovers: (durable, older) => ({ ...older, commit: durable.commit }) },
  },
}
