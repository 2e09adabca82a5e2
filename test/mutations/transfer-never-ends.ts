import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A leadership transfer that fails is never given up. */
export const transferNeverEnds: SeededBug = {
  title: 'A leadership transfer that fails is never given up.',
  source: 'raft.go, tickHeartbeat',
  caughtBy: ['T17'],
  within: 1000,
  fixed: { loss: 0.1, writeEvery: 2000 },
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      const tick = node.tick.bind(node)
      node.tick = () => {
        const { leadTransferee, term } = state
        tick()
        if (state.role === 'StateLeader' && state.term === term) state.leadTransferee = leadTransferee
      }
    },
  },
}
