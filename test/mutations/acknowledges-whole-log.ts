import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A follower acknowledges its whole log instead of what the append proves to match. */
export const acknowledgesWholeLog: SeededBug = {
  title: 'A follower acknowledges its whole log instead of what the append proves to match.',
  source: 'Raft paper, section 5.3',
  caughtBy: ['T4', 'T15', 'T5'],
  within: 1000,
  fixed: { maxInflightMsgs: 1, entriesPerAppend: 1 },
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      const send = state.send.bind(state)
      state.send = (m) => {
        if (m.type === 'MsgAppResp' && !m.reject && m.to !== node.id) m.index = Math.max(m.index, state.log.lastIndex)
        send(m)
      }
    },
  },
}
