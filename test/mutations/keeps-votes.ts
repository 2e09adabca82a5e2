import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** Votes of an earlier campaign count in the next one. */
export const keepsVotes: SeededBug = {
  title: 'Votes of an earlier campaign count in the next one.',
  source: 'a step-down that clears too little',
  caughtBy: ['S1'],
  within: 200,
  mutation: {
    node: (node) => {
      internalsOf(node).tracker.resetVotes = () => undefined
    },
  },
}
