import { closest } from '../document/suggest.ts'
import type { ModelConfig } from './config.ts'
import * as say from './messages.ts'

/** Roles a fault plan may name: whoever has them at that moment. */
export const ROLE_TARGETS = ['etcd-leader', 'an etcd-follower', 'the preferred api-server', 'address-holder'] as const

/** Processes a fault plan may name, before the machine they run on. */
export const PROCESS_TARGETS = ['etcd', 'api-server', 'balancer'] as const

/** A target of a fault plan, taken apart. */
export type Target =
  | { readonly kind: 'role'; readonly role: (typeof ROLE_TARGETS)[number] }
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'link'; readonly from: string; readonly to: string }
  | { readonly kind: 'process'; readonly process: (typeof PROCESS_TARGETS)[number]; readonly node: string }
  | { readonly kind: 'name'; readonly name: string }

/** Reads `control-plane-2`, `zone a`, `link x -> y`, `etcd x` or a role; null when it is none of them. */
export function readTarget(text: string): Target | null {
  const words = text.trim().replace(/\s+/g, ' ')
  const role = ROLE_TARGETS.find((known) => known === words)
  if (role !== undefined) return { kind: 'role', role }
  const link = /^link (\S+) ?(?:->|→) ?(\S+)$/.exec(words)
  if (link !== null) return { kind: 'link', from: link[1]!, to: link[2]! }
  const zone = /^zone ([\w-]+)$/.exec(words)
  if (zone !== null) return { kind: 'zone', zone: zone[1]! }
  const process = /^(etcd|api-server|balancer) ([\w-]+)$/.exec(words)
  if (process !== null) return { kind: 'process', process: process[1] as 'etcd', node: process[2]! }
  return /^[a-zA-Z][\w-]*$/.test(words) ? { kind: 'name', name: words } : null
}

/** What a target names that the model does not have, as a message; null when all is there. */
export function missingFrom(target: Target, model: ModelConfig): string | null {
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
