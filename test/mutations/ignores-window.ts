import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A leader sends more appends than its window holds. */
export const ignoresWindow: SeededBug = {
  title: 'A leader sends more appends than its window holds.',
  source: 'raft.go, Inflights',
  caughtBy: ['T15', 'panic'],
  within: 200,
  fixed: { maxInflightMsgs: 3, writeEvery: 30 },
  mutation: {
    node: (node) => {
      const { tracker } = internalsOf(node)
      const switchTo = tracker.switchTo.bind(tracker)
      const open = () => {
        for (const { inflights } of tracker.peers) {
          Object.defineProperty(inflights, 'full', { get: () => false, configurable: true })
        }
      }
      tracker.switchTo = (configuration, kept, lastIndex) => {
        switchTo(configuration, kept, lastIndex)
        open()
      }
      open()
    },
  },
}
