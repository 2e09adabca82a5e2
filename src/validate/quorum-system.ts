import { assert } from '../base/assert.ts'
import type { Condition } from '../structure/model.ts'

/** Nodes as a set of bits, node k at bit k. */
export type NodeSet = number

/** Reads and writes by quorums: any read quorum meets any write quorum (Gifford 1979; Naor and Wool 1998). */
export interface QuorumSystem {
  readonly nodes: number
  /** Holds where the nodes that are up contain a read quorum; over parts `0` to `nodes − 1`. */
  readonly reads: Condition
  readonly writes: Condition
}

/** All sets of so many nodes are looked at. */
const NODES_MAX = 20

/** The system of a read condition with the smallest write quorums there are: those that meet every read quorum. */
export function systemOfReads(nodes: number, reads: Condition): QuorumSystem {
  return { nodes, reads, writes: dualOf(reads) }
}

/**
 * The condition that holds on just the sets that meet every set on which the given one holds: any and all change places,
 * and k of n becomes n − k + 1 of n.
 */
export function dualOf(condition: Condition): Condition {
  switch (condition.kind) {
    case 'part':
      return condition
    case 'any':
      return { kind: 'all', of: condition.of.map(dualOf) }
    case 'all':
      return { kind: 'any', of: condition.of.map(dualOf) }
    case 'at-least':
      return { kind: 'at-least', count: condition.of.length - condition.count + 1, of: condition.of.map(dualOf) }
    default:
      throw new Error(`a quorum is a condition on nodes, not on a ${condition.kind}`)
  }
}

/** Whether a set of nodes contains a quorum. */
export function isQuorum(condition: Condition, set: NodeSet): boolean {
  const holds = (of: Condition) => isQuorum(of, set)
  switch (condition.kind) {
    case 'part':
      return ((set >> condition.part) & 1) === 1
    case 'any':
      return condition.of.some(holds)
    case 'all':
      return condition.of.every(holds)
    case 'at-least':
      return condition.of.filter(holds).length >= condition.count
    default:
      throw new Error(`a quorum is a condition on nodes, not on a ${condition.kind}`)
  }
}

/**
 * The minimal sets that still contain a quorum after any `tolerated` of their own nodes are lost: with 0, the minimal
 * quorums (Whittaker et al. 2021, section 4, call them f-resilient).
 */
export function minimalQuorums(nodes: number, condition: Condition, tolerated = 0): NodeSet[] {
  assert(nodes <= NODES_MAX, `a quorum system has at most ${NODES_MAX} nodes`)
  const minimal: NodeSet[] = []
  // Ascending by bits, a set comes after all its subsets.
  for (let set = 0; set < 2 ** nodes; set++) {
    const isMinimal = !minimal.some((smaller) => (smaller & set) === smaller)
    if (isMinimal && survives(condition, set, tolerated)) minimal.push(set)
  }
  return minimal
}

/** Whether a quorum remains in the set whichever `losses` of its nodes are lost (all of them, if it has no more). */
function survives(condition: Condition, set: NodeSet, losses: number): boolean {
  if (losses === 0 || set === 0) return isQuorum(condition, set)
  return membersOf(set).every((node) => survives(condition, set & ~(1 << node), losses - 1))
}

/**
 * How many nodes can always be lost, whichever: one less than the smallest set without which there is no quorum. −1 where
 * even all nodes are no quorum.
 */
export function resilienceOf(nodes: number, condition: Condition): number {
  // What must be lost, one of every quorum, is a quorum of the dual.
  const cuts = minimalQuorums(nodes, dualOf(condition))
  return Math.min(...cuts.map((cut) => membersOf(cut).length)) - 1
}

/** The nodes of a set, ascending. */
export function membersOf(set: NodeSet): number[] {
  const members: number[] = []
  for (let node = 0; set >> node > 0; node++) if (((set >> node) & 1) === 1) members.push(node)
  return members
}
