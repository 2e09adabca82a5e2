import type { Condition } from '../model.ts'
import { needOf } from './coupling.ts'
import type { Layout } from './layout.ts'

/**
 * What of a module may be exchanged without changing the model: single entities (`classes`), then blocks of them (a
 * node with its processes, a cluster of disks), each block a list of entities in matching order.
 */
export interface Symmetry {
  /** Per entity: the previous one it may be exchanged with, or −1. */
  readonly twins: Int32Array
  /** Lists of entities that may be exchanged one with another. */
  readonly classes: readonly (readonly number[])[]
  /** Lists of blocks that may be exchanged one with another. */
  readonly blocks: readonly (readonly (readonly number[])[])[]
}

/** Finds symmetries by trying exchanges and comparing the model's description before and after. */
export function symmetryOf(layout: Layout, services: readonly number[]): Symmetry {
  const description = new Description(layout, services)
  const count = layout.entities.length
  const twins = new Int32Array(count).fill(-1)
  const classes: number[][] = []
  for (let e = 0; e < count; e++) {
    const same = classes.find((members) => {
      const last = members.at(-1)!
      return layout.entities[last]!.group === layout.entities[e]!.group && description.survives([[last, e]])
    })
    if (same === undefined) classes.push([e])
    else {
      twins[e] = same.at(-1)!
      same.push(e)
    }
  }
  return { twins, classes: classes.filter(({ length }) => length > 1), blocks: blocksOf(layout, description, classes) }
}

/** Puts a state into the order that stands for all states that differ only by exchanges. */
export class Canon {
  readonly #layout: Layout
  readonly #symmetry: Symmetry
  /** Whether nothing may be exchanged: every state stands for itself alone. */
  readonly isTrivial: boolean

  constructor(layout: Layout, symmetry: Symmetry) {
    this.#layout = layout
    this.#symmetry = symmetry
    this.isTrivial = symmetry.classes.length === 0 && symmetry.blocks.length === 0
  }

  sort(state: Uint8Array): void {
    const { classes, blocks } = this.#symmetry
    for (let i = 0; i < classes.length; i++) this.#sortClass(state, classes[i]!)
    for (let i = 0; i < blocks.length; i++) this.#sortBlocks(state, blocks[i]!)
  }

  #sortClass(state: Uint8Array, members: readonly number[]): void {
    const { stride } = this.#layout
    for (let i = 1; i < members.length; i++) {
      for (let j = i; j > 0 && this.#compare(state, members[j - 1]!, members[j]!) > 0; j--) {
        swap(state, members[j - 1]! * stride, members[j]! * stride, stride)
      }
    }
  }

  #compare(state: Uint8Array, a: number, b: number): number {
    const { stride } = this.#layout
    for (let i = 0; i < stride; i++) {
      const difference = state[a * stride + i]! - state[b * stride + i]!
      if (difference !== 0) return difference
    }
    return 0
  }

  #sortBlocks(state: Uint8Array, blocks: readonly (readonly number[])[]): void {
    const { stride } = this.#layout
    for (let i = 1; i < blocks.length; i++) {
      for (let j = i; j > 0 && this.#compareBlocks(state, blocks[j - 1]!, blocks[j]!) > 0; j--) {
        const [a, b] = [blocks[j - 1]!, blocks[j]!]
        for (let k = 0; k < a.length; k++) swap(state, a[k]! * stride, b[k]! * stride, stride)
      }
    }
  }

  #compareBlocks(state: Uint8Array, a: readonly number[], b: readonly number[]): number {
    for (let k = 0; k < a.length; k++) {
      const difference = this.#compare(state, a[k]!, b[k]!)
      if (difference !== 0) return difference
    }
    return 0
  }
}

function swap(state: Uint8Array, a: number, b: number, length: number): void {
  for (let i = 0; i < length; i++) {
    const kept = state[a + i]!
    state[a + i] = state[b + i]!
    state[b + i] = kept
  }
}

/** Sets of more pairs of like groups than this are not tried. */
const MIRROR_PAIRS_MAX = 8

