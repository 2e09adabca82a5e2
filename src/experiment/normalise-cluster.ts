import type { ClusterConfig, EtcdConfig, KubeletConfig, NetworkConfig, NodeConfig } from '../cluster/config.ts'
import type { Path } from '../document/located.ts'
import type { Context } from './context.ts'
import { toDistribution } from './distribution.ts'
import { layMachines, nodesOf } from './machines.ts'
import * as say from './messages.ts'
import { toBalancer } from './normalise-balancer.ts'
import { toProfile } from './normalise-failures.ts'
import type { ApiServerSpec, ClusterSpec } from './spec-cluster.ts'

/** The total configuration of a cluster; what does not fit together is added to the context's problems. */
export function toCluster(
  spec: ClusterSpec,
  name: string,
  context: Context,
): ClusterConfig & { costPerMonth: number | null } {
  const { nodes, costPerMonth } = layMachines(spec, context)
  const etcd = toEtcd(spec, nodes, context)
  const apiServer = spec['api-server'] ?? null
  const loadBalancer = spec['load-balancer'] ?? null
  if (loadBalancer !== null && apiServer === null) context.problem(['load-balancer'], say.balancerWithoutServers())
  return {
    name,
    zones: spec.zones,
    nodes,
    etcd,
    apiServer: apiServer === null ? null : toApiServer(apiServer, etcd, nodes, context),
    loadBalancer: loadBalancer === null ? null : toBalancer(loadBalancer, nodes, context),
    network: toNetwork(spec, context),
    clients: {
      connections: spec.clients.connections,
      http2ReadIdle: spec.clients['http2-read-idle'],
      http2PingTimeout: spec.clients['http2-ping-timeout'],
    },
    failures: toProfile(spec, context),
    costPerMonth,
  }
}

/** etcd refuses to start outside these: embed/config.go, Validate. */
const LEAST_HEARTBEATS_IN_ELECTION = 5
const LONGEST_ELECTION_MS = 50_000

function toEtcd(spec: ClusterSpec, nodes: readonly NodeConfig[], context: Context): EtcdConfig {
  const { etcd } = spec
  const election = etcd['election-timeout']
  const sound = context.isSound(['etcd', 'election-timeout']) && context.isSound(['etcd', 'heartbeat-interval'])
  if (sound && election < LEAST_HEARTBEATS_IN_ELECTION * etcd['heartbeat-interval']) {
    context.problem(['etcd', 'election-timeout'], say.electionTooShort())
  }
  if (sound && election > LONGEST_ELECTION_MS) context.problem(['etcd', 'election-timeout'], say.electionTooLong())
  return {
    nodes: nodesOf(etcd.on, nodes, ['etcd', 'on'], context),
    version: etcd.version,
    heartbeatInterval: etcd['heartbeat-interval'],
    electionTimeout: election,
    preVote: etcd['pre-vote'],
    initialElectionTickAdvance: etcd['initial-election-tick-advance'],
    fsync: toDistribution(etcd.fsync, ['etcd', 'fsync'], context),
    processStart: toDistribution(etcd.start, ['etcd', 'start'], context),
    processStop: toDistribution(etcd.stop, ['etcd', 'stop'], context),
    writesPerSecond: etcd.writes,
  }
}

function toApiServer(
  spec: NonNullable<ApiServerSpec>,
  etcd: EtcdConfig,
  nodes: readonly NodeConfig[],
  context: Context,
): NonNullable<ClusterConfig['apiServer']> {
  const own = nodesOf(spec.on, nodes, ['api-server', 'on'], context)
  const without = own.filter((node) => !etcd.nodes.includes(node))
  if (spec.etcd === 'local' && without.length > 0) {
    context.problem(['api-server', 'etcd'], say.noLocalEtcd([...new Set(without.map((node) => nodes[node]!.group))]))
  }
  return {
    nodes: own,
    etcd: spec.etcd,
    processStart: toDistribution(spec.start, ['api-server', 'start'], context),
    startTimeout: spec['start-timeout'],
    etcdHealthcheckTimeout: spec['etcd-healthcheck-timeout'],
    etcdKeepaliveTime: spec['etcd-keepalive-time'],
    etcdKeepaliveTimeout: spec['etcd-keepalive-timeout'],
    kubelet: toKubelet(spec.kubelet),
  }
}

function toKubelet(spec: NonNullable<ApiServerSpec>['kubelet']): KubeletConfig {
  return {
    livenessPeriod: spec['liveness-period'],
    livenessFailureThreshold: spec['liveness-failure-threshold'],
    readinessPeriod: spec['readiness-period'],
    terminationGracePeriod: spec['termination-grace-period'],
    backOffInitial: spec['back-off-initial'],
    backOffMax: spec['back-off-max'],
  }
}

function toNetwork(spec: ClusterSpec, context: Context): NetworkConfig {
  const { network } = spec
  return {
    withinZone: toDistribution(network['within-zone'], ['network', 'within-zone'], context),
    betweenZones: toDistribution(network['between-zones'], ['network', 'between-zones'], context),
    pairs: (network.pairs ?? []).map(({ between: [a, b], latency }, i) => {
      const path: Path = ['network', 'pairs', i]
      context.indexOf('zone', a, spec.zones, [...path, 'between', 0])
      context.indexOf('zone', b, spec.zones, [...path, 'between', 1])
      if (a === b) context.problem([...path, 'between'], say.sameZone(a))
      return { a, b, latency: toDistribution(latency, [...path, 'latency'], context) }
    }),
  }
}
