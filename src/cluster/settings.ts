import { present } from '../base/assert.ts'
import { oncePer } from '../base/once-per.ts'
import { ms } from '../base/units.ts'
import type { ApiServerSettings } from '../components/apiserver/api-server.ts'
import type { EndpointTimers } from '../components/apiserver/etcd-endpoints.ts'
import type { EtcdGroupConfig } from '../components/etcd/group-config.ts'
import type { BalancerSettings } from '../components/load-balancer/balancer.ts'
import type { KeepalivedSettings } from '../components/load-balancer/keepalived.ts'
import { type Distribution, fixed, type Sampler, samplerOf } from '../engine/distribution.ts'
import type { NetworkLayout } from '../infra/network.ts'
import type { ClusterConfig } from './config.ts'

// What each component is told, cut once from the cluster's configuration. Endpoint i of the network is machine i; the last
// endpoint is the world outside, where the clients are.

/** Loopback: a request to the same machine takes no measurable time. */
const SAME_MACHINE = fixed(0)

export const networkLayout = oncePer((config: ClusterConfig): NetworkLayout => {
  const { nodes, network } = config
  return {
    size: nodes.length + 1,
    latency: (from, to): Distribution => {
      const a = nodes[from]
      const b = nodes[to]
      if (from === to) return SAME_MACHINE
      if (a === undefined || b === undefined) return network.betweenZones
      if (a.zone === b.zone) return network.withinZone
      const pair = network.pairs.find(
        (each) => (each.a === a.zone && each.b === b.zone) || (each.a === b.zone && each.b === a.zone),
      )
      return pair?.latency ?? network.betweenZones
    },
  }
})

export function etcdSettings(config: ClusterConfig, skip: boolean): EtcdGroupConfig {
  return skip ? skippingEtcd(config) : steppingEtcd(config)
}

const skippingEtcd = oncePer((config: ClusterConfig) => deriveEtcdSettings(config, true))
const steppingEtcd = oncePer((config: ClusterConfig) => deriveEtcdSettings(config, false))

function deriveEtcdSettings(config: ClusterConfig, skip: boolean): EtcdGroupConfig {
  const { nodes, fsync, processStart, processStop, ...etcd } = config.etcd
  return {
    ...etcd,
    fsync: samplerFor(fsync),
    processStart: samplerFor(processStart),
    processStop: samplerFor(processStop),
    members: nodes.map((node) => ({ endpoint: node, name: config.nodes[node]!.name })),
    skip,
  }
}

/** In the order of the API servers. */
export const apiServerSettings = oncePer((config: ClusterConfig): readonly ApiServerSettings[] =>
  (config.apiServer?.nodes ?? []).map((_, index) => deriveApiServerSettings(config, index)),
)

function deriveApiServerSettings(config: ClusterConfig, index: number): ApiServerSettings {
  const api = present(config.apiServer, 'an API server')
  const { kubelet } = api
  return {
    name: config.nodes[api.nodes[index]!]!.name,
    processStart: samplerFor(api.processStart),
    startTimeout: ms(api.startTimeout),
    etcdHealthcheckTimeout: ms(api.etcdHealthcheckTimeout),
    kubelet: {
      livenessPeriod: ms(kubelet.livenessPeriod),
      livenessFailureThreshold: kubelet.livenessFailureThreshold,
      readinessPeriod: ms(kubelet.readinessPeriod),
      terminationGracePeriod: ms(kubelet.terminationGracePeriod),
      backOffInitial: ms(kubelet.backOffInitial),
      backOffMax: ms(kubelet.backOffMax),
    },
  }
}

/** Which etcd members each API server connects to, and when it gives such a connection up. In the order of the API servers. */
export const endpointSettings = oncePer(({ apiServer, etcd }: ClusterConfig) => {
  if (apiServer === null) return []
  const timers: EndpointTimers = {
    keepaliveTime: ms(apiServer.etcdKeepaliveTime),
    keepaliveTimeout: ms(apiServer.etcdKeepaliveTimeout),
  }
  const all = etcd.nodes.map((_, member) => member)
  return apiServer.nodes.map((machine) => ({
    members: apiServer.etcd === 'all' ? all : all.filter((member) => etcd.nodes[member] === machine),
    timers,
  }))
})

export function balancerSettings(config: ClusterConfig, skip: boolean): readonly BalancerSettings[] {
  return skip ? skippingBalancers(config) : steppingBalancers(config)
}

const skippingBalancers = oncePer((config: ClusterConfig) => deriveBalancerSettings(config, true))
const steppingBalancers = oncePer((config: ClusterConfig) => deriveBalancerSettings(config, false))

function deriveBalancerSettings(config: ClusterConfig, skip: boolean): readonly BalancerSettings[] {
  const balancer = config.loadBalancer
  if (balancer === null) return []
  const { check } = balancer
  const checkSettings =
    check === null
      ? null
      : {
          kind: check.kind,
          inter: ms(check.inter),
          fastinter: ms(check.fastinter),
          downinter: ms(check.downinter),
          fall: check.fall,
          rise: check.rise,
          timeoutCheck: check.timeoutCheck === null ? null : ms(check.timeoutCheck),
          timeoutConnect: balancer.timeoutConnect === null ? null : ms(balancer.timeoutConnect),
        }
  return balancer.nodes.map((node) => ({
    name: config.nodes[node]!.name,
    endpoint: node,
    servers: config.apiServer?.nodes.length ?? 0,
    check: checkSettings,
    skip,
  }))
}

export const keepalivedSettings = oncePer((config: ClusterConfig): KeepalivedSettings | undefined => {
  const address = config.loadBalancer?.address ?? null
  if (address === null) return undefined
  const { script } = address
  return {
    ...address,
    advertInt: ms(address.advertInt),
    preemptDelay: ms(address.preemptDelay),
    script: script === null ? null : { ...script, interval: ms(script.interval), timeout: ms(script.timeout) },
  }
})

/** One sampler for each distribution of a configuration: replications share them. */
export const samplerFor: (of: Distribution) => Sampler = oncePer(samplerOf)
