import { onStep, type SeededBug } from './seeded-bug.ts'

/** A leader of an earlier term is not told of the later one. */
export const silentToStaleLeader: SeededBug = {
  title: 'A leader of an earlier term is not told of the later one.',
  source: 'raft.go, comment in Step; etcd issue 8501',
  caughtBy: ['T17'],
  within: 200,
  group: { preVote: false, version: '3.4' },
  mutation: {
    node: (node) => {
      onStep(node, (m) => (m.term < node.term && (m.type === 'MsgApp' || m.type === 'MsgHeartbeat') ? undefined : m))
    },
  },
}
