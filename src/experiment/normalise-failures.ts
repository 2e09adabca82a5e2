import type { FailureProcess, FailureProfile } from '../cluster/config.ts'
import type { Path } from '../document/located.ts'
import type { Context } from './context.ts'
import { toProcess } from './failure-modes.ts'
import * as say from './messages.ts'
import type { ClusterSpec } from './spec-cluster.ts'
import { type ProfileSpec, profileSpec } from './spec-failures.ts'

const AT: Path = ['failures']

/** The failure profile, total: what is not told does not fail. */
export function toProfile(cluster: ClusterSpec, context: Context): FailureProfile {
  const { failures } = cluster
  const spec = failures === undefined || typeof failures === 'string' ? profileSpec.parse({ name: 'none' }) : failures
  const process = (key: 'link' | 'etcd' | 'api-server' | 'balancer' | 'disk-stall' | 'disk-loss') =>
    toProcess(spec[key], [...AT, key], context)
  const zone = toProcess(spec.zone, [...AT, 'zone'], context)
  const change = toProcess(spec.change, [...AT, 'change'], context)
  return {
    name: spec.name ?? 'failures',
    node: nodeProcesses(spec, Object.keys(cluster.nodes), context),
    zone: zone === null ? null : { ...zone, onLoss: spec.zone!['on-loss'] },
    link: process('link'),
    etcdProcess: process('etcd'),
    apiServerProcess: process('api-server'),
    balancerProcess: process('balancer'),
    diskStall: process('disk-stall'),
    diskLoss: process('disk-loss'),
    change: change === null ? null : { ...change, hits: spec.change!.hits },
    commonCause: spec['common-cause'] ?? null,
    maintenance: maintenanceOf(spec, context),
  }
}

/** `node` is for every group; an entry under `nodes` stands in its stead, `none` included. */
function nodeProcesses(
  spec: ProfileSpec,
  groups: readonly string[],
  context: Context,
): { [group: string]: FailureProcess | null } {
  const processes: { [group: string]: FailureProcess | null } = {}
  const common = toProcess(spec.node, [...AT, 'node'], context)
  for (const group of groups) processes[group] = common
  for (const [group, own] of Object.entries(spec.nodes ?? {})) {
    if (context.indexOf('node group', group, groups, [...AT, 'nodes', group]) < 0) continue
    processes[group] = toProcess(own, [...AT, 'nodes', group], context)
  }
  return processes
}

function maintenanceOf(spec: ProfileSpec, context: Context): FailureProfile['maintenance'] {
  const { maintenance } = spec
  if (maintenance === null || maintenance === undefined) return null
  const path: Path = [...AT, 'maintenance', 'lasts']
  const sound = context.isSound(path) && context.isSound([...AT, 'maintenance', 'every'])
  if (sound && maintenance.lasts >= maintenance.every) context.problem(path, say.windowsOverlap())
  return maintenance
}
