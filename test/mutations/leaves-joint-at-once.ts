import type { SeededBug } from './seeded-bug.ts'

/** The joint configuration is left as soon as it is entered. */
export const leavesJointAtOnce: SeededBug = {
  title: 'The joint configuration is left as soon as it is entered.',
  source: 'etcd issue 12136',
  caughtBy: ['T9'],
  within: 200,
  mutation: {
    host: {
      appliesChange: (node, change) => {
        const { autoLeave } = node.applyConfChange(change)
        if (autoLeave) node.applyConfChange({ ...change, transition: 'auto', changes: [] })
      },
    },
  },
}
