import { setRecentActive } from '../../src/raft/shortcuts.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A new member counts as silent at the next quorum check. */
export const newMemberIsInactive: SeededBug = {
  title: 'A new member counts as silent at the next quorum check.',
  source: 'etcd-raft a3afec7',
  caughtBy: ['T19'],
  within: 500,
  group: { size: 2 },
  mutation: {
    host: {
      appliesChange: (node, change) => {
        const before = node.peers.map(({ id }) => id)
        node.applyConfChange(change)
        for (const { id } of node.peers) if (!before.includes(id)) setRecentActive(node, id, false)
      },
    },
  },
}
