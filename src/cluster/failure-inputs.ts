import { meanOf } from '../engine/distribution.ts'
import { scaled } from '../structure/moments.ts'
import type { ClusterConfig, FailureProcess, FailureProfile } from './config.ts'

/** A mean of a cluster's failures that may be a guess, as its structure and the elasticities of its services call it. */
export interface FailureInput {
  /** `control-plane.every`, `disk stall.lasts`. */
  readonly input: string
  /** Milliseconds. */
  readonly mean: number
  /** The cluster with that mean in its place, shapes kept. */
  readonly at: (mean: number) => ClusterConfig
}

/** Failure processes that are not machines', by the name of their parts (`parts.ts`). */
const PROCESSES = {
  zone: 'zone',
  link: 'link',
  'disk stall': 'diskStall',
  etcd: 'etcdProcess',
  'api-server': 'apiServerProcess',
  'balancer process': 'balancerProcess',
  'disk loss': 'diskLoss',
  'human change': 'change',
} as const satisfies { readonly [name: string]: keyof FailureProfile }

/** All means of a cluster's failures: of machines by their groups, then of everything else. */
export function failureInputsOf(config: ClusterConfig): FailureInput[] {
  const { failures } = config
  const withFailures = (changed: Partial<FailureProfile>): ClusterConfig => ({
    ...config,
    failures: { ...failures, ...changed },
  })
  const machines = Object.entries(failures.node).flatMap(([group, process]) =>
    meansOf(group, process, (changed) => withFailures({ node: { ...failures.node, [group]: changed } })),
  )
  const others = Object.entries(PROCESSES).flatMap(([name, field]) =>
    meansOf(name, failures[field], (changed) => withFailures({ [field]: { ...failures[field], ...changed } })),
  )
  return [...machines, ...others]
}

function meansOf(
  name: string,
  process: FailureProcess | null,
  changed: (process: FailureProcess) => ClusterConfig,
): FailureInput[] {
  if (process === null) return []
  const { every, modes } = process
  const repair = modes.reduce((sum, { share, lasts }) => sum + share * meanOf(lasts), 0)
  const life = meanOf(every)
  return [
    { input: `${name}.every`, mean: life, at: (mean) => changed({ ...process, every: scaled(every, mean / life) }) },
    {
      input: `${name}.lasts`,
      mean: repair,
      at: (mean) =>
        changed({ ...process, modes: modes.map((mode) => ({ ...mode, lasts: scaled(mode.lasts, mean / repair) })) }),
    },
  ]
}
