import { meanOf } from '../../engine/distribution.ts'
import type { CompiledModel } from '../compile.ts'
import type { ModuleParts } from './coupling.ts'
import { HELD } from './layout.ts'
import { eachFlow, type LongRun } from './long-run.ts'
import { Pictures } from './pictures.ts'

/**
 * A module in the long run as others see it: which leaves of the condition network it lowers, for what share of time,
 * and how often it goes from one such picture to another.
 */
export interface Marginal {
  /** Leaves that are lowered, per picture; one that is listed twice is lowered twice. */
  readonly lowered: readonly (readonly number[])[]
  readonly shares: readonly number[]
  readonly flows: readonly { readonly from: number; readonly to: number; readonly rate: number }[]
}

/**
 * A part alone, of any laws: up for MTTF / (MTTF + MTTR), lost once in MTTF + MTTR (renewal–reward). A part that is
 * never repaired is down in the long run.
 */
export function partAlone(compiled: CompiledModel, part: number): Marginal {
  const { failure, repair } = compiled.groups[compiled.groupOf[part]!]!
  const leaf = compiled.upNodes[part]!
  if (failure === null) return { lowered: [[]], shares: [1], flows: [] }
  if (repair === null) return { lowered: [[leaf]], shares: [1], flows: [] }
  return alternating([leaf], meanOf(failure.of), meanOf(repair.of))
}

/** A shared event alone, with one repair of any law. */
export function eventAlone(compiled: CompiledModel, cause: number): Marginal {
  const { group, beta } = compiled.model.commonCauses[cause]!
  const { every } = compiled.model.groups[group]!
  const { repair } = compiled.groups[group]!
  const leaves: number[] = []
  for (let part = compiled.firsts[group]!; part < compiled.firsts[group + 1]!; part++) {
    leaves.push(compiled.upNodes[part]!)
  }
  if (repair === null) return { lowered: [leaves], shares: [1], flows: [] }
  return alternating(leaves, meanOf(every!) / beta, meanOf(repair.of))
}

/** Whether a module is one thing by itself, whose law does not matter in the long run. */
export function isAlone(compiled: CompiledModel, { parts, events, roles }: ModuleParts): boolean {
  if (parts.length + events.length !== 1 || roles.length > 0) return false
  const group = parts.length === 1 ? compiled.groupOf[parts[0]!]! : compiled.model.commonCauses[events[0]!]!.group
  const { crews, commonCauses } = compiled.model
  // A shared shock strikes a group of one, too: beside the part's own failures, which are rarer by as much.
  const isStruck = commonCauses.some((cause) => cause.kind === 'shock' && cause.beta > 0 && cause.group === group)
  // A crew of its own makes it wait for the way only, which is part of being down.
  return !(parts.length === 1 && isStruck) && !crews.some(({ serves }) => serves.includes(group))
}

function alternating(leaves: readonly number[], up: number, down: number): Marginal {
  const cycle = up + down
  if (cycle === 0) return { lowered: [[]], shares: [1], flows: [] }
  return {
    lowered: [[], leaves],
    shares: [up / cycle, down / cycle],
    flows: [
      { from: 0, to: 1, rate: 1 / cycle },
      { from: 1, to: 0, rate: 1 / cycle },
    ],
  }
}

/** A chain in the long run, its states put together by what they lower. */
export function marginalOf(longRun: LongRun): Marginal {
  const { chain, shares } = longRun
  const { entities, roles, stride, width } = chain.layout
  const pictures = new Pictures()
  const pictureOf = new Int32Array(chain.size)
  // Small shares first, so that nothing of them is lost.
  const order = [...shares.keys()].sort((a, b) => shares[a]! - shares[b]!)
  for (const i of order) {
    const at = i * width
    const leaves: number[] = []
    entities.forEach((entity, e) => {
      if (chain.states[at + e * stride]! >= entity.waits) leaves.push(...entity.leaves)
    })
    roles.forEach((role, r) => {
      if (chain.states[at + entities.length * stride + r] !== HELD) leaves.push(role.leaf)
    })
    pictureOf[i] = pictures.of(leaves)
    pictures.spend(pictureOf[i]!, shares[i]!)
  }
  eachFlow(longRun, (from, to, rate) => pictures.flow(pictureOf[from]!, pictureOf[to]!, rate))
  return pictures.marginal()
}
