import type { Condition, PartModel } from '../structure/model.ts'
import type { PartNames } from './part-names.ts'

/** A thing that can need another: its key and the keys it needs. */
type Graph = Map<string, readonly string[]>

/**
 * A way from a thing back to itself through what it needs, as names, or null.
 *
 * One kind of ring has a meaning and is let through: parts that stand still while any of them is missing
 * (`ages: while-up`), as in a series system that does not age while it is down.
 */
export function findCycle(model: PartModel, names: PartNames): string[] | null {
  const graph: Graph = new Map()
  for (const [group, { needs }] of model.groups.entries()) {
    for (const [k, condition] of needs.entries()) {
      graph.set(`part ${names.firsts[group]! + k}`, condition === null ? [] : keysOf(condition))
    }
  }
  for (const [role, { among, while: holds }] of model.roles.entries()) {
    graph.set(`role ${role}`, [...among.map((part) => `part ${part}`), ...(holds === null ? [] : keysOf(holds))])
  }
  for (const [service, { condition }] of model.services.entries()) graph.set(`service ${service}`, keysOf(condition))
  const tied = restricted(graph, peel(reversed(peel(graph))))
  const standsStill = (key: string) => {
    const [kind, part] = key.split(' ')
    const group = kind === 'part' ? model.groups[names.groupOf(Number(part))] : undefined
    return group?.ages === 'while-up' && group.onLoss === 'unreachable'
  }
  if ([...tied.keys()].every(standsStill)) return null
  const way = search(tied)
  return way === null ? null : way.map((key) => nameOf(key, model, names))
}

function keysOf(condition: Condition): string[] {
  switch (condition.kind) {
    case 'part':
      return [`part ${condition.part}`]
    case 'role':
      return [`role ${condition.role}`]
    case 'service':
      return [`service ${condition.service}`]
    default:
      return condition.of.flatMap(keysOf)
  }
}

/** What is left when all that needs nothing more is taken away, again and again: rings, and what leads to them. */
function peel(graph: Graph): Graph {
  const needers = reversed(graph)
  const left = new Map(graph)
  const open = new Map([...graph].map(([key, needed]) => [key, needed.length]))
  const free = [...graph.keys()].filter((key) => open.get(key) === 0)
  for (let key = free.pop(); key !== undefined; key = free.pop()) {
    left.delete(key)
    for (const needer of needers.get(key) ?? []) {
      open.set(needer, open.get(needer)! - 1)
      if (open.get(needer) === 0) free.push(needer)
    }
  }
  return restricted(left, left)
}

/** Who needs each thing. */
function reversed(graph: Graph): Graph {
  const needers = new Map<string, string[]>([...graph.keys()].map((key) => [key, []]))
  for (const [key, needed] of graph) for (const one of needed) needers.get(one)?.push(key)
  return needers
}

/** The graph among the things of another one. */
function restricted(graph: Graph, to: Graph): Graph {
  const within = [...graph].filter(([key]) => to.has(key))
  return new Map(within.map(([key, needed]) => [key, needed.filter((one) => to.has(one))]))
}

/** Depth first with a stack of our own: needs may form long chains. */
function search(graph: Graph): string[] | null {
  const done = new Set<string>()
  for (const start of graph.keys()) {
    if (done.has(start)) continue
    const way: { readonly key: string; next: number }[] = [{ key: start, next: 0 }]
    const onWay = new Set([start])
    while (way.length > 0) {
      const here = way.at(-1)!
      const needed = graph.get(here.key)?.[here.next++]
      if (needed === undefined) {
        done.add(here.key)
        onWay.delete(here.key)
        way.pop()
      } else if (onWay.has(needed)) {
        return [...way.slice(way.findIndex(({ key }) => key === needed)).map(({ key }) => key), needed]
      } else if (!done.has(needed)) {
        way.push({ key: needed, next: 0 })
        onWay.add(needed)
      }
    }
  }
  return null
}

function nameOf(key: string, model: PartModel, names: PartNames): string {
  const [kind, index] = key.split(' ')
  const i = Number(index)
  if (kind === 'part') return names.partName(i)
  return kind === 'role' ? model.roles[i]!.name : model.services[i]!.name
}
