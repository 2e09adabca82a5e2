import { oncePer } from '../../base/once-per.ts'
import { RandomStreams } from '../../engine/random.ts'
import { type Chain, transposed } from './chain.ts'
import { inOrderOf } from './in-order.ts'

const SWEEPS_MAX = 5000
/** Change of a sweep, of the whole, that is no more than rounding. */
const SETTLED = 1e-15

/** Solutions after which what lasts longest is taken as found, and how near two in a row come then. */
const SOLUTIONS_MAX = 30
const NEAR = 0.01
/** On top of the longest life that was found: it is approached from below. */
const MARGIN = 1.05

/**
 * How long the slowest part of any distance from the long run takes to fall to 1/e (ms): the inverse power method, from a
 * distance that holds something of everything. What lasts ten times as long grows tenfold from one solution to the next.
 *
 * @returns null when the sweeps do not settle
 */
export function longestLife(chain: Chain, shares: Float64Array): number | null {
  let distance = somethingOfEverything(chain.size)
  let life = 0
  for (let solution = 0; solution < SOLUTIONS_MAX; solution++) {
    const excess = excessTime(chain, shares, toZeroSum(distance, shares))
    if (excess === null) return null
    const before = life
    life = excess.reduce((sum, one) => sum + Math.abs(one), 0)
    if (life === 0) return 0
    distance = excess.map((one) => one / life)
    if (solution > 3 && Math.abs(life - before) <= NEAR * life) break
  }
  return MARGIN * life
}

/** Numbers in [−1, 1) without a pattern, the same every time, scaled to a sum of 1 without signs. */
function somethingOfEverything(size: number): Float64Array {
  const chance = new RandomStreams('exact', 0).stream('longest-life')
  const numbers = Float64Array.from({ length: size }, () => 2 * chance.next() - 1)
  const total = numbers.reduce((sum, one) => sum + Math.abs(one), 0)
  return numbers.map((one) => one / total)
}

function toZeroSum(distance: Float64Array, shares: Float64Array): Float64Array {
  const total = distance.reduce((sum, one) => sum + one, 0)
  return distance.map((one, i) => one - total * shares[i]!)
}

/** Where each state is reached from, and the order of sweeps: the same for all solutions of a chain. */
const sweepsOf = oncePer(({ rates, size, depths }: Chain) => ({
  ...transposed(rates, size),
  order: inOrderOf(depths),
}))

/**
 * The time that a chain will spend in each state more (or less) than in the long run, over all that is to come, when
 * its distribution differs from the long-run one by `difference` (sums to zero): y with y Q = −difference, Σ y = 0.
 * Gauss–Seidel, states in the order of what has failed.
 *
 * @returns null when the sweeps do not settle
 */
export function excessTime(chain: Chain, shares: Float64Array, difference: Float64Array): Float64Array | null {
  const { exits, size } = chain
  const { starts, columns, values, order } = sweepsOf(chain)
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
