import type { Random } from '../../engine/random.ts'
import { raftBehaviour } from '../../raft/config.ts'
import { RawNode } from '../../raft/raw-node.ts'
import type { MemoryStorage } from '../../raft/storage.ts'
import type { MemberConfig } from './member-world.ts'

/** A Raft node as etcd sets it up, knowing what its storage holds. */
export function raftNode(config: MemberConfig, storage: MemoryStorage, random: Random): RawNode {
  return new RawNode({
    id: config.id,
    storage,
    // What was committed is in the backend's file, or is applied again within the instant: nobody could tell.
    applied: storage.initialState().hardState.commit,
    electionTick: config.electionTicks,
    heartbeatTick: 1,
    preVote: config.preVote,
    checkQuorum: true,
    random: () => random.next(),
    // etcd: 1 MiB a message, 512 messages in flight (server/etcdserver/bootstrap.go).
    maxSizePerMsg: 1024 * 1024,
    maxInflightMsgs: 512,
    behaviour: raftBehaviour(config.version),
  })
}
