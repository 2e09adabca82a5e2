import { internalsOf } from '../../src/raft/raw-node.ts'
import { onStep, type SeededBug } from './seeded-bug.ts'

/** An answer to any heartbeat, however old, confirms every read. */
export const readsByOldAnswers: SeededBug = {
  title: 'An answer to any heartbeat, however old, confirms every read.',
  source: 'etcd issue 20418',
  caughtBy: ['T11', 'T10'],
  within: 1000,
  group: { electionTick: 3 },
  fixed: {
    readOnlyOption: 'safe',
    readEvery: 50,
    writeEvery: 200,
    jitter: 10,
    latency: 1,
    fsync: 1,
    transport: 'datagrams',
    loss: 0,
    horizon: 10_000,
  },
  families: ['links', 'partitions', 'elections'],
  mutation: {
    node: (node) => {
      const { reads } = internalsOf(node)
      onStep(node, (m) => (m.type === 'MsgHeartbeatResp' ? { ...m, context: reads.newestContext() } : m))
    },
  },
}
