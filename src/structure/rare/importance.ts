import { assertNever } from '../../base/assert.ts'
import { needOf } from '../exact/coupling.ts'
import type { Entity } from '../exact/entity.ts'
import { HELD, type Layout } from '../exact/layout.ts'
import type { Phases } from '../exact/phases.ts'
import type { Condition } from '../model.ts'
import { chanceOfLoss } from './gate.ts'
import { NEVER_LOST } from './nearness.ts'

/** A part is never taken to be likelier than this to fail while others are repaired. */
const CHANCE_MAX = 0.5

/**
 * How near a state is to losing a service: about the probability that it is lost before everything is up again.
 *
 * Made from the service's own conditions: what is down counts as lost, what is up as lost with its failure rate times its
 * mean repair and what its crew has to do before that, and a gate that needs k of n with the probability that fewer hold,
 * all taken as independent. So the margin of every quorum counts, and in how many ways it can be used up; one failure more
 * changes the value by the same small factor however deep the redundancy.
 */
export class Importance {
  readonly #layout: Layout
  readonly #condition: Condition
  /** Per entity: the chance that it fails during somebody else's repair. */
  readonly #chances: Float64Array
  /** Per entity: mean time from the crew's departure until it is repaired (ms). */
  readonly #repairs: Float64Array
  /** Per entity: its crew's place in the layout, or −1. */
  readonly #crewOf: readonly number[]
  readonly #placeOf: ReadonlyMap<number, number>
  /** Per part's group: entities that are shared events. */
  readonly #eventsOf: ReadonlyMap<number, readonly number[]>
  /** What takes several entities at once, with its chance. */
  readonly #shared: readonly { readonly chance: number; readonly members: readonly number[] }[]
  readonly #lost: Float64Array

  constructor(layout: Layout, condition: Condition) {
    const { entities, shocks, propagations, mates } = layout
    this.#layout = layout
    this.#condition = condition
    this.#chances = Float64Array.from(entities, (entity) => chanceOf(entity, 0))
    this.#repairs = Float64Array.from(entities, ({ repair, reach }) => meanOf(repair) + meanOf(reach))
    this.#crewOf = entities.map(({ crew }) => layout.crews.findIndex(({ index }) => index === crew))
    this.#placeOf = new Map(entities.flatMap(({ kind, index }, e) => (kind === 'part' ? [[index, e] as const] : [])))
    const groups = new Set(entities.map(({ group }) => group))
    this.#eventsOf = new Map(
      [...groups].map((group) => [
        group,
        [...entities.keys()].filter((e) => entities[e]!.kind === 'event' && entities[e]!.group === group),
      ]),
    )
    const repair = (e: number) => meanOf(entities[e]!.repair) + meanOf(entities[e]!.reach)
    this.#shared = [
      ...shocks.map(({ rate, members }) => ({ chance: Math.min(CHANCE_MAX, rate * repair(members[0]!)), members })),
      ...entities.flatMap((_, e) => {
        const beta = propagations[e]!.reduce((sum, share) => sum + share, 0)
        return beta > 0 ? [{ chance: Math.min(CHANCE_MAX, this.#chances[e]! * beta), members: mates[e]! }] : []
      }),
    ]
    this.#lost = new Float64Array(entities.length)
  }

  /** The longest mean repair of all (ms). */
  get longestRepair(): number {
    return this.#repairs.reduce((longest, one) => Math.max(longest, one), 0)
  }

  /** Of a state, as bytes; in (0, 1]. */
  of(state: Uint8Array): number {
    const { entities, stride } = this.#layout
    const work = this.#workLeft(state)
    for (let e = 0; e < entities.length; e++) {
      const isUp = state[e * stride]! < entities[e]!.waits
      const wait = work[this.#crewOf[e]!] ?? 0
      const chance = wait === 0 ? this.#chances[e]! : chanceOf(entities[e]!, wait)
      this.#lost[e] = isUp ? chance : 1
    }
    let value = this.#chanceOf(this.#condition, state)
    for (const { chance, members } of this.#shared) {
      const kept = members.map((e) => this.#lost[e]!)
      for (const e of members) this.#lost[e] = 1
      value = 1 - (1 - value) * (1 - chance * this.#chanceOf(this.#condition, state))
      members.forEach((e, i) => {
        this.#lost[e] = kept[i]!
      })
    }
    return Math.max(value, NEVER_LOST)
  }

  /** Per crew: how long what is down keeps it busy (ms). */
  #workLeft(state: Uint8Array): Float64Array {
    const { entities, stride, crews } = this.#layout
    return Float64Array.from(crews, ({ crew, serves }) => {
      const down = serves.filter((e) => state[e * stride]! >= entities[e]!.waits)
      return down.reduce((sum, e) => sum + this.#repairs[e]!, 0) / crew.size
    })
  }

  #chanceOf(condition: Condition, state: Uint8Array): number {
    const { model } = this.#layout.compiled
    switch (condition.kind) {
      case 'part':
        return this.#ofPart(condition.part, state)
      case 'service':
        return this.#chanceOf(model.services[condition.service]!.condition, state)
      case 'role':
        return this.#ofRole(condition.role, state)
      case 'all':
        return this.#ofGate(condition.of.length, condition.of, state)
      case 'any':
        return this.#ofGate(1, condition.of, state)
      case 'at-least':
        return this.#ofGate(condition.count, condition.of, state)
      default:
        return assertNever(condition)
    }
  }

  #ofPart(part: number, state: Uint8Array): number {
    const { compiled } = this.#layout
    let holds = 1 - this.#lost[this.#placeOf.get(part)!]!
    for (const e of this.#eventsOf.get(compiled.groupOf[part]!)!) holds *= 1 - this.#lost[e]!
    const need = needOf(compiled, part)
    if (need !== null) holds *= 1 - this.#chanceOf(need, state)
    return 1 - holds
  }

  /** A role is lost with its holder, until the next one has it. */
  #ofRole(role: number, state: Uint8Array): number {
    const { roles, entities, stride, holdsAt } = this.#layout
    const r = roles.findIndex(({ index }) => index === role)
    if (state[entities.length * stride + r] !== HELD) return 1
    const holder = roles[r]!.among.find((e) => (state[e * stride + holdsAt]! & (1 << r)) !== 0)
    return holder === undefined ? 1 : this.#lost[holder]!
  }

  #ofGate(count: number, of: readonly Condition[], state: Uint8Array): number {
    return chanceOfLoss(
      count,
      of.map((inner) => this.#chanceOf(inner, state)),
    )
  }
}

/** @param wait until a crew has time for it (ms) */
function chanceOf({ failure, repair, reach }: Entity, wait: number): number {
  if (failure === null) return 0
  return Math.min(CHANCE_MAX, (wait + meanOf(repair) + meanOf(reach)) / meanOf(failure))
}

/** Mean of phases passed in order of their numbers, each entered with the probability that leads to it. */
function meanOf(phases: Phases | null): number {
  if (phases === null) return 0
  const enters = [...phases.initial]
  let mean = 0
  phases.rates.forEach((rate, i) => {
    mean += enters[i]! / rate
    phases.next[i]!.forEach((share, j) => {
      enters[j]! += enters[i]! * share
    })
  })
  return mean
}
