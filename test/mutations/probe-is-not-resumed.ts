import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A follower that has everything stays in the probing state. */
export const probeIsNotResumed: SeededBug = {
  title: 'A follower that has everything stays in the probing state.',
  source: 'etcd-raft 49bac48',
  caughtBy: ['T17'],
  within: 500,
  fixed: { writeEvery: 2000 },
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      const { config } = state
      const behaviour = { ...config.behaviour, heartbeatResumesProbe: false }
      Object.assign(state, { config: { ...config, behaviour } })
    },
  },
}
