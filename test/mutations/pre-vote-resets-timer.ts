import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A granted pre-vote starts the election timeout anew. */
export const preVoteResetsTimer: SeededBug = {
  title: 'A granted pre-vote starts the election timeout anew.',
  source: 'Raft dissertation, section 9.6',
  caughtBy: ['T18', 'T17'],
  within: 200,
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      const send = state.sendInTerm.bind(state)
      state.sendInTerm = (m) => {
        if (m.type === 'MsgPreVoteResp' && !m.reject) state.electionElapsed = 0
        send(m)
      }
    },
  },
}
