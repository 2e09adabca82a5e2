import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A new leader appends nothing, so that older entries stay uncommitted. */
export const noEntryOfItsOwnTerm: SeededBug = {
  title: 'A new leader appends nothing, so that older entries stay uncommitted.',
  source: 'Raft paper, section 8',
  caughtBy: ['T17'],
  within: 200,
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      const append = state.log.append.bind(state.log)
      const becomeLeader = state.becomeLeader.bind(state)
      let isFirst = false
      state.becomeLeader = () => {
        becomeLeader()
        isFirst = true
      }
      state.log.append = (entries) => {
        if (!isFirst) append(entries)
        isFirst = false
      }
    },
  },
}
