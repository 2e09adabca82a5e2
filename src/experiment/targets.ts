import { closest } from '../document/suggest.ts'
import type { FaultTarget } from '../faults/target.ts'
import type { ModelConfig } from './config.ts'
import * as say from './messages.ts'

/** What a target names that the model does not have, as a message; null when all is there. */
export function missingFrom(target: FaultTarget, model: ModelConfig): string | null {
  const parts = model.kind === 'parts'
  const names = parts ? partNames(model) : model.cluster.nodes.map((node) => node.name)
  const need = (what: string, name: string, known: readonly string[]) =>
    known.includes(name) ? null : say.notNamed(what, name, closest(name, known), known)
  switch (target.kind) {
    case 'name':
      return need(parts ? 'part' : 'machine', target.name, names)
    case 'zone':
      return parts ? say.onlyInClusters('zone') : need('zone', target.zone, model.cluster.zones)
    case 'link':
      return parts
        ? say.onlyInClusters('link')
        : (need('machine', target.from, names) ?? need('machine', target.to, names))
    case 'process':
      return parts
        ? say.onlyInClusters(target.process)
        : need(`machine with ${target.process}`, target.node, runs(target.process, model))
    default:
      return parts ? say.onlyInClusters(target.role) : null
  }
}

function runs(process: 'etcd' | 'api-server' | 'balancer', model: ModelConfig & { kind: 'cluster' }): string[] {
  const { etcd, apiServer, loadBalancer, nodes } = model.cluster
  const own = process === 'etcd' ? etcd.nodes : process === 'api-server' ? apiServer?.nodes : loadBalancer?.nodes
  return (own ?? []).map((node) => nodes[node]!.name)
}

function partNames(model: ModelConfig & { kind: 'parts' }): string[] {
  return model.parts.groups.flatMap(({ name, count }) => {
    const members = Array.from({ length: count }, (_, k) => `${name}-${k + 1}`)
    return count === 1 ? [name, ...members] : members
  })
}
