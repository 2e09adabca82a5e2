import type { ClusterConfig } from '../cluster/config.ts'
import type { ProcessKind } from '../cluster/control.ts'
import { machinesOf } from './operation.ts'
import type { ClusterFacts } from './ports.ts'
import { readFaultTarget } from './target.ts'

/** A target at the moment of the action: roles have become somebody. */
export type Resolved =
  | { readonly kind: 'machines'; readonly machines: readonly number[] }
  | { readonly kind: 'process'; readonly process: ProcessKind; readonly machine: number }
  | { readonly kind: 'link'; readonly from: number; readonly to: number }

/**
 * Who is meant by the targets of an action, as the cluster is at this moment. A role that is named twice is two machines,
 * while there are as many; a role that nobody has is left out.
 * @param pick one of so many, from 0, where a role fits several
 */
export function resolveAll(
  texts: readonly string[],
  config: ClusterConfig,
  facts: ClusterFacts,
  pick: (count: number) => number,
): Resolved[] {
  const found: Resolved[] = []
  for (const text of texts) {
    const one = resolve(text, config, facts, pick, machinesOf(found))
    if (one !== undefined) found.push(one)
  }
  return found
}

function resolve(
  text: string,
  { nodes }: ClusterConfig,
  facts: ClusterFacts,
  pick: (count: number) => number,
  taken: readonly number[],
): Resolved | undefined {
  const target = readFaultTarget(text)
  if (target === null) return undefined
  const machine = (name: string) => nodes.findIndex((node) => node.name === name)
  switch (target.kind) {
    case 'name':
      return { kind: 'machines', machines: [machine(target.name)] }
    case 'zone':
      return { kind: 'machines', machines: [...nodes.keys()].filter((index) => nodes[index]!.zone === target.zone) }
    case 'process':
      return { kind: 'process', process: target.process, machine: machine(target.node) }
    case 'link':
      return { kind: 'link', from: machine(target.from), to: machine(target.to) }
    case 'role':
      return resolveRole(target.role, facts, pick, taken)
  }
}

function resolveRole(
  role: string,
  { etcd, preferredApiServer, addressHolder }: ClusterFacts,
  pick: (count: number) => number,
  taken: readonly number[],
): Resolved | undefined {
  const process = (kind: ProcessKind, machine: number | null): Resolved | undefined =>
    machine === null ? undefined : { kind: 'process', process: kind, machine }
  switch (role) {
    case 'etcd-leader':
      return process('etcd', etcd.leader)
    case 'an etcd-follower': {
      const followers = etcd.alive.filter((machine) => machine !== etcd.leader && !taken.includes(machine))
      return followers.length === 0 ? undefined : process('etcd', followers[pick(followers.length)]!)
    }
    case 'the preferred api-server':
      return process('api-server', preferredApiServer)
    case 'address-holder':
      return addressHolder === null ? undefined : { kind: 'machines', machines: [addressHolder] }
    default:
      return undefined
  }
}
