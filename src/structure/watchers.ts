import type { CompiledRole, CompiledService } from './compile.ts'
import type { PartModel } from './model.ts'
import type { NetworkPlan } from './network.ts'

/** Who must hear of a node's flip. */
export interface Watchers {
  /** Per node: bits {@link NEEDED}, {@link ROLE}, {@link SERVICE}, {@link PART}. */
  readonly flags: Uint8Array
  /** Per node: parts that crash or stand still when it stops holding. */
  readonly needers: readonly (readonly number[])[]
  /** Per node: roles that it is a candidate for, or a condition of. */
  readonly roles: readonly (readonly number[])[]
  /** Per node: services that it decides. */
  readonly services: readonly (readonly number[])[]
  /** Per node: the part whose state it tells, or −1. */
  readonly parts: Int32Array
}

export const NEEDED = 1
export const ROLE = 2
export const SERVICE = 4
/** Only of interest when somebody listens to parts. */
export const PART = 8

/** Finds who watches what in a compiled model. */
export function watchersOf(of: {
  readonly model: PartModel
  readonly groupOf: Int32Array
  readonly plan: NetworkPlan
  readonly upNodes: Int32Array
  readonly needNodes: Int32Array
  readonly services: readonly CompiledService[]
  readonly roles: readonly CompiledRole[]
}): Watchers {
  const size = of.plan.thresholds.length
  const needers = lists(size)
  const roles = lists(size)
  const services = lists(size)
  const parts = new Int32Array(size).fill(-1)
  of.groupOf.forEach((g, part) => {
    const { ages, onLoss } = of.model.groups[g]!
    const need = of.needNodes[part]!
    if (need >= 0 && (ages === 'while-up' || onLoss === 'crash')) needers[need]!.push(part)
    parts[part] = part
    parts[of.upNodes[part]!] = part
  })
  of.roles.forEach((role, r) => {
    for (const part of of.model.roles[r]!.among) roles[part]!.push(r)
    if (role.whileNode >= 0) roles[role.whileNode]!.push(r)
    // Its own leaf too, so that whoever asks hears of a new holder.
    roles[role.leaf]!.push(r)
  })
  of.services.forEach((service, s) => {
    services[service.node]!.push(s)
    if (service.partsNode !== service.node) services[service.partsNode]!.push(s)
  })
  const flags = Uint8Array.from({ length: size }, (_, node) => {
    const needed = needers[node]!.length > 0 ? NEEDED : 0
    const role = roles[node]!.length > 0 ? ROLE : 0
    const service = services[node]!.length > 0 ? SERVICE : 0
    return needed | role | service | (parts[node]! >= 0 ? PART : 0)
  })
  return { flags, needers, roles, services, parts }
}

function lists(size: number): number[][] {
  return Array.from({ length: size }, () => [])
}
