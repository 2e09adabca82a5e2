import type { SeededBug } from './seeded-bug.ts'

/** The applied index is saved apart from the data, so that entries are applied again. */
export const appliedIndexApartFromData: SeededBug = {
  title: 'The applied index is saved apart from the data, so that entries are applied again.',
  source: 'etcd 3.5.0 data inconsistency, issues 13514 and 13766',
  caughtBy: ['T21', 'S5'],
  within: 200,
  mutation: {
    host: { recoversMachine: (durable, older) => ({ ...durable, applied: older.applied }) },
  },
}
