import { type Chain, transposed } from './chain.ts'
import { inOrderOf } from './in-order.ts'

const SWEEPS_MAX = 5000
/** Change of a sweep, of the whole, that is no more than rounding. */
const SETTLED = 1e-15

/**
 * The time that a chain will spend in each state more (or less) than in the long run, over all that is to come, when
 * its distribution differs from the long-run one by `difference` (sums to zero): y with y Q = −difference, Σ y = 0.
 * Gauss–Seidel, states in the order of what has failed.
 *
 * @returns null when the sweeps do not settle
 */
export function excessTime(chain: Chain, shares: Float64Array, difference: Float64Array): Float64Array | null {
  const { exits, size, depths } = chain
  const { starts, columns, values } = transposed(chain.rates, size)
  const order = inOrderOf(depths)
  const excess = new Float64Array(size)
  const last = new Float64Array(size)
  let before = 0
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    last.set(excess)
    let total = 0
    for (let o = 0; o < size; o++) {
      const i = order[o]!
      let sum = difference[i]!
      for (let k = starts[i]!; k < starts[i + 1]!; k++) sum += excess[columns[k]!]! * values[k]!
      excess[i] = sum / exits[i]!
      total += excess[i]!
    }
    let change = 0
    let whole = 0
    for (let i = 0; i < size; i++) {
      // What is left of the long run itself is no excess.
      excess[i]! -= total * shares[i]!
      change += Math.abs(excess[i]! - last[i]!)
      whole += Math.abs(excess[i]!)
    }
    if (change <= SETTLED * whole && sweep > 2) return excess
    // Where all go round in one ring, what is too much comes back as too little: the mean of both is near the solution.
    if (before < 0 && total > 0) for (let i = 0; i < size; i++) excess[i] = (excess[i]! + last[i]!) / 2
    before = total
  }
  return null
}
