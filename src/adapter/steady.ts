import type { ClusterConfig } from '../cluster/config.ts'
import { monotonicMs, sleep } from './clock.ts'
import type { RealCluster } from './cluster.ts'

/** All must have been well for so long (ms). */
const FOR = 1_000
const LOOK_EVERY = 100

/** What is wrong with a cluster that should be in its steady state; empty: nothing. */
async function notSteady(cluster: RealCluster, config: ClusterConfig): Promise<string[]> {
  const { etcd, serversUp } = await cluster.facts.look()
  const name = (machine: number): string => config.nodes[machine]!.name
  const silent = config.etcd.nodes.filter((machine) => !etcd.alive.includes(machine)).map(name)
  const servers = config.apiServer?.nodes ?? []
  const down = servers.filter((_, server) => serversUp?.[server] === false).map(name)
  const wrong = [
    ...(silent.length > 0 ? [`etcd on ${silent.join(', ')} does not answer`] : []),
    ...(etcd.leader === null ? ['etcd has no leader that its members agree on'] : []),
    ...(down.length > 0 ? [`the balancer has marked down ${down.join(', ')}`] : []),
  ]
  const recent = cluster.probesSince(monotonicMs() - FOR)
  for (const series of new Set(recent.map((probe) => probe.series))) {
    const own = recent.filter((probe) => probe.series === series)
    const failed = own.filter(({ outcome }) => outcome !== 'ok').length
    if (failed > 0) wrong.push(`${failed} of ${own.length} requests of ${series} failed in the last second`)
  }
  if (recent.length === 0) wrong.push('no request was answered in the last second')
  return wrong
}

/** Waits for the steady state; what is still wrong after `limit` ms, or when `stops` says so. */
export async function awaitSteady(
  cluster: RealCluster,
  config: ClusterConfig,
  limit: number,
  stops: () => boolean,
): Promise<string[]> {
  const end = monotonicMs() + limit
  let well = monotonicMs()
  for (;;) {
    const wrong = await notSteady(cluster, config)
    const now = monotonicMs()
    if (wrong.length > 0) well = now
    if (now - well >= FOR) return []
    if (now > end || stops()) return wrong.length > 0 ? wrong : ['it was well only for a moment']
    await sleep(LOOK_EVERY)
  }
}
