import type { NodeConfig } from '../cluster/config.ts'
import type { Path } from '../document/located.ts'
import type { Context } from './context.ts'
import * as say from './messages.ts'
import type { ClusterSpec } from './spec-cluster.ts'

/** Machines by group, and what they cost. */
export interface Machines {
  readonly nodes: readonly NodeConfig[]
  readonly costPerMonth: number | null
}

/** Members are laid over the zones of their group in turn. */
export function layMachines(spec: ClusterSpec, context: Context): Machines {
  const nodes: NodeConfig[] = []
  let cost: number | null = null
  for (const [i, zone] of spec.zones.entries()) {
    if (spec.zones.indexOf(zone) !== i) context.problem(['zones', i], say.twice(zone))
  }
  for (const [group, { count, zones, cost: each }] of Object.entries(spec.nodes)) {
    const over = zones ?? spec.zones
    for (const [i, zone] of (zones ?? []).entries()) {
      context.indexOf('zone', zone, spec.zones, ['nodes', group, 'zones', i])
    }
    for (let k = 1; k <= count; k++) nodes.push({ name: `${group}-${k}`, group, zone: over[(k - 1) % over.length]! })
    if (each !== undefined) cost = (cost ?? 0) + count * each
  }
  const seen = new Set<string>()
  for (const node of nodes) {
    if (seen.has(node.name)) context.problem(['nodes', node.group], say.nameTaken(node.name, 'another machine'))
    seen.add(node.name)
  }
  return { nodes, costPerMonth: cost }
}

/** Indices of the machines of these groups, in order. */
export function nodesOf(
  groups: readonly string[],
  nodes: readonly NodeConfig[],
  path: Path,
  context: Context,
): number[] {
  const known = [...new Set(nodes.map((node) => node.group))]
  for (const [i, group] of groups.entries()) {
    context.indexOf('node group', group, known, groups.length === 1 ? path : [...path, i])
    if (groups.indexOf(group) !== i) context.problem([...path, i], say.twice(group))
  }
  return nodes.flatMap((node, index) => (groups.includes(node.group) ? [index] : []))
}
