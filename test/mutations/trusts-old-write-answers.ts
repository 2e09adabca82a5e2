import { internalsOf } from '../../src/raft/raw-node.ts'
import { onStep, type SeededBug } from './seeded-bug.ts'

/** An answer of the append thread counts although the entries were replaced since. */
export const trustsOldWriteAnswers: SeededBug = {
  title: 'An answer of the append thread counts although the entries were replaced since.',
  source: 'etcd-raft, async_storage_writes_append_aba_race',
  caughtBy: ['T4', 'S3', 'S5', 'T15', 'T5', 'panic'],
  within: 2000,
  group: { size: 5 },
  fixed: { asyncStorage: true, fsync: 50 },
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      onStep(node, (m) => {
        if (m.type !== 'MsgStorageAppendResp' || m.index === 0) return m
        return { ...m, term: state.term, logTerm: state.log.termOrZero(m.index) }
      })
    },
  },
}
