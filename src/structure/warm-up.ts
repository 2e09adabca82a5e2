import { oncePer } from '../base/once-per.ts'
import { type Ms, ms, ZERO } from '../base/units.ts'
import { meanOf } from '../engine/distribution.ts'
import { repairOf } from './compile.ts'
import type { PartGroup, PartModel, Role } from './model.ts'
import { meanResidualOf } from './moments.ts'

/** A disturbance of the down side is forgotten after this many mean repairs: e^−10 = 5e-5 of it is left. */
export const REPAIRS = 10
/** A disturbance of ages is forgotten after this many mean lives; it is small to begin with. */
export const LIVES = 5
/** Above this share of a crew's time asked for, queues relax as slowly as parts fail. */
const CREW_LOAD_LIGHT = 0.5

/**
 * How long a `steady` start must run before it may be judged (ms); 0 where the start is exact.
 *
 * Undisturbed parts start exactly in their long-run state: up with probability MTTF / (MTTF + MTTR), with what is left
 * of the up or down time drawn from its equilibrium law; shared *events* likewise, and blind maintenance at a uniform
 * moment of its period. Then every instant is alike and there is nothing to wait for.
 *
 * Where parts interact, the same start is an approximation, wrong only by what the interaction changes: waiting for
 * crews, shocks, propagation, crashes, clocks that stand still, guarded windows, who holds a role. What is wrong about
 * who is *down* is forgotten as repairs end: at a rate of about one over what is left of a repair found running,
 * E[X²] / 2E[X], plus the way to it; with a crew, over what is left of everything it could have to do. The wait is
 * {@link REPAIRS} of these times. What is wrong about *ages* matters only if the failure law has a memory and
 * something outside resets, stops or selects clocks (a crash, a shock, an unreachable part, the choice of a leader),
 * if a crew is busy most of the time, or if unlike parts take turns at a role. It is forgotten as parts fail and are
 * renewed: {@link LIVES} mean (residual) lives.
 */
export const warmUpFor: (model: PartModel) => Ms = oncePer(deriveWarmUp)

function deriveWarmUp(model: PartModel): Ms {
  let wait = 0
  model.groups.forEach((group, g) => {
    if (!isDisturbed(model, g)) return
    wait = Math.max(wait, REPAIRS * repairScale(model, group, g))
    if (hasDisturbedAges(model, g)) wait = Math.max(wait, LIVES * lifeScale(group))
  })
  for (const role of model.roles) wait = Math.max(wait, REPAIRS * roleScale(model, role))
  for (const { guard, lasts } of model.maintenance) if (guard !== 'none') wait = Math.max(wait, lasts)
  return wait === 0 ? ZERO : ms(wait)
}

/** Whether anything but its own failures and repairs decides when a group's members are up, or depends on that history. */
function isDisturbed(model: PartModel, g: number): boolean {
  return (
    model.crews.some((crew) => crew.serves.includes(g)) ||
    model.commonCauses.some((cause) => cause.group === g && cause.kind !== 'event') ||
    model.maintenance.some((calendar) => calendar.group === g && calendar.guard !== 'none') ||
    model.maintenance.some((calendar) => calendar.guard !== 'none') ||
    isRoleCandidate(model, g) ||
    // What it needs may be missing at the start: how that came about matters to those that crash or stand still.
    model.groups.some(reactsToNeeds)
  )
}

/** Whether the loss of what it needs does more to a group than make it unreachable. */
export function reactsToNeeds(group: PartGroup): boolean {
  return group.needs.some((need) => need !== null) && (group.onLoss === 'crash' || group.ages === 'while-up')
}

function isRoleCandidate(model: PartModel, g: number): boolean {
  return model.roles.some((role) => role.among.some((part) => groupOfPart(model, part) === g))
}

/** Whether something but its own failures decides how old a group's members are. */
export function hasDisturbedAges(model: PartModel, g: number): boolean {
  const group = model.groups[g]!
  if (group.every === null) return false
  if (model.crews.some((crew) => crew.serves.includes(g) && loadOf(model, crew.serves, crew.size) > CREW_LOAD_LIGHT)) {
    return true
  }
  const unlike = model.roles.some((role) => {
    const groups = new Set(role.among.map((part) => groupOfPart(model, part)))
    return groups.size > 1 && groups.has(g)
  })
  if (unlike) return true
  if (group.every.kind === 'exponential') return false
  return (
    reactsToNeeds(group) ||
    isRoleCandidate(model, g) ||
    model.commonCauses.some((cause) => cause.group === g && cause.kind !== 'event')
  )
}

/** What is left of a repair found running, or of all that its crew may have to do. */
export function repairScale(model: PartModel, group: PartGroup, g: number): number {
  const crew = model.crews.find((one) => one.serves.includes(g))
  if (crew === undefined) return residualRepair(group)
  let work = 0
  for (const served of crew.serves) {
    const way = crew.reaches === null ? 0 : meanResidualOf(crew.reaches)
    work += model.groups[served]!.count * (residualRepair(model.groups[served]!) + way)
  }
  return work / crew.size
}

function residualRepair(group: PartGroup): number {
  const lasts = repairOf(group)
  return lasts === null ? 0 : meanResidualOf(lasts)
}

/**
 * In what time it is forgotten whether a role was held. A hand-over that fails while the condition holds may find everybody
 * up: nobody is about to come back, and the role waits until somebody else has failed and is repaired. So the two, held
 * and waiting, take turns at the pace of failures.
 */
export function roleScale(model: PartModel, { among, while: condition, handOver, fails }: Role): number {
  const scale = meanResidualOf(handOver)
  if (condition === null || fails === 0) return scale
  const rates = among.map((part) => {
    const group = model.groups[groupOfPart(model, part)]!
    return group.every === null ? 0 : 1 / lifeScale(group)
  })
  const pace = fails * Math.min(...rates) + (1 - fails) * rates.reduce((sum, rate) => sum + rate, 0)
  return pace > 0 ? scale + 1 / pace : scale
}

/** How long its members last, seen from a random instant. */
export function lifeScale(group: PartGroup): number {
  return Math.max(meanOf(group.every!), meanResidualOf(group.every!))
}

/** Work that arrives per unit of time and worker. */
function loadOf(model: PartModel, serves: readonly number[], size: number): number {
  let load = 0
  for (const g of serves) {
    const { every, count } = model.groups[g]!
    const lasts = repairOf(model.groups[g]!)
    if (every !== null && lasts !== null) load += (count * meanOf(lasts)) / meanOf(every)
  }
  return load / size
}

function groupOfPart(model: PartModel, part: number): number {
  let left = part
  for (let g = 0; g < model.groups.length; g++) {
    left -= model.groups[g]!.count
    if (left < 0) return g
  }
  return -1
}
