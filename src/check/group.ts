import type { ClusterConfig } from '../cluster/config.ts'
import type { GroupSettings } from './arbitrary.ts'

/** The etcd members of a cluster, as the checker takes them: timers in ticks, quorum check on, as etcd always has it. */
export function groupOf({ etcd, nodes }: ClusterConfig): GroupSettings {
  return {
    members: etcd.nodes.map((at) => nodes[at]!.name),
    version: etcd.version,
    electionTick: Math.floor(etcd.electionTimeout / etcd.heartbeatInterval),
    tickInterval: etcd.heartbeatInterval,
    preVote: etcd.preVote,
    checkQuorum: true,
  }
}
