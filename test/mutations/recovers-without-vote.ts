import type { SeededBug } from './seeded-bug.ts'

/** A process starts without remembering its vote. */
export const recoversWithoutVote: SeededBug = {
  title: 'A process starts without remembering its vote.',
  source: 'Raft paper, figure 2: votedFor is persistent',
  caughtBy: ['T2'],
  within: 200,
  mutation: {
    host: { recovers: (durable) => ({ ...durable, vote: 0 }) },
  },
}
