import type { SeededBug } from './seeded-bug.ts'

/** An append is acknowledged before it is on disk. */
export const acknowledgesBeforeDurable: SeededBug = {
  title: 'An append is acknowledged before it is on disk.',
  source: 'etcd issue 14370',
  caughtBy: ['T4', 'T5', 'T15'],
  within: 200,
  fixed: { asyncStorage: false },
  mutation: {
    host: { sendsBeforeWrite: (m) => m.type === 'MsgAppResp' },
  },
}
