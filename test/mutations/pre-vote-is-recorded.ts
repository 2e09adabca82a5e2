import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A granted pre-vote is remembered as a vote. */
export const preVoteIsRecorded: SeededBug = {
  title: 'A granted pre-vote is remembered as a vote.',
  source: 'Raft dissertation, section 9.6',
  caughtBy: ['T18'],
  within: 200,
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      const send = state.sendInTerm.bind(state)
      state.sendInTerm = (m) => {
        if (m.type === 'MsgPreVoteResp' && !m.reject) state.vote = m.to
        send(m)
      }
    },
  },
}
