import type { Phases } from './phases.ts'

/** Erlang laws of given orders in parallel. */
export interface ErlangMixture {
  /** Phases of each. */
  readonly orders: readonly number[]
  /** Probability of each. */
  readonly shares: readonly number[]
  /** Rate of each one's phases. */
  readonly rates: readonly number[]
}

/** Probability masses at points of time: what a mixture is fitted to. */
export interface Masses {
  readonly times: Float64Array
  readonly weights: Float64Array
}

/** Rounds of expectation and maximisation. The distance to the law hardly moves after a hundred. */
const ROUNDS = 250
/** A law whose share falls below this is of no use: fewer laws say the same. */
const SHARE_MIN = 1e-9

/**
 * The mixture of Erlang laws of these orders that makes the masses most likely, by expectation and maximisation
 * (Thümmler, Buchholz and Telek 2006, IEEE Transactions on Dependable and Secure Computing 3, 245–258). Each round leaves
 * the mean of the mixture at that of the masses. Null: one of the laws fades away.
 *
 * @param orders in the order in which they begin at longer and longer times
 */
export function fitMixture({ times, weights }: Masses, orders: readonly number[]): ErlangMixture | null {
  const count = orders.length
  const logs = times.map(Math.log)
  let shares = orders.map(() => 1 / count)
  let rates = quantilesOf(times, weights, count).map((time, k) => orders[k]! / time)
  const constants = orders.map(logFactorialBelow)
  const densities = new Float64Array(count)
  for (let round = 0; round < ROUNDS; round++) {
    const heights = orders.map((order, k) => Math.log(shares[k]!) + order * Math.log(rates[k]!) - constants[k]!)
    const masses = new Float64Array(count)
    const moments = new Float64Array(count)
    for (let i = 0; i < times.length; i++) {
      let total = 0
      for (let k = 0; k < count; k++) {
        densities[k] = Math.exp(heights[k]! + (orders[k]! - 1) * logs[i]! - rates[k]! * times[i]!)
        total += densities[k]!
      }
      if (total === 0) continue
      const weight = weights[i]! / total
      for (let k = 0; k < count; k++) {
        masses[k]! += weight * densities[k]!
        moments[k]! += weight * densities[k]! * times[i]!
      }
    }
    const whole = masses.reduce((sum, mass) => sum + mass, 0)
    if (!masses.every((mass) => mass > SHARE_MIN * whole)) return null
    shares = Array.from(masses, (mass) => mass / whole)
    rates = orders.map((order, k) => (order * masses[k]!) / moments[k]!)
  }
  return { orders, shares, rates }
}

/** The same mixture, stretched in time so that its mean is this. */
export function withMeanOf({ orders, shares, rates }: ErlangMixture, mean: number): ErlangMixture {
  const own = orders.reduce((sum, order, k) => sum + (shares[k]! * order) / rates[k]!, 0)
  return { orders, shares, rates: rates.map((rate) => (rate * own) / mean) }
}

/** Its phases, one law after the other; laws of one phase first change nothing. */
export function phasesOfMixture({ orders, shares, rates }: ErlangMixture): Phases {
  const laws = orders.flatMap((order, k) => Array.from({ length: order }, (_, i) => ({ k, isFirst: i === 0 })))
  return {
    initial: laws.map(({ k, isFirst }) => (isFirst ? shares[k]! : 0)),
    rates: laws.map(({ k }) => rates[k]!),
    next: laws.map((_, i) => laws.map((to, j) => (j === i + 1 && !to.isFirst ? 1 : 0))),
  }
}

/** Ways to lay so many phases out over laws, at most `most` of them: each once, largest order first. */
export function ordersOf(phases: number, most: number, largest = phases): number[][] {
  if (phases === 0) return [[]]
  if (most === 0) return []
  const found: number[][] = []
  for (let order = Math.min(phases, largest); order >= 1; order--) {
    for (const rest of ordersOf(phases - order, most - 1, order)) found.push([order, ...rest])
  }
  return found
}

/** Times below which the first, third, fifth … of 2 `count` equal shares lie. */
function quantilesOf(times: Float64Array, weights: Float64Array, count: number): number[] {
  const found: number[] = []
  let passed = 0
  for (let i = 0; i < times.length && found.length < count; i++) {
    passed += weights[i]!
    while (found.length < count && passed >= (found.length + 0.5) / count) found.push(times[i]!)
  }
  while (found.length < count) found.push(times.at(-1)!)
  return found
}

/** ln((order − 1)!) */
function logFactorialBelow(order: number): number {
  let sum = 0
  for (let i = 2; i < order; i++) sum += Math.log(i)
  return sum
}
