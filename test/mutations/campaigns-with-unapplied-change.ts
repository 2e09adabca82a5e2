import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A member campaigns while a committed membership change is not applied. */
export const campaignsWithUnappliedChange: SeededBug = {
  title: 'A member campaigns while a committed membership change is not applied.',
  source: 'raft.go, hup',
  caughtBy: ['T9', 'S1'],
  within: 1000,
  fixed: { asyncStorage: true, fsync: 300 },
  mutation: {
    node: (node) => {
      const { log } = internalsOf(node)
      const slice = log.slice.bind(log)
      log.slice = (lo, hi, maxSize) => {
        const asks = node.state !== 'StateLeader' && lo === log.applied + 1 && hi === log.committed + 1
        return asks && maxSize === Number.POSITIVE_INFINITY && asking ? [] : slice(lo, hi, maxSize)
      }
      let asking = false
      const during =
        <A extends readonly unknown[], R>(act: (...args: A) => R) =>
        (...args: A): R => {
          asking = true
          try {
            return act(...args)
          } finally {
            asking = false
          }
        }
      node.tick = during(node.tick.bind(node))
      node.step = during(node.step.bind(node))
      node.campaign = during(node.campaign.bind(node))
    },
  },
}
