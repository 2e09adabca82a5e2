import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A leader answers its own reads without asking anyone. */
export const readsWithoutQuorum: SeededBug = {
  title: 'A leader answers its own reads without asking anyone.',
  source: 'Raft paper, section 8',
  caughtBy: ['T11', 'T10'],
  within: 1000,
  fixed: { readOnlyOption: 'safe', readEvery: 50, writeEvery: 100 },
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      const add = state.reads.add.bind(state.reads)
      state.reads.add = (self, read) => {
        if (read.from === 0) state.readStates.push({ index: read.index, context: read.context })
        return add(self, read)
      }
    },
  },
}
