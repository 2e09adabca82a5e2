import { assert } from '../base/assert.ts'
import type { Condition } from '../structure/model.ts'
import type { LinearRow, LinearTerm, Minimise } from './linear-programme.ts'
import { isQuorum, membersOf, minimalQuorums, type NodeSet, type QuorumSystem } from './quorum-system.ts'

/** What one node can do. */
export interface NodeSpeed {
  /** Requests a second, if it does nothing else. */
  readonly reads: number
  readonly writes: number
  /** Seconds until it answers. */
  readonly latency: number
}

/** Shares of requests that are reads, each with the weight (of any scale) of the time it holds. */
export type ReadMix = readonly (readonly [readFraction: number, weight: number])[]

/** With which probability each quorum is asked. */
export interface Strategy {
  readonly reads: readonly ChosenQuorum[]
  readonly writes: readonly ChosenQuorum[]
}

export interface ChosenQuorum {
  readonly set: NodeSet
  readonly probability: number
}

/** What a strategy is to be best at, and within what. */
export interface StrategyGoal {
  readonly least: 'load' | 'latency'
  /** Losses of any nodes among those asked that each request survives. */
  readonly tolerated?: number
  /** Most of the mean load; seconds a request. */
  readonly load?: number
  /** Most nodes asked by a request, on average. */
  readonly network?: number
}

/**
 * The load of a node is the expected share of requests that touch it, over what it can do; the load of a strategy is that
 * of its busiest node (Naor and Wool 1998, with capacities and reads apart as in Whittaker et al. 2021). Seconds a request;
 * without a unit where capacities have none.
 */
export function loadOf({ reads, writes }: Strategy, nodes: readonly NodeSpeed[], readFraction: number): number {
  const touched = (by: readonly ChosenQuorum[], node: number) =>
    by.reduce((sum, { set, probability }) => sum + ((set >> node) & 1) * probability, 0)
  const loads = nodes.map(
    (speed, node) =>
      (readFraction * touched(reads, node)) / speed.reads + ((1 - readFraction) * touched(writes, node)) / speed.writes,
  )
  return Math.max(...loads)
}

/** Requests a second until the busiest node is, each share of reads on its own: the weighted mean of one over the load. */
export function capacityOf(strategy: Strategy, nodes: readonly NodeSpeed[], mix: ReadMix): number {
  return meanOver(mix, (readFraction) => 1 / loadOf(strategy, nodes, readFraction))
}

/** Mean seconds until those answered that make a quorum, the quickest first. */
export function latencyOf(system: QuorumSystem, strategy: Strategy, nodes: readonly NodeSpeed[], mix: ReadMix): number {
  return overRequests(strategy, mix, (set, kind) => quorumLatency(system[kind], set, nodes))
}

/** Nodes that a request asks, on average. */
export function networkLoadOf(strategy: Strategy, mix: ReadMix): number {
  return overRequests(strategy, mix, (set) => membersOf(set).length)
}

/** Every minimal quorum as often as any other. */
export function uniformStrategy({ nodes, reads, writes }: QuorumSystem): Strategy {
  const evenly = (condition: Condition) =>
    minimalQuorums(nodes, condition).map((set, _, all) => ({ set, probability: 1 / all.length }))
  return { reads: evenly(reads), writes: evenly(writes) }
}

/**
 * The best strategy for a mix of reads and writes, one for all its shares, by the linear programme of Whittaker et al. 2021
 * (section 5): a variable for each quorum's probability and for the load at each share of reads. What it makes least under
 * a mix is the mean *load*; a strategy for each share on its own would carry more, but would have to know the share.
 *
 * @throws AssertionFailure where no strategy keeps within the limits
 */
