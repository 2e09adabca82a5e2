import { meanOf } from '../engine/distribution.ts'
import type { ChangeReason, Repairer, StructureHub } from './change.ts'
import { SharedEvent, SharedShock } from './common-cause.ts'
import type { CompiledModel } from './compile.ts'
import { makeCrew } from './crew.ts'
import { WhatIf } from './guard.ts'
import { MaintenanceCalendar } from './maintenance.ts'
import type { Maintenance } from './model.ts'
import { Part } from './part.ts'
import { RoleProcess } from './role.ts'

/** The processes of one running system, in the order of the model. */
export interface BuiltSystem {
  readonly parts: readonly Part[]
  readonly shocks: readonly SharedShock[]
  readonly events: readonly SharedEvent[]
  /** Shocks and events by the index of their common cause. */
  readonly causes: ReadonlyMap<number, SharedShock | SharedEvent>
  readonly calendars: readonly MaintenanceCalendar[]
  readonly roles: readonly RoleProcess[]
}

/** Makes the processes of a system; none is started. */
export function buildSystem(hub: StructureHub, compiled: CompiledModel, random: boolean): BuiltSystem {
  const { model } = compiled
  const crews = model.crews.map((crew) => makeCrew(hub.simulation, crew))
  const crewOf = (group: number): Repairer | null => {
    const index = model.crews.findIndex((crew) => crew.serves.includes(group))
    return index < 0 ? null : crews[index]!
  }
  const parts = makeParts(hub, compiled, crewOf, random)
  const membersOf = (group: number) => parts.slice(compiled.firsts[group]!, compiled.firsts[group + 1]!)
  const whatIf = new WhatIf(compiled, parts, hub.network)
  const { shocks, events, causes } = makeCommonCauses(hub, compiled, crewOf, membersOf, random)
  return {
    parts,
    shocks,
    events,
    causes,
    calendars: model.maintenance.map((maintenance) => {
      const members = membersOf(maintenance.group)
      return new MaintenanceCalendar({
        hub,
        maintenance,
        members,
        allows: guardOf(maintenance, members, hub, whatIf),
      })
    }),
    roles: makeRoles(hub, compiled),
  }
}

function makeParts(
  hub: StructureHub,
  compiled: CompiledModel,
  crewOf: (group: number) => Repairer | null,
  random: boolean,
): Part[] {
  const { streams } = hub.simulation
  const parts: Part[] = []
  compiled.groups.forEach(({ group, propagations }, g) => {
    const failed: ChangeReason = { kind: 'failure', cause: group.name, graceful: false }
    const mended: ChangeReason = { kind: 'repair', cause: group.name, graceful: false }
    const propagated = propagations.map(
      ({ name }): ChangeReason => ({ kind: 'common-cause', cause: name, graceful: false }),
    )
    const crew = crewOf(g)
    const mates: Part[] = []
    for (let k = 1; k <= group.count; k++) {
      const index = parts.length
      const names = compiled.streams[index]!
      const part = new Part({
        hub,
        index,
        name: compiled.names[index]!,
        group: g,
        compiled: compiled.groups[g]!,
        mates,
        upNode: compiled.upNodes[index]!,
        failureStream: streams.stream(names.failure),
        repairStream: streams.stream(names.repair),
        propagationStream: propagations.length === 0 ? null : streams.stream(names.propagation),
        crew,
        failed,
        mended,
        propagated,
        random,
      })
      mates.push(part)
      parts.push(part)
    }
  })
  return parts
}

function makeCommonCauses(
  hub: StructureHub,
  compiled: CompiledModel,
  crewOf: (group: number) => Repairer | null,
  membersOf: (group: number) => readonly Part[],
  random: boolean,
): Pick<BuiltSystem, 'shocks' | 'events' | 'causes'> {
  const shocks: SharedShock[] = []
  const events: SharedEvent[] = []
  const causes = new Map<number, SharedShock | SharedEvent>()
  for (const [index, { name, group, beta, kind }] of compiled.model.commonCauses.entries()) {
    const { every } = compiled.model.groups[group]!
    if (kind === 'propagation' || every === null || beta === 0) continue
    const stream = hub.simulation.streams.stream(`common-cause/${name}`)
    const mean = meanOf(every) / beta
    const common = { hub, name, group, mean, members: membersOf(group), stream }
    if (kind === 'shock') {
      const shock = new SharedShock(common)
      shocks.push(shock)
      causes.set(index, shock)
    } else {
      const { repair } = compiled.groups[group]!
      const event = new SharedEvent({ ...common, repair, crew: crewOf(group), random })
      events.push(event)
      causes.set(index, event)
    }
  }
  return { shocks, events, causes }
}

function makeRoles(hub: StructureHub, compiled: CompiledModel): RoleProcess[] {
  const { streams } = hub.simulation
  return compiled.model.roles.map((role, r) => {
    return new RoleProcess({
      hub,
      role,
      compiled: compiled.roles[r]!,
      names: compiled.names,
      weights: role.among.map((part) => {
        const { failure } = compiled.groups[compiled.groupOf[part]!]!
        return failure === null ? NEVER_FAILS : meanOf(failure.of)
      }),
      handOverStream: streams.stream(`role/${role.name}/hand-over`),
      choiceStream: streams.stream(`role/${role.name}/choice`),
      failsStream: role.fails === 0 ? null : streams.stream(`role/${role.name}/fails`),
    })
  })
}

/** Weight of a candidate that never fails: a holder for good, but still a finite number. */
const NEVER_FAILS = 1e18

function guardOf(
  maintenance: Maintenance,
  members: readonly Part[],
  hub: StructureHub,
  whatIf: WhatIf,
): ((place: number) => boolean) | null {
  const { guard } = maintenance
  if (guard === 'none') return null
  if (guard === 'all-up') return (place) => members.every(({ index }, i) => i === place || hub.network.holds(index))
  return (place) => whatIf.holdsWithout(guard, members[place]!.index)
}
