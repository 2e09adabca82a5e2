import { onStep, type SeededBug } from './seeded-bug.ts'

/** A voter on its way out ignores snapshots. */
export const outgoingVoterRefusesSnapshot: SeededBug = {
  title: 'A voter on its way out ignores snapshots.',
  source: 'etcd issue 12631',
  caughtBy: ['T17'],
  within: 3000,
  fixed: { snapshotEvery: 3, keepEntries: 0, writeEvery: 100 },
  mutation: {
    node: (node) => {
      onStep(node, (m) => {
        const conf = m.snapshot?.confState
        const stays = conf === undefined || conf.voters.includes(node.id) || conf.learners.includes(node.id)
        return m.type === 'MsgSnap' && !stays ? undefined : m
      })
    },
  },
}
