import type { Chain, Rows } from './chain.ts'
import type { Entity } from './entity.ts'
import { type Regenerative, regenerative } from './hand-over.ts'
import { inOrderOf } from './in-order.ts'
import { balanceOf, recurrentStates, restricted } from './stationary.ts'

/** A chain in the long run. */
export interface LongRun {
  readonly chain: Chain
  /** Per state: share of time. */
  readonly shares: Float64Array
  /** Hand-overs of a law without phases: how often one ends in a state (per millisecond). */
  readonly endings: Float64Array
  readonly relativeError: number
  readonly method: string
}

/** Solves a chain for the long run, or says why not. */
export function longRunOf(chain: Chain): LongRun | { readonly refused: string } {
  const hasGeneral = chain.general.some((role) => role >= 0)
  const seen: Regenerative | null = hasGeneral ? regenerative(chain) : { flows: chain.rates, spells: new Map() }
  if (seen === null) return { refused: 'hand-overs without phases can take too many ways' }
  const { flows, spells } = seen
  const moments = hasGeneral ? usedStates(chain, flows) : null
  const inner = moments === null ? flows : restricted(flows, moments, chain.size)
  const innerSize = moments?.length ?? chain.size
  // Where all that fails is repaired and there are no roles, every state leads to every other.
  const isOne =
    !hasGeneral &&
    chain.layout.roles.length === 0 &&
    chain.start.length === 1 &&
    chain.layout.entities.every(alwaysReturns)
  const recurrent = isOne ? countedTo(innerSize) : recurrentStates(inner, innerSize)
  // More than one set of states is never left.
  if (recurrent === null) return { refused: 'the long run depends on the start' }
  const all = recurrent.length === innerSize
  const kept = all ? inner : restricted(inner, recurrent, innerSize)
  const original = (i: number) => {
    const state = all ? i : recurrent[i]!
    return moments === null ? state : moments[state]!
  }
  const depths = new Int32Array(recurrent.length)
  for (let i = 0; i < depths.length; i++) depths[i] = chain.depths[original(i)]!
  const balance = balanceOf(kept, inOrderOf(depths))
  const shares = new Float64Array(chain.size)
  const endings = new Float64Array(chain.size)
  balance.weights.forEach((weight, i) => {
    const state = original(i)
    const spell = spells.get(state)
    if (spell === undefined) {
      shares[state]! += weight
      return
    }
    spell.states.forEach((within: number, s: number) => {
      shares[within]! += weight * spell.times[s]!
      endings[within]! += weight * spell.ends[s]!
    })
  })
  const total = sumFromSmall(shares)
  for (let i = 0; i < shares.length; i++) {
    shares[i]! /= total
    endings[i]! /= total
  }
  return { chain, shares, endings, relativeError: balance.relativeError, method: balance.method }
}

/** 0, 1, … up to before `size`. */
function countedTo(size: number): Int32Array {
  const numbers = new Int32Array(size)
  for (let i = 0; i < size; i++) numbers[i] = i
  return numbers
}

function alwaysReturns({ failure, repair }: Entity): boolean {
  return failure === null || repair !== null
}

/** Every flow from state to state in the long run (per millisecond). */
export function eachFlow(longRun: LongRun, each: (from: number, to: number, rate: number) => void): void {
  const { chain, shares, endings } = longRun
  const { rates, handOvers, size } = chain
  for (let i = 0; i < size; i++) {
    const share = shares[i]!
    if (share > 0) {
      for (let k = rates.starts[i]!; k < rates.starts[i + 1]!; k++) each(i, rates.columns[k]!, share * rates.values[k]!)
    }
    const ends = endings[i]!
    if (ends === 0) continue
    for (let k = handOvers.starts[i]!; k < handOvers.starts[i + 1]!; k++) {
      each(i, handOvers.columns[k]!, ends * handOvers.values[k]!)
    }
  }
}

/** States with a row or a column: the others are passed through during hand-overs only. */
function usedStates(chain: Chain, flows: Rows): Int32Array {
  const used = new Uint8Array(chain.size)
  for (let i = 0; i < chain.size; i++) {
    if (flows.starts[i + 1]! > flows.starts[i]!) used[i] = 1
    for (let k = flows.starts[i]!; k < flows.starts[i + 1]!; k++) used[flows.columns[k]!] = 1
  }
  return Int32Array.from([...used.keys()].filter((i) => used[i] === 1))
}

/** The sum, small terms first. */
export function sumFromSmall(values: Float64Array): number {
  let sum = 0
  for (const value of values.slice().sort()) sum += value
  return sum
}