export function optimalStrategy(
  minimise: Minimise,
  system: QuorumSystem,
  nodes: readonly NodeSpeed[],
  mix: ReadMix,
  goal: StrategyGoal,
): Strategy {
  assert(nodes.length === system.nodes, 'every node has a speed')
  const choices = (['reads', 'writes'] as const).flatMap((kind) =>
    minimalQuorums(system.nodes, system[kind], goal.tolerated ?? 0).map((set) => ({ kind, set })),
  )
  const mean = meanOver(mix, (readFraction) => readFraction)
  const often = { reads: mean, writes: 1 - mean }
  // Loads are of the order of one over a capacity: measured in such units they are of the order of 1.
  const unit = Math.max(...nodes.map(({ reads }) => reads))
  const perRequest = (value: (set: NodeSet, kind: 'reads' | 'writes') => number) =>
    choices.map(({ kind, set }, i): LinearTerm => [i, often[kind] * value(set, kind)])
  const loads = mix.map(([, weight], i): LinearTerm => [choices.length + i, weight / totalOf(mix)])
  const latencies = perRequest((set, kind) => quorumLatency(system[kind], set, nodes))
  const limits: LinearRow[] = []
  if (goal.load !== undefined) limits.push({ terms: loads, kind: 'at-most', bound: goal.load * unit })
  if (goal.network !== undefined) {
    limits.push({ terms: perRequest((set) => membersOf(set).length), kind: 'at-most', bound: goal.network })
  }
  const costs = Array.from({ length: choices.length + mix.length }, () => 0)
  for (const [variable, cost] of goal.least === 'load' ? loads : latencies) costs[variable] = cost
  const rows = [...certainties(choices), ...busiest(choices, nodes, mix, unit), ...limits]
  const values = minimise({ costs, rows })
  const chosen = (of: 'reads' | 'writes') =>
    choices.flatMap(({ kind, set }, i) => (kind === of ? [{ set, probability: values[i]! }] : []))
  return { reads: chosen('reads'), writes: chosen('writes') }
}

interface Choice {
  readonly kind: 'reads' | 'writes'
  readonly set: NodeSet
}

/** Some quorum is asked by each read, and by each write. */
function certainties(choices: readonly Choice[]): LinearRow[] {
  return (['reads', 'writes'] as const).map((of) => ({
    terms: choices.flatMap(({ kind }, i): LinearTerm[] => (kind === of ? [[i, 1]] : [])),
    kind: 'equals',
    bound: 1,
  }))
}

/** At each share of reads, no node's load is above that share's variable; in the given unit. */
function busiest(choices: readonly Choice[], nodes: readonly NodeSpeed[], mix: ReadMix, unit: number): LinearRow[] {
  return mix.flatMap(([readFraction], share) =>
    nodes.map((speed, node): LinearRow => {
      const each = {
        reads: (readFraction * unit) / speed.reads,
        writes: ((1 - readFraction) * unit) / speed.writes,
      }
      const touching = choices.flatMap(({ kind, set }, i): LinearTerm[] =>
        ((set >> node) & 1) === 1 ? [[i, each[kind]]] : [],
      )
      return { terms: [...touching, [choices.length + share, -1]], kind: 'at-most', bound: 0 }
    }),
  )
}

/** Seconds until a quorum has answered of those that are asked. */
function quorumLatency(condition: Condition, asked: NodeSet, nodes: readonly NodeSpeed[]): number {
  let answered: NodeSet = 0
  for (const node of membersOf(asked).sort((a, b) => nodes[a]!.latency - nodes[b]!.latency)) {
    answered |= 1 << node
    if (isQuorum(condition, answered)) return nodes[node]!.latency
  }
  throw new Error('no quorum was asked')
}

function overRequests(
  { reads, writes }: Strategy,
  mix: ReadMix,
  value: (set: NodeSet, kind: 'reads' | 'writes') => number,
): number {
  const mean = (chosen: readonly ChosenQuorum[], kind: 'reads' | 'writes') =>
    chosen.reduce((sum, { set, probability }) => sum + probability * value(set, kind), 0)
  return meanOver(mix, (share) => share * mean(reads, 'reads') + (1 - share) * mean(writes, 'writes'))
}

const totalOf = (mix: ReadMix) => mix.reduce((sum, [, weight]) => sum + weight, 0)

function meanOver(mix: ReadMix, value: (readFraction: number) => number): number {
  return mix.reduce((sum, [readFraction, weight]) => sum + weight * value(readFraction), 0) / totalOf(mix)
}
