import type { Cluster } from '../cluster/cluster.ts'
import type { EtcdMember } from '../components/etcd/member.ts'
import type { MemberAnswer } from '../protocol/etcd-client.ts'

/**
 * How requests get lost at the moment, by what stands between them and an answer: looked up from the quorum outwards,
 * so that each lost second has one mechanism, the deepest.
 */
export type Mechanism =
  | 'quorum-lost'
  | 'election'
  | 'disk-stall'
  | 'balancer-lost'
  | 'address-take-over'
  | 'api-servers-lost'
  | 'api-restart'
  | 'health-check-lag'
  | 'kept-connections'
  | 'member-lost'

/** Those by which time is lost because parts are down, however soon everybody notices and reacts. */
export const OF_PARTS: ReadonlySet<string> = new Set<Mechanism>(['quorum-lost', 'balancer-lost', 'api-servers-lost'])

/** Mechanism of the loss of `etcd` alone. */
export function etcdMechanism(cluster: Cluster): Mechanism {
  if (!quorumStands(cluster)) return 'quorum-lost'
  const leader = cluster.etcd.leader()
  return leader !== undefined && leader.raft!.hasCommittedInTerm && isHeldUp(leader) ? 'disk-stall' : 'election'
}

/** Mechanism of the loss of requests through the API servers. `answers` are those of the etcd members. */
export function apiMechanism(cluster: Cluster, answers: readonly MemberAnswer[]): Mechanism {
  if (!answers.includes('ok')) return etcdMechanism(cluster)
  const balancer = cluster.entrance()
  if (cluster.balancers.length > 0 && balancer === -1) {
    // Somebody holds the address and nobody balances there: no router will take it away.
    const held = cluster.keepalived !== undefined && cluster.keepalived.holder !== -1
    const another = cluster.balancers.some((each) => each.running)
    return another && !held && cluster.keepalived !== undefined ? 'address-take-over' : 'balancer-lost'
  }
  const entrance = balancer === -1 ? undefined : cluster.balancers[balancer]
  let serving = false
  let returning = false
  let useful = false
  let known = false
  for (const server of cluster.apiServers) {
    if (server.state !== 'absent' && !server.serves) returning = true
    if (!server.serves || !cluster.isReached(server.index)) continue
    serving = true
    if (!server.healthy) continue
    useful = true
    if (entrance === undefined || entrance.inRotation(server.index)) known = true
  }
  if (!serving) return returning ? 'api-restart' : 'api-servers-lost'
  if (waitsForDisk(cluster, answers)) return 'disk-stall'
  if (!useful) return 'member-lost'
  if (!known) return 'health-check-lag'
  return cluster.config.clients.connections === 'kept' ? 'kept-connections' : 'health-check-lag'
}

function isHeldUp({ disk }: EtcdMember): boolean {
  return disk.stalled || disk.slowBy > 0
}

/** Whether requests go to a member whose own disk keeps it from answering. */
function waitsForDisk(cluster: Cluster, answers: readonly MemberAnswer[]): boolean {
  const shares = cluster.requestShares()
  return cluster.etcd.members.some((each, member) => shares[member]! > 0 && answers[member] !== 'ok' && isHeldUp(each))
}

/** Whether some group of members that can all talk to each other is large enough for a quorum. */
function quorumStands(cluster: Cluster): boolean {
  const { etcd } = cluster
  for (const hub of etcd.members) {
    if (!hub.alive) continue
    let together = 1
    for (const member of etcd.members) if (member !== hub && etcd.connected(hub, member)) together++
    if (together >= etcd.quorum) return true
  }
  return false
}
