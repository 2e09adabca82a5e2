import { assertNever } from '../../base/assert.ts'
import type { CompiledModel } from '../compile.ts'
import type { Condition } from '../model.ts'
import { needOf } from './coupling.ts'
import type { Marginal } from './marginal.ts'

/**
 * Puts together parts that a condition never tells apart: wherever one of them is asked for, all of them are, in series. A
 * machine, its etcd and its disk are one thing that is up while all three are, so that combinations of modules need to be gone
 * through for one instead of three. The first stands for all; the others are as good as always up.
 */
export function inSeries(
  compiled: CompiledModel,
  condition: Condition,
  marginals: readonly Marginal[],
): readonly Marginal[] {
  if (compiled.plan.cyclic) return marginals
  const places = new Gates(compiled).of(condition)
  const together = new Map<string, Marginal[]>()
  const rest: Marginal[] = []
  for (const marginal of marginals) {
    const leaf = soleLeaf(marginal)
    const place = leaf === null || isShared(leaf, marginal, marginals) ? undefined : places.get(leaf)
    if (place === undefined) rest.push(marginal)
    else together.set(place, [...(together.get(place) ?? []), marginal])
  }
  return [...[...together.values()].map(series), ...rest]
}

/** The leaf of a module that is one part by itself; null: it is more. */
export function soleLeaf({ lowered }: Marginal): number | null {
  if (lowered.length !== 2 || !lowered.some((leaves) => leaves.length === 0)) return null
  const leaves = lowered.find((some) => some.length > 0)!
  return leaves.length === 1 ? leaves[0]! : null
}

/** Whether a part and an event, or a calendar, lower the same leaf: then neither decides it alone. */
export function isShared(leaf: number, own: Marginal, marginals: readonly Marginal[]): boolean {
  return marginals.some((other) => other !== own && other.lowered.some((leaves) => leaves.includes(leaf)))
}

/** Independent parts in series: lost when the first of them is, with the others up; back when the last is. */
function series(members: readonly Marginal[]): Marginal {
  const [first] = members
  if (members.length === 1) return first!
  const alone = members.map(({ lowered, shares, flows }) => {
    const down = lowered.findIndex((leaves) => leaves.length > 0)
    const rate = (to: number) => flows.reduce((sum, flow) => (flow.to === to ? sum + flow.rate : sum), 0)
    return { up: shares[1 - down]!, down: shares[down]!, lost: rate(down), back: rate(1 - down) }
  })
  let [up, down, lost, back] = [1, 0, 0, 0]
  for (const one of alone) {
    lost = lost * one.up + one.lost * up
    back = back * one.up + one.back * up
    down += one.down * up
    up *= one.up
  }
  return {
    lowered: [[], [soleLeaf(first!)!]],
    shares: [up, down],
    flows: [
      { from: 0, to: 1, rate: lost },
      { from: 1, to: 0, rate: back },
    ],
  }
}

/** At which gates of a condition, needs and services spelt out, each leaf is asked for. */
class Gates {
  readonly #compiled: CompiledModel
  readonly #places = new Map<number, string>()
  #count = 0

  constructor(compiled: CompiledModel) {
    this.#compiled = compiled
  }

  /** By leaf, in words that are the same for leaves that are asked for at the same gates of things in series. */
  of(condition: Condition): ReadonlyMap<number, string> {
    this.#visit(condition, this.#count++)
    return this.#places
  }

  /** @param series number of the gate that wants this and whatever else is asked for there */
  #visit(condition: Condition, series: number): void {
    const { model, upNodes, roles } = this.#compiled
    switch (condition.kind) {
      case 'part': {
        this.#meet(upNodes[condition.part]!, series)
        const need = needOf(this.#compiled, condition.part)
        if (need !== null) this.#visit(need, series)
        return
      }
      case 'service':
        this.#visit(model.services[condition.service]!.condition, series)
        return
      case 'role':
        this.#meet(roles[condition.role]!.leaf, series)
        return
      case 'all':
        for (const inner of condition.of) this.#visit(inner, series)
        return
      case 'any':
      case 'at-least':
        for (const inner of condition.of) this.#visit(inner, this.#count++)
        return
      default:
        assertNever(condition)
    }
  }

  /** A gate that asks twice for the same asks once. */
  #meet(leaf: number, gate: number): void {
    const before = this.#places.get(leaf)
    if (before === undefined) this.#places.set(leaf, `${gate}`)
    else if (!before.split(' ').includes(`${gate}`)) this.#places.set(leaf, `${before} ${gate}`)
  }
}
