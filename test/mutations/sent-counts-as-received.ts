import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A leader takes what it has sent for acknowledged. */
export const sentCountsAsReceived: SeededBug = {
  title: 'A leader takes what it has sent for acknowledged.',
  source: 'optimistic next taken for match',
  caughtBy: ['T15', 'T5'],
  within: 200,
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      const send = state.send.bind(state)
      state.send = (m) => {
        send(m)
        const peer = m.type === 'MsgApp' ? state.tracker.progress(m.to) : undefined
        if (peer?.state === 'StateReplicate') peer.match = Math.max(peer.match, m.index + m.entries.length - 1)
      }
    },
  },
}
