import type { SeededBug } from './seeded-bug.ts'

/** A vote leaves before it is on disk. */
export const votesBeforeDurable: SeededBug = {
  title: 'A vote leaves before it is on disk.',
  source: 'Raft dissertation, section 3.8',
  caughtBy: ['T3'],
  within: 200,
  fixed: { asyncStorage: false },
  mutation: {
    host: { sendsBeforeWrite: (m) => m.type === 'MsgVoteResp' },
  },
}
