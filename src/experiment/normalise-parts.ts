import type { Path } from '../document/located.ts'
import type { CommonCause, Condition, Crew, Maintenance, PartGroup, PartModel, Role } from '../structure/model.ts'
import { toCondition } from './conditions.ts'
import type { Context } from './context.ts'
import { findCycle } from './cycles.ts'
import { toDistribution, toTimeToFailure } from './distribution.ts'
import { toModes } from './failure-modes.ts'
import * as say from './messages.ts'
import { PartNames } from './part-names.ts'
import type { GroupSpec, PartSpec } from './spec-parts.ts'

/** The total part model; what does not fit together is added to the context's problems. */
export function toParts(spec: PartSpec, context: Context): PartModel {
  const names = new PartNames(spec, context)
  const model: PartModel = {
    groups: names.groups.map((name, group) => toGroup(name, group, spec.parts[name]!, names, context)),
    crews: toCrews(spec, names, context),
    commonCauses: toCommonCauses(spec, names, context),
    maintenance: toMaintenance(spec, names, context),
    roles: toRoles(spec, names, context),
    services: Object.entries(spec.services).map(([name, condition]) => ({
      name,
      condition: toCondition(condition, ['services', name], names, context),
    })),
  }
  const cycle = findCycle(model, names)
  if (cycle !== null) context.problem(placeOfCycle(cycle[0]!, spec, names), say.cycle(cycle))
  return model
}

/** A cycle is told at the `needs` or the condition it starts from. */
function placeOfCycle(name: string, spec: PartSpec, names: PartNames): Path {
  if (Object.hasOwn(spec.services, name)) return ['services', name]
  if (Object.hasOwn(spec.roles, name)) return ['roles', name]
  const meaning = names.meaning(name, [])
  const group = meaning?.kind === 'part' ? names.groupOf(meaning.part) : meaning?.kind === 'group' ? meaning.group : 0
  return ['parts', names.groups[group]!, 'needs']
}

function toGroup(name: string, group: number, spec: GroupSpec, names: PartNames, context: Context): PartGroup {
  const path: Path = ['parts', name]
  const repairs = Number(spec.lasts !== undefined) + Number(spec.modes !== undefined)
  if (repairs === 2 || (spec.every !== undefined && repairs === 0)) context.problem(path, say.lastsOrModes())
  const crashes = spec['on-loss'] === 'crash' && spec.needs !== undefined
  if (spec.every === undefined && repairs > 0 && !crashes) context.problem(path, say.neverFails())
  if (crashes && repairs === 0) context.problem(path, say.crashNeedsRepair())
  return {
    name,
    count: spec.count,
    every: spec.every === undefined ? null : toTimeToFailure(spec.every, [...path, 'every'], context),
    modes: toModes(spec, path, context),
    needs: toNeeds(spec, group, [...path, 'needs'], names, context),
    ages: spec.ages,
    onLoss: spec['on-loss'],
  }
}

/** Member k of a group that needs a group needs its member 1 + (k−1) mod count; a condition is the same for all. */
function toNeeds(spec: GroupSpec, group: number, path: Path, names: PartNames, context: Context): (Condition | null)[] {
  const { needs } = spec
  const members = Array.from({ length: names.counts[group]! }, (_, k) => k)
  if (needs === undefined) return members.map(() => null)
  const list = typeof needs === 'string' ? [needs] : Array.isArray(needs) ? (needs as string[]) : null
  if (list === null) {
    const condition = toCondition(needs as Exclude<typeof needs, string | string[]>, path, names, context)
    return members.map(() => condition)
  }
  const each = list.map((name, i) => names.meaning(name, typeof needs === 'string' ? path : [...path, i]))
  return members.map((k) => {
    const of = each.flatMap((meaning): Condition[] => {
      if (meaning === null) return []
      if (meaning.kind !== 'group') return [meaning]
      const count = names.counts[meaning.group]!
      return [{ kind: 'part', part: names.firsts[meaning.group]! + (k % count) }]
    })
    return of.length === 1 ? of[0]! : { kind: 'all', of }
  })
}

function toCrews(spec: PartSpec, names: PartNames, context: Context): Crew[] {
  const served = new Map<string, string>()
  return Object.entries(spec.crews).map(([name, crew]) => {
    const path: Path = ['crews', name]
    const all = crew.serves.length === 1 && crew.serves[0] === 'all'
    const groups = all ? names.groups : crew.serves
    const serves: number[] = []
    for (const group of groups) {
      const other = served.get(group)
      if (other !== undefined) context.problem([...path, 'serves'], say.secondCrew(group, other))
      served.set(group, name)
      const index = context.indexOf('part group', group, names.groups, [...path, 'serves'])
      if (index >= 0) serves.push(index)
    }
    return {
      name,
      size: crew.size,
      serves,
      order: crew.order,
      preEmpts: crew['pre-empts'],
      reaches: crew.reaches === undefined ? null : toDistribution(crew.reaches, [...path, 'reaches'], context),
    }
  })
}

function toCommonCauses(spec: PartSpec, names: PartNames, context: Context): CommonCause[] {
  return Object.entries(spec['common-causes']).map(([name, cause]) => {
    const path: Path = ['common-causes', name, 'of']
    const group = context.indexOf('part group', cause.of, names.groups, path)
    const hasNoEvery = group >= 0 && spec.parts[cause.of]!.every === undefined
    if (hasNoEvery) context.problem(path, say.causeWithoutEvery(cause.of))
    return { name, group: Math.max(group, 0), beta: cause.beta, kind: cause.kind }
  })
}

function toMaintenance(spec: PartSpec, names: PartNames, context: Context): Maintenance[] {
  return Object.entries(spec.maintenance).map(([name, { of, every, lasts, apart, guard }]) => {
    const path: Path = ['maintenance', name]
    const group = context.indexOf('part group', of, names.groups, [...path, 'of'])
    const sound = context.isSound([...path, 'every']) && context.isSound([...path, 'lasts'])
    if (sound && lasts >= every) context.problem([...path, 'lasts'], say.windowsOverlap())
    const isWord = guard === 'none' || guard === 'all-up'
    return {
      name,
      group: Math.max(group, 0),
      every,
      lasts,
      apart,
      guard: isWord ? guard : toCondition(guard, [...path, 'guard'], names, context),
    }
  })
}

function toRoles(spec: PartSpec, names: PartNames, context: Context): Role[] {
  return Object.entries(spec.roles).map(([name, role]) => {
    const path: Path = ['roles', name]
    const among = role.among.flatMap((candidate, i) => {
      const at = role.among.length === 1 ? [...path, 'among'] : [...path, 'among', i]
      const meaning = names.meaning(candidate, at)
      if (meaning?.kind === 'group') return names.members(meaning.group)
      if (meaning?.kind === 'part') return [meaning.part]
      if (meaning !== null) context.problem(at, say.notNamed('part', candidate, null, names.groups))
      return []
    })
    return {
      name,
      among,
      while: role.while === undefined ? null : toCondition(role.while, [...path, 'while'], names, context),
      handOver: toDistribution(role['hand-over'], [...path, 'hand-over'], context),
      fails: role.fails,
    }
  })
}
