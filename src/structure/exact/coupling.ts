import { meanOf } from '../../engine/distribution.ts'
import type { CompiledModel } from '../compile.ts'
import type { Condition } from '../model.ts'

/**
 * What a model consists of that moves by itself: parts, then shared events, then roles. Those that influence one
 * another's movements belong to one module; modules are independent of each other.
 */
export interface Coupling {
  readonly compiled: CompiledModel
  /** Common causes that are one event with one repair, by index. */
  readonly events: readonly number[]
  /** Per part, event, role (in this order): the number of its module. */
  readonly moduleOf: Int32Array
  readonly modules: readonly ModuleParts[]
}

/** The members of a module, as indices into the model, ascending. */
export interface ModuleParts {
  readonly parts: readonly number[]
  readonly events: readonly number[]
  readonly roles: readonly number[]
}

/** Finds the modules. With `together`, things of which one is named are put into one (a joint chain). */
export function couple(compiled: CompiledModel, together: Iterable<number> = []): Coupling {
  const { model, groupOf, firsts } = compiled
  const count = groupOf.length
  const events = model.commonCauses.flatMap(({ kind, beta, group }, index) =>
    kind === 'event' && beta > 0 && model.groups[group]!.every !== null ? [index] : [],
  )
  const firstRole = count + events.length
  const union = new Union(firstRole + model.roles.length)
  const membersOf = (group: number) => range(firsts[group]!, firsts[group + 1]!)
  const eventsOf = (group: number) =>
    events.flatMap((cause, i) => (model.commonCauses[cause]!.group === group ? [count + i] : []))
  for (const { serves } of model.crews) {
    union.all(serves.flatMap((group) => [...membersOf(group), ...eventsOf(group)]))
  }
  for (const { kind, beta, group } of model.commonCauses) {
    if (kind !== 'event' && beta > 0) union.all(membersOf(group))
  }
  const reach = new Influence(compiled, (part) => [part, ...eventsOf(groupOf[part]!)], firstRole)
  for (let part = 0; part < count; part++) {
    const { ages, onLoss } = model.groups[groupOf[part]!]!
    const need = needOf(compiled, part)
    if (need === null || (ages === 'always' && onLoss === 'unreachable')) continue
    union.all([part, ...reach.of(need)])
  }
  model.roles.forEach((role, r) => {
    const on = role.among.flatMap((part) => [...reach.of({ kind: 'part', part })])
    union.all([firstRole + r, ...on, ...(role.while === null ? [] : reach.of(role.while))])
  })
  union.all([...together])
  return { compiled, events, ...modulesOf(union, count, events, firstRole) }
}

/** Everything a service depends on, as numbers of {@link Coupling.moduleOf}. */
export function influencesOf(coupling: Coupling, condition: Condition): Set<number> {
  const { compiled, events } = coupling
  const count = compiled.groupOf.length
  const eventsOf = (part: number) =>
    events.flatMap((cause, i) =>
      compiled.model.commonCauses[cause]!.group === compiled.groupOf[part] ? [count + i] : [],
    )
  return new Influence(compiled, (part) => [part, ...eventsOf(part)], count + events.length).of(condition)
}

/** Whether a repair or failure never happens for a part. */
export function neverFails(compiled: CompiledModel, part: number): boolean {
  const { failure } = compiled.groups[compiled.groupOf[part]!]!
  return failure === null || !Number.isFinite(meanOf(failure.of))
}

export function needOf(compiled: CompiledModel, part: number): Condition | null {
  const group = compiled.groupOf[part]!
  return compiled.model.groups[group]!.needs[part - compiled.firsts[group]!] ?? null
}

function modulesOf(union: Union, count: number, events: readonly number[], firstRole: number) {
  const moduleOf = new Int32Array(union.size)
  const numbers = new Map<number, number>()
  const modules: { parts: number[]; events: number[]; roles: number[] }[] = []
  for (let thing = 0; thing < union.size; thing++) {
    const root = union.find(thing)
    let number = numbers.get(root)
    if (number === undefined) {
      number = modules.length
      numbers.set(root, number)
      modules.push({ parts: [], events: [], roles: [] })
    }
    moduleOf[thing] = number
    const module = modules[number]!
    if (thing < count) module.parts.push(thing)
    else if (thing < firstRole) module.events.push(events[thing - count]!)
    else module.roles.push(thing - firstRole)
  }
  return { moduleOf, modules }
}

/** What a condition depends on, needs of needs and holders of roles included. */
class Influence {
  readonly #compiled: CompiledModel
  readonly #ofPart: (part: number) => readonly number[]
  readonly #firstRole: number

  constructor(compiled: CompiledModel, ofPart: (part: number) => readonly number[], firstRole: number) {
    this.#compiled = compiled
    this.#ofPart = ofPart
    this.#firstRole = firstRole
  }

  of(condition: Condition): Set<number> {
    const found = new Set<number>()
    this.#visit(condition, found)
    return found
  }

  #visit(condition: Condition, found: Set<number>): void {
    const { model } = this.#compiled
    switch (condition.kind) {
      case 'part': {
        if (found.has(condition.part)) return
        for (const thing of this.#ofPart(condition.part)) found.add(thing)
        const need = needOf(this.#compiled, condition.part)
        if (need !== null) this.#visit(need, found)
        return
      }
      case 'service':
        this.#visit(model.services[condition.service]!.condition, found)
        return
      case 'role': {
        const thing = this.#firstRole + condition.role
        if (found.has(thing)) return
        found.add(thing)
        const role = model.roles[condition.role]!
        for (const part of role.among) this.#visit({ kind: 'part', part }, found)
        if (role.while !== null) this.#visit(role.while, found)
        return
      }
      default:
        for (const inner of condition.of) this.#visit(inner, found)
    }
  }
}

class Union {
  readonly #parents: Int32Array
  readonly size: number

  constructor(size: number) {
    this.size = size
    this.#parents = Int32Array.from({ length: size }, (_, i) => i)
  }

  find(thing: number): number {
    let root = thing
    while (this.#parents[root] !== root) root = this.#parents[root]!
    this.#parents[thing] = root
    return root
  }

  all(things: readonly number[]): void {
    for (const thing of things) {
      const a = this.find(things[0]!)
      const b = this.find(thing)
      if (a !== b) this.#parents[Math.max(a, b)] = Math.min(a, b)
    }
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
