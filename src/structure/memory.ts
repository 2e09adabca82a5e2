import type { PartModel } from './model.ts'
import { hasDisturbedAges, LIVES, lifeScale, REPAIRS, reactsToNeeds, repairScale, roleScale } from './warm-up.ts'

/**
 * How long what was drawn for a group still matters to what is down (ms), by the same reasoning as the warm-up; infinite
 * where something is never repaired.
 *
 * Failures without memory are forgotten with the repairs they lead to, others as parts fail and are renewed. Where groups
 * wait for one another (crews, roles, guards, parts that crash or stand still without what they need), the longest memory
 * of all counts.
 */
export function memoryOf(model: PartModel, g: number): number {
  const own = memoryOfGroup(model, g)
  if (!isEntangled(model)) return own
  const all = model.groups.map((_, other) =>
    Math.max(REPAIRS * repairMemory(model, other), hasDisturbedAges(model, other) ? ages(model, other) : 0),
  )
  const handOvers = model.roles.map((role) => REPAIRS * roleScale(model, role))
  const windows = model.maintenance.map(({ lasts }) => lasts)
  return Math.max(own, ...all, ...handOvers, ...windows)
}

function memoryOfGroup(model: PartModel, g: number): number {
  const { every } = model.groups[g]!
  const repairs = REPAIRS * repairMemory(model, g)
  return every === null || every.kind === 'exponential' ? repairs : Math.max(repairs, ages(model, g))
}

function repairMemory(model: PartModel, g: number): number {
  const group = model.groups[g]!
  return group.modes.length === 0 && group.every !== null ? Number.POSITIVE_INFINITY : repairScale(model, group, g)
}

function ages(model: PartModel, g: number): number {
  return LIVES * lifeScale(model.groups[g]!)
}

function isEntangled(model: PartModel): boolean {
  return (
    model.crews.length > 0 ||
    model.roles.length > 0 ||
    model.maintenance.some(({ guard }) => guard !== 'none') ||
    model.groups.some(reactsToNeeds)
  )
}
