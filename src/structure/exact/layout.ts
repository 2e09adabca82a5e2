import { meanOf } from '../../engine/distribution.ts'
import type { CompiledModel } from '../compile.ts'
import type { Crew } from '../model.ts'
import { type ModuleParts, needOf } from './coupling.ts'
import { type Entity, eventEntity, type PhasesOf, partEntity, type Unfit } from './entity.ts'
import { onePhase, type Phases } from './phases.ts'

/** A role as a chain sees it. */
export interface ChainRole {
  /** Index in the model. */
  readonly index: number
  /** Phases of a hand-over; null: it has any law (`general`) or no length (`instant`). */
  readonly phases: Phases | null
  readonly instant: boolean
  /** Candidates, as entities of the layout. */
  readonly among: readonly number[]
  readonly whileNode: number
  readonly fails: number
  readonly leaf: number
}

/** A common cause that fails members of a group. */
export interface ChainShock {
  readonly rate: number
  /** Entities that it fails. */
  readonly members: readonly number[]
}

/**
 * How the state of a module is written as bytes: per entity its own byte, then its rank at a crew (0: none), then a
 * bit for each role it holds; after the entities one byte for each role.
 */
export interface Layout {
  readonly compiled: CompiledModel
  readonly entities: readonly Entity[]
  readonly roles: readonly ChainRole[]
  readonly shocks: readonly ChainShock[]
  /** Per entity: probabilities that its failure takes all its mates along, and the mates. */
  readonly propagations: readonly (readonly number[])[]
  readonly mates: readonly (readonly number[])[]
  /** Crews by index in the model; entities that each serves, in order. */
  readonly crews: readonly { readonly crew: Crew; readonly index: number; readonly serves: readonly number[] }[]
  readonly stride: number
  /** Offset of the rank within an entity's bytes, or 0: nobody has one. */
  readonly rankAt: number
  /** Offset of the bits of held roles, or 0. */
  readonly holdsAt: number
  /** Bytes of a state. */
  readonly width: number
  /** Whether what is up decides more than services: needs that crash or stop clocks, roles. */
  readonly reacts: boolean
  /** Per entity: the node of what it needs when the loss makes it crash or stand still, else −1. */
  readonly needNodes: readonly number[]
}

/** States of a role's byte. */
export const HELD = 0
export const LOST = 1
export const WAITING = 2
/** The first phase of a hand-over. */
export const HANDING = 3

/** Lays a module out. Laws without phases are added to `unfit` and replaced by exponentials. */
export function layoutOf(compiled: CompiledModel, module: ModuleParts, phasesOf: PhasesOf, unfit: Unfit[]): Layout {
  const { model } = compiled
  const entities = [
    ...module.parts.map((part) => partEntity(compiled, part, phasesOf, unfit)),
    ...module.events.map((cause) => eventEntity(compiled, cause, phasesOf, unfit)),
  ]
  const placeOf = new Map(entities.flatMap((entity, e) => (entity.kind === 'part' ? [[entity.index, e] as const] : [])))
  const crews = [...new Set(entities.flatMap(({ crew }) => (crew < 0 ? [] : [crew])))].map((index) => ({
    index,
    crew: model.crews[index]!,
    serves: entities.flatMap((entity, e) => (entity.crew === index ? [e] : [])),
  }))
  const roles = module.roles.map((index) => chainRole(compiled, index, placeOf, phasesOf))
  const membersOf = (group: number) =>
    entities.flatMap((entity, e) => (entity.kind === 'part' && entity.group === group ? [e] : []))
  const shocks = model.commonCauses.flatMap(({ kind, group, beta }) => {
    const { every } = model.groups[group]!
    const members = membersOf(group)
    const strikes = kind === 'shock' && beta > 0 && every !== null && members.length > 0
    return strikes ? [{ rate: beta / meanOf(every), members }] : []
  })
  const hasRanks = crews.some(({ crew }) => crew.order !== 'random' && crew.order !== 'processor-sharing')
  const stride = 1 + (hasRanks ? 1 : 0) + (roles.length > 0 ? 1 : 0)
  const needNodes = entities.map(({ kind, index, group }) => {
    const { ages, onLoss } = model.groups[group]!
    const matters = kind === 'part' && needOf(compiled, index) !== null && (ages === 'while-up' || onLoss === 'crash')
    return matters ? compiled.needNodes[index]! : -1
  })
  return {
    compiled,
    entities,
    roles,
    shocks,
    propagations: entities.map(({ kind, group }) =>
      kind === 'part' ? compiled.groups[group]!.propagations.map(({ beta }) => beta).filter((beta) => beta > 0) : [],
    ),
    mates: entities.map(({ group }) => membersOf(group)),
    crews,
    stride,
    rankAt: hasRanks ? 1 : 0,
    holdsAt: roles.length > 0 ? (hasRanks ? 2 : 1) : 0,
    width: entities.length * stride + roles.length,
    reacts: roles.length > 0 || needNodes.some((node) => node >= 0),
    needNodes,
  }
}

function chainRole(
  compiled: CompiledModel,
  index: number,
  placeOf: ReadonlyMap<number, number>,
  phasesOf: PhasesOf,
): ChainRole {
  const { among, handOver, fails } = compiled.model.roles[index]!
  const mean = meanOf(handOver)
  return {
    index,
    instant: mean === 0,
    phases: mean === 0 ? null : handOver.kind === 'exponential' ? onePhase(1 / mean) : phasesOf(handOver),
    among: among.map((part) => placeOf.get(part)!),
    whileNode: compiled.roles[index]!.whileNode,
    fails,
    leaf: compiled.roles[index]!.leaf,
  }
}
