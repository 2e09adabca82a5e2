import type { ClusterConfig } from '../cluster/config.ts'
import { type Distribution, meanOf } from '../engine/distribution.ts'
import type { Timer } from './divergence.ts'

/** The timers of a model that detection and failover depend on, as `--set` names them. */
export function timersOf({ etcd, apiServer, loadBalancer, network }: ClusterConfig): Timer[] {
  const plain = (path: string, now: number): Timer => ({
    path,
    now,
    set: (factor) => `${Math.max(1, Math.round(now * factor))}ms`,
  })
  const drawn = (path: string, distribution: Distribution): Timer => ({
    path,
    now: meanOf(distribution),
    set: (factor) => `fixed(${Math.max(0.001, Math.round(meanOf(distribution) * factor * 1000) / 1000)}ms)`,
  })
  const check = loadBalancer?.check ?? null
  return [
    plain('etcd.election-timeout', etcd.electionTimeout),
    plain('etcd.heartbeat-interval', etcd.heartbeatInterval),
    drawn('etcd.start', etcd.processStart),
    drawn('etcd.fsync', etcd.fsync),
    drawn('network.within-zone', network.withinZone),
    ...(apiServer === null ? [] : [drawn('api-server.start', apiServer.processStart)]),
    ...(check === null
      ? []
      : [
          plain('load-balancer.check.inter', check.inter),
          {
            path: 'load-balancer.check.fall',
            now: check.fall,
            set: (factor: number) => String(Math.max(1, Math.round(check.fall * factor))),
          },
          {
            path: 'load-balancer.check.rise',
            now: check.rise,
            set: (factor: number) => String(Math.max(1, Math.round(check.rise * factor))),
          },
        ]),
    ...(loadBalancer?.address == null
      ? []
      : [plain('load-balancer.address.advert-int', loadBalancer.address.advertInt)]),
  ]
}
