import { changeOf } from '../../src/raft/configuration.ts'
import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** On some members a membership change takes effect when it is appended. */
export const changeEffectiveOnAppend: SeededBug = {
  title: 'On some members a membership change takes effect when it is appended.',
  source: "Raft dissertation, section 4.1, against etcd's rule",
  caughtBy: ['T9', 'S1', 'S5', 'T5', 'T16', 'panic'],
  within: 200,
  mutation: {
    node: (node) => {
      if (node.id % 2 === 0) return
      const { log } = internalsOf(node)
      const append = log.append.bind(log)
      log.append = (entries) => {
        append(entries)
        for (const entry of entries) if (entry.type !== 'EntryNormal') node.applyConfChange(changeOf(entry))
      }
    },
  },
}
