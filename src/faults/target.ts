/** Roles a fault plan may name: whoever has them at that moment. */
const ROLE_TARGETS = ['etcd-leader', 'an etcd-follower', 'the preferred api-server', 'address-holder'] as const

/** Processes a fault plan may name, before the machine they run on. */
const PROCESS_TARGETS = ['etcd', 'api-server', 'balancer'] as const

/** A target of a fault plan, taken apart. */
export type FaultTarget =
  | { readonly kind: 'role'; readonly role: (typeof ROLE_TARGETS)[number] }
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'link'; readonly from: string; readonly to: string }
  | { readonly kind: 'process'; readonly process: (typeof PROCESS_TARGETS)[number]; readonly node: string }
  | { readonly kind: 'name'; readonly name: string }

/** Reads `control-plane-2`, `zone a`, `link x -> y`, `etcd x` or a role; null when it is none of them. */
export function readFaultTarget(text: string): FaultTarget | null {
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
