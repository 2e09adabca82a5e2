import type { SeededBug } from './seeded-bug.ts'

/** Two voters are changed in one step instead of through a joint configuration. */
export const twoVotersAtOnce: SeededBug = {
  title: 'Two voters are changed in one step instead of through a joint configuration.',
  source: 'Raft dissertation, figure 4.2',
  caughtBy: ['T9'],
  within: 200,
  mutation: {
    host: {
      appliesChange: (node, change) => {
        if (change.transition !== 'auto' || change.changes.length < 2) {
          node.applyConfChange(change)
          return
        }
        for (const one of change.changes) node.applyConfChange({ ...change, changes: [one] })
      },
    },
  },
}
