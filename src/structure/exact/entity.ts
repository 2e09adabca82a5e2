import type { Distribution } from '../../engine/distribution.ts'
import { meanOf } from '../../engine/distribution.ts'
import type { CompiledModel } from '../compile.ts'
import { onePhase, type Phases } from './phases.ts'

/**
 * Something in a chain that is up or not and may be repaired: a part, or a shared event (up while it does not happen).
 *
 * Its state is one byte: an up phase; or waiting for a crew (with the phase of the work left, where crews pre-empt);
 * or a phase of the crew's way to it; or a phase of the work.
 */
export interface Entity {
  readonly kind: 'part' | 'event'
  /** Index of the part, or of the common cause. */
  readonly index: number
  readonly group: number
  /** null: never fails of itself. */
  readonly failure: Phases | null
  /** null: never repaired. */
  readonly repair: Phases | null
  /** Index of its crew, or −1. */
  readonly crew: number
  readonly reach: Phases | null
  /** First byte of each kind of state; up phases begin at 0. */
  readonly waits: number
  readonly ways: number
  readonly works: number
  readonly end: number
  /** Whether a waiting one remembers the phase of its work. */
  readonly keepsPhase: boolean
  /** Leaves of the condition network that it lowers while it is not up. */
  readonly leaves: readonly number[]
}

/** Finds phases for a law, or says no. */
export type PhasesOf = (of: Distribution) => Phases | null

/** A law in a model that has no phases: what it is of and which it is. */
export interface Unfit {
  readonly of: string
  readonly law: Distribution
}

/** The entity of a part; what of it has no phases is added to `unfit`, and a stand-in taken. */
export function partEntity(compiled: CompiledModel, part: number, phasesOf: PhasesOf, unfit: Unfit[]): Entity {
  const group = compiled.groupOf[part]!
  const { failure, repair } = compiled.groups[group]!
  return entity(
    compiled,
    {
      kind: 'part',
      index: part,
      group,
      failure: failure === null ? null : phasesFor(failure.of, `time to failure of ${nameOf(compiled, group)}`),
      repair: repair === null ? null : phasesFor(repair.of, `repair of ${nameOf(compiled, group)}`),
      leaves: [compiled.upNodes[part]!],
    },
    unfit,
  )

  function phasesFor(law: Distribution, of: string): Phases {
    return phasesOrStandIn(law, of, phasesOf, unfit)
  }
}

/** The entity of a common cause that is one event with one repair. */
export function eventEntity(compiled: CompiledModel, cause: number, phasesOf: PhasesOf, unfit: Unfit[]): Entity {
  const { group, beta, name } = compiled.model.commonCauses[cause]!
  const { every } = compiled.model.groups[group]!
  const { repair } = compiled.groups[group]!
  const members = []
  for (let part = compiled.firsts[group]!; part < compiled.firsts[group + 1]!; part++) members.push(part)
  return entity(
    compiled,
    {
      kind: 'event',
      index: cause,
      group,
      failure: onePhase(beta / meanOf(every!)),
      repair: repair === null ? null : phasesOrStandIn(repair.of, `repair of ${name}`, phasesOf, unfit),
      leaves: members.map((part) => compiled.upNodes[part]!),
    },
    unfit,
  )
}

function entity(
  compiled: CompiledModel,
  of: Pick<Entity, 'kind' | 'index' | 'group' | 'failure' | 'repair' | 'leaves'>,
  unfit: Unfit[],
): Entity {
  const crew = compiled.model.crews.findIndex(({ serves }) => serves.includes(of.group))
  const reaches = crew < 0 ? null : compiled.model.crews[crew]!.reaches
  const keepsPhase = crew >= 0 && compiled.model.crews[crew]!.preEmpts
  const upPhases = of.failure?.rates.length ?? 1
  const workPhases = of.repair?.rates.length ?? 1
  const reach = reaches === null || meanOf(reaches) === 0 ? null : onePhase(1 / meanOf(reaches))
  if (reach !== null && reaches!.kind !== 'exponential') {
    unfit.push({ of: `way of ${compiled.model.crews[crew]!.name}`, law: reaches! })
  }
  const waits = upPhases
  const ways = waits + (keepsPhase ? workPhases : 1)
  // On its way the crew does not change what is left to do, but whoever keeps the phase keeps it here, too.
  const works = ways + (reach === null ? 0 : keepsPhase ? workPhases : 1)
  return { ...of, crew, reach, waits, ways, works, end: works + workPhases, keepsPhase }
}

function phasesOrStandIn(law: Distribution, of: string, phasesOf: PhasesOf, unfit: Unfit[]): Phases {
  const phases = phasesOf(law)
  if (phases !== null) return phases
  unfit.push({ of, law })
  return onePhase(1 / Math.max(meanOf(law), Number.MIN_VALUE))
}

function nameOf(compiled: CompiledModel, group: number): string {
  return compiled.model.groups[group]!.name
}
