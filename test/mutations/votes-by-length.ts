import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A vote is granted to the longer log, whatever its last term. */
export const votesByLength: SeededBug = {
  title: 'A vote is granted to the longer log, whatever its last term.',
  source: 'Raft paper, section 5.4.1',
  caughtBy: ['S4', 'S1'],
  within: 1000,
  fixed: { writeEvery: 30, horizon: 20_000 },
  families: ['crashes', 'partitions'],
  mutation: {
    node: (node) => {
      const { log } = internalsOf(node)
      log.isUpToDate = (index) => index >= log.lastIndex
    },
  },
}
