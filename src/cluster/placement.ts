import { oncePer } from '../base/once-per.ts'
import type { ClusterConfig } from './config.ts'

/** What runs on a machine, by index among its kind; −1: none. */
export interface Placement {
  readonly member: number
  readonly server: number
  readonly balancer: number
}

/** By machine. Asked at every fault, so looked up once for each configuration. */
export const placementsOf = oncePer((config: ClusterConfig): readonly Placement[] =>
  config.nodes.map((_, machine) => ({
    member: config.etcd.nodes.indexOf(machine),
    server: config.apiServer?.nodes.indexOf(machine) ?? -1,
    balancer: config.loadBalancer?.nodes.indexOf(machine) ?? -1,
  })),
)
