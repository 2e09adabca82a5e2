import { CAMPAIGN_TRANSFER } from '../../src/raft/types.ts'
import { onStep, type SeededBug } from './seeded-bug.ts'

/** A member that hears a leader takes requests for votes. */
export const noLeaseForVotes: SeededBug = {
  title: 'A member that hears a leader takes requests for votes.',
  source: 'Raft dissertation, section 4.2.3',
  caughtBy: ['T18'],
  within: 200,
  mutation: {
    node: (node) => {
      onStep(node, (m) => (m.type === 'MsgVote' || m.type === 'MsgPreVote' ? { ...m, context: CAMPAIGN_TRANSFER } : m))
    },
  },
}