/** Blocks to try: each member of a group with what needs it alone, then whole groups of one size. */
function blocksOf(layout: Layout, description: Description, classes: readonly (readonly number[])[]): number[][][] {
  const { entities, compiled } = layout
  const alone = new Set(classes.flatMap((members) => (members.length === 1 ? members : [])))
  const placeOf = new Map(entities.flatMap(({ kind, index }, e) => (kind === 'part' ? [[index, e] as const] : [])))
  const groups = [...new Set(entities.map(({ group }) => group))]
  const found: number[][][] = []
  const inBlock = new Set<number>()
  for (const group of groups) {
    const members = [...entities.keys()].filter((e) => entities[e]!.group === group && entities[e]!.kind === 'part')
    if (!members.some((e) => alone.has(e)) || members.length < 2) continue
    const candidates = members.filter((e) => !inBlock.has(e)).map((e) => [e, ...dependents(e)])
    collect(candidates)
  }
  const whole = groups.map((group) => [...entities.keys()].filter((e) => entities[e]!.group === group))
  collect(whole)
  if (found.length === 0) collectMirror(whole)
  return found

  /** Two sides of several groups each (a rack with its switch, and the other). */
  function collectMirror(of: readonly number[][]): void {
    const pairs = of.flatMap((a, i) =>
      of.slice(i + 1).flatMap((b) => (description.alike(a, b) ? [[a, b] as const] : [])),
    )
    if (pairs.length > MIRROR_PAIRS_MAX) return
    for (let set = (1 << pairs.length) - 1; set > 0; set--) {
      const chosen = pairs.filter((_, i) => (set & (1 << i)) !== 0)
      const sides = [chosen.flatMap(([a]) => a), chosen.flatMap(([, b]) => b)] as const
      if (new Set([...sides[0], ...sides[1]]).size < sides[0].length * 2 || !isExchange(...sides)) continue
      collect([...sides])
      return
    }
  }

  function dependents(e: number): number[] {
    const needs = (part: number): boolean => {
      const need = needOf(compiled, part)
      return need !== null && mentions(need, entities[e]!.index)
    }
    return [...placeOf.entries()].flatMap(([part, place]) => (needs(part) ? [place] : []))
  }

  function collect(candidates: readonly number[][]): void {
    const lists: number[][][] = []
    for (const block of candidates) {
      const list = lists.find((known) => isExchange(known.at(-1)!, block))
      if (list === undefined) lists.push([block])
      else list.push(block)
    }
    for (const list of lists) {
      if (list.length < 2) continue
      found.push(list)
      for (const e of list.flat()) inBlock.add(e)
    }
  }

  function isExchange(a: readonly number[], b: readonly number[]): boolean {
    if (a.length !== b.length || a.some((e) => b.includes(e))) return false
    return description.survives(a.map((e, i) => [e, b[i]!]))
  }
}

function mentions(condition: Condition, part: number): boolean {
  if (condition.kind === 'part') return condition.part === part
  return 'of' in condition && condition.of.some((inner) => mentions(inner, part))
}

/**
 * Entities that may fail at one instant and then queue for a crew in this order (shocks, propagation, a need whose loss
 * crashes): lists in the order of their numbers.
 */
function queuesOf({ entities, crews, shocks, propagations, mates, needNodes, compiled }: Layout): number[][] {
  const queueing = new Set(crews.flatMap(({ crew, serves }) => (crew.order === 'processor-sharing' ? [] : serves)))
  const crashing = new Map<number, number[]>()
  entities.forEach(({ group }, e) => {
    if (needNodes[e]! < 0 || compiled.model.groups[group]!.onLoss !== 'crash') return
    crashing.set(needNodes[e]!, [...(crashing.get(needNodes[e]!) ?? []), e])
  })
  const together = [
    ...shocks.map(({ members }) => members),
    ...mates.filter((_, e) => propagations[e]!.length > 0),
    ...crashing.values(),
  ]
  return together.map((list) => list.filter((e) => queueing.has(e))).filter(({ length }) => length > 1)
}

/** A model in words, so that an exchange of entities can be seen to change nothing. */
class Description {
  readonly #layout: Layout
  readonly #services: readonly number[]
  readonly #placeOf: ReadonlyMap<number, number>
  readonly #plain: string
  /** Per entity: all that it is, but for its name and what it needs. */
  readonly #laws: readonly string[]
  readonly #queues: readonly (readonly number[])[]

