import { internalsOf } from '../../src/raft/raw-node.ts'
import type { SeededBug } from './seeded-bug.ts'

/** A heartbeat carries the commit index without regard to what the follower has. */
export const heartbeatTellsRawCommit: SeededBug = {
  title: 'A heartbeat carries the commit index without regard to what the follower has.',
  source: 'raft.go, sendHeartbeat',
  caughtBy: ['T7', 'S5', 'panic'],
  within: 200,
  mutation: {
    node: (node) => {
      const state = internalsOf(node)
      const send = state.send.bind(state)
      state.send = (m) => {
        if (m.type === 'MsgHeartbeat') m.commit = state.log.committed
        send(m)
      }
    },
  },
}
