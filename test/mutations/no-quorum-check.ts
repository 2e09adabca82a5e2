import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A leader never asks whether a quorum still hears it. */
export const noQuorumCheck: SeededBug = {
  title: 'A leader never asks whether a quorum still hears it.',
  source: 'Raft dissertation, section 6.2',
  caughtBy: ['T19'],
  within: 200,
  mutation: {
    node: (node) => {
      Object.defineProperty(internalsOf(node).tracker, 'quorumActive', { value: true })
    },
  },
}