  constructor(layout: Layout, services: readonly number[]) {
    this.#layout = layout
    this.#queues = queuesOf(layout)
    this.#laws = layout.entities.map((entity, e) => {
      const { ages, onLoss } = layout.compiled.model.groups[entity.group]!
      const law = [entity.kind, entity.failure, entity.repair, entity.reach, ages, onLoss, layout.propagations[e]]
      const crew = layout.crews.find(({ index }) => index === entity.crew)?.crew
      const urgency = crew?.order === 'priority' ? crew.serves.indexOf(entity.group) : ''
      return `${JSON.stringify(law)} ${entity.crew} ${urgency}`
    })
    this.#services = services
    this.#placeOf = new Map(
      layout.entities.flatMap(({ kind, index }, e) => (kind === 'part' ? [[index, e] as const] : [])),
    )
    this.#plain = this.#describe(layout.entities.map((_, e) => e))
  }

  /** Whether two groups have as many members, of the same laws. */
  alike(a: readonly number[], b: readonly number[]): boolean {
    return a.length === b.length && a.every((e, i) => this.#laws[e] === this.#laws[b[i]!])
  }

  survives(exchanges: readonly (readonly [number, number])[]): boolean {
    const names = this.#layout.entities.map((_, e) => e)
    for (const [a, b] of exchanges) {
      names[a] = b
      names[b] = a
    }
    return this.#describe(names) === this.#plain && this.#keepsOrder(names, exchanges.length === 1)
  }

  /**
   * Whether those that fail at one instant still queue in the same order: all of them, or all but two neighbours, of
   * which one is then like the other.
   */
  #keepsOrder(names: readonly number[], isOnePair: boolean): boolean {
    return this.#queues.every((queue) => {
      const renamed = queue.map((e) => names[e]!)
      const moved = renamed.flatMap((e, place) => (e === queue[place] ? [] : [place]))
      if (moved.length === 0) return true
      if (isOnePair && moved.length === 2 && moved[1] === moved[0]! + 1) return true
      return this.#queues.some((other) => `${other}` === `${renamed}`)
    })
  }

  /** @param names what each entity is called */
  #describe(names: readonly number[]): string {
    const { entities, compiled, crews, roles, shocks, propagations, mates } = this.#layout
    const { model } = compiled
    const lines = entities.map((entity, e) => {
      const need = entity.kind === 'part' ? needOf(compiled, entity.index) : null
      const holds = entity.kind === 'part' ? '' : named(mates[e]!)
      return `${names[e]}:${this.#laws[e]}|${this.#words(need, names)}|${holds}`
    })
    // Groups have clocks or ranks of their own at these crews.
    for (const { crew, serves } of crews) {
      if (crew.order !== 'race' && crew.order !== 'priority') continue
      for (const group of crew.serves) lines.push(`group ${named(serves.filter((e) => entities[e]!.group === group))}`)
    }
    for (const { rate, members } of shocks) lines.push(`shock ${rate} ${named(members)}`)
    for (const [e, list] of mates.entries()) if (propagations[e]!.length > 0) lines.push(`mates ${named(list)}`)
    for (const role of roles) {
      const { handOver, fails } = model.roles[role.index]!
      const condition = model.roles[role.index]!.while
      const words = this.#words(condition, names)
      lines.push(`role ${role.index} ${JSON.stringify(handOver)} ${fails} ${named(role.among)} ${words}`)
    }
    for (const service of this.#services) lines.push(this.#words(model.services[service]!.condition, names))
    // Guards and calendars look at members one by one.
    for (const { group, every, lasts, apart, guard } of model.maintenance) {
      const place = entities.findIndex((entity) => entity.group === group)
      if (place < 0 || apart === 0) continue
      const members = mates[place]!.map((e) => names[e])
      const words = typeof guard === 'string' ? guard : this.#words(guard, names)
      lines.push(`calendar ${every} ${lasts} ${members} ${words}`)
    }
    return lines.sort().join('\n')

    function named(list: readonly number[]): string {
      return list
        .map((e) => names[e]!)
        .sort((a, b) => a - b)
        .join(',')
    }
  }

  #words(condition: Condition | null, names: readonly number[]): string {
    if (condition === null) return ''
    switch (condition.kind) {
      case 'part': {
        const place = this.#placeOf.get(condition.part)
        if (place !== undefined) return `${names[place]}`
        // What belongs to another module stays where it is, with what it needs of this one.
        return `p${condition.part}<${this.#words(needOf(this.#layout.compiled, condition.part), names)}>`
      }
      case 'service':
        return this.#words(this.#layout.compiled.model.services[condition.service]!.condition, names)
      case 'role':
        return `role${condition.role}`
      default: {
        const count = condition.kind === 'at-least' ? condition.count : condition.kind
        const inner = condition.of.map((one) => this.#words(one, names)).sort()
        return `(${count} ${inner.join(' ')})`
      }
    }
  }
}
