import { oncePer } from '../base/once-per.ts'
import { type Distribution, meanOf, residualSamplerOf, type Sampler, samplerOf } from '../engine/distribution.ts'
import type { CommonCause, PartGroup, PartModel } from './model.ts'
import { scaled } from './moments.ts'
import { firstMembers, memberNames } from './names.ts'
import type { NetworkPlan } from './network.ts'
import { NodeCompiler } from './node-compiler.ts'
import { type Watchers, watchersOf } from './watchers.ts'

/** A part model made ready to run; shared by all replications, so it holds nothing that changes. */
export interface CompiledModel {
  readonly model: PartModel
  readonly names: readonly string[]
  /** By part. */
  readonly streams: readonly StreamNames[]
  readonly groups: readonly CompiledGroup[]
  /** Index of each group's first member, and the number of members at the end. */
  readonly firsts: readonly number[]
  readonly groupOf: Int32Array
  readonly plan: NetworkPlan
  /** Per part: the leaf that is lowered while it is down. Its usable node is its own index. */
  readonly upNodes: Int32Array
  /** Per part: the condition it needs, or −1. */
  readonly needNodes: Int32Array
  readonly services: readonly CompiledService[]
  readonly roles: readonly CompiledRole[]
  readonly watchers: Watchers
}

/** Names of a part's streams of chance. */
export interface StreamNames {
  readonly failure: string
  readonly repair: string
  readonly propagation: string
}

export interface CompiledGroup {
  readonly group: PartGroup
  readonly failure: Clock | null
  readonly repair: Clock | null
  /** Long-run probability of being up of an undisturbed part. */
  readonly upShare: number
  /** Of common causes that propagate: probability that a failure takes all. */
  readonly propagations: readonly { readonly name: string; readonly beta: number }[]
}

/** A duration with what is left of it when a long-run process is looked at. */
export interface Clock {
  readonly of: Distribution
  readonly draw: Sampler
  readonly drawResidual: Sampler
}

export interface CompiledService {
  readonly node: number
  /** The same service with every role taken for held: false when parts alone bring it down. */
  readonly partsNode: number
  /** Roles it depends on. */
  readonly roles: readonly number[]
  /** Parts it depends on, needs of needs included. */
  readonly parts: readonly number[]
}

export interface CompiledRole {
  /** Leaf that is lowered while nobody holds the role. */
  readonly leaf: number
  /** −1: no condition. */
  readonly whileNode: number
  readonly handOver: Sampler
}

/** Compiles once per model object: a model is frozen, so what was compiled stays true. */
export const compileModel: (model: PartModel) => CompiledModel = oncePer(compile)

function compile(model: PartModel): CompiledModel {
  const firsts = firstMembers(model)
  const count = firsts.at(-1)!
  const groupOf = new Int32Array(count)
  model.groups.forEach((_, g) => {
    groupOf.fill(g, firsts[g]!, firsts[g + 1]!)
  })
  const nodes = new NodeCompiler(model, groupOf, firsts)
  const services = model.services.map((_, s) => nodes.service(s))
  const roles = model.roles.map((role, r) => ({
    leaf: nodes.roleLeaves[r]!,
    whileNode: role.while === null ? -1 : nodes.condition(role.while, false),
    handOver: samplerOf(role.handOver),
  }))
  const plan = nodes.gates.plan()
  return {
    model,
    names: memberNames(model),
    streams: model.groups.flatMap(({ name, count }) =>
      Array.from({ length: count }, (_, k) => streamNames(name, k + 1)),
    ),
    groups: model.groups.map((group, g) => compileGroup(group, g, model.commonCauses)),
    firsts,
    groupOf,
    plan,
    upNodes: nodes.upNodes,
    needNodes: nodes.needNodes,
    services,
    roles,
    watchers: watchersOf({ model, groupOf, plan, upNodes: nodes.upNodes, needNodes: nodes.needNodes, services, roles }),
  }
}

function streamNames(group: string, member: number): StreamNames {
  const part = `part/${group}-${member}`
  return { failure: `${part}/failure`, repair: `${part}/repair`, propagation: `${part}/propagation` }
}

function compileGroup(group: PartGroup, index: number, causes: readonly CommonCause[]): CompiledGroup {
  const mine = causes.filter((cause) => cause.group === index)
  const shared = mine.filter((cause) => cause.kind !== 'propagation').reduce((sum, cause) => sum + cause.beta, 0)
  const own = group.every === null || shared >= 1 ? null : scaled(group.every, 1 / (1 - shared))
  const lasts = repairOf(group)
  return {
    group,
    failure: own === null ? null : clockOf(own),
    repair: lasts === null ? null : clockOf(lasts),
    upShare: own === null ? 1 : lasts === null ? 0 : meanOf(own) / (meanOf(own) + meanOf(lasts)),
    propagations: mine.filter((cause) => cause.kind === 'propagation').map(({ name, beta }) => ({ name, beta })),
  }
}

/** The repair work of a group as one distribution; null: it is never repaired. */
export function repairOf(group: PartGroup): Distribution | null {
  if (group.modes.length === 0) return null
  if (group.modes.length === 1) return group.modes[0]!.lasts
  return { kind: 'mixture', parts: group.modes.map((mode) => ({ weight: mode.share, of: mode.lasts })) }
}

/** Samplers of a duration. */
function clockOf(of: Distribution): Clock {
  return { of, draw: samplerOf(of), drawResidual: residualSamplerOf(of) }
}
