import { LEVEL } from './interval.ts'
import { orderStatistics, type QuantileBounds } from './sketch.ts'

/**
 * Lengths that were seen in weighted walks, as plain data. Only so many walks are kept: the first, which are as good as any.
 */
export interface WeightedLengths {
  /** By walk: its likelihood ratio, and how many lengths are its own. */
  readonly weights: number[]
  readonly counts: number[]
  /** Of all walks, one after the other. */
  readonly values: number[]
}

export const WALKS_KEPT = 20_000

export function newWeightedLengths(): WeightedLengths {
  return { weights: [], counts: [], values: [] }
}

/** Adds what one walk saw; one that saw nothing tells nothing. */
export function addLengthsTo(into: WeightedLengths, weight: number, lengths: ArrayLike<number>): void {
  if (lengths.length === 0 || into.weights.length >= WALKS_KEPT) return
  into.weights.push(weight)
  into.counts.push(lengths.length)
  for (let i = 0; i < lengths.length; i++) into.values.push(lengths[i]!)
}

/**
 * Quantiles of weighted lengths: of all lengths, each counting as much as its walk weighs, the smallest that a share p does
 * not exceed.
 *
 * Bounds are those of binomial order statistics, as for a plain sample, of as many lengths as would tell the share as surely:
 * p (1 − p) over the variance of the weighted share, walks being what is drawn (Korn and Graubard 1998, Survey
 * Methodology 24, 193–201, turned round as Woodruff 1952, J. Amer. Statist. Assoc. 47, 635–646), and no more than the
 * unequal weights leave, (Σ w)² / Σ w².
 */
export class WeightedQuantiles {
  /** Places of lengths, ascending by length, and the weight up to and with each. */
  readonly #values: Float64Array
  readonly #upTo: Float64Array
  readonly #lengths: WeightedLengths
  readonly #whole: number

  constructor(lengths: WeightedLengths) {
    const each = weightOfEach(lengths)
    const order = Uint32Array.from(lengths.values, (_, i) => i)
    order.sort((a, b) => lengths.values[a]! - lengths.values[b]! || a - b)
    this.#lengths = lengths
    this.#values = Float64Array.from(order, (i) => lengths.values[i]!)
    this.#upTo = new Float64Array(order.length)
    let whole = 0
    order.forEach((i, place) => {
      whole += each[i]!
      this.#upTo[place] = whole
    })
    this.#whole = whole
  }

  /** undefined without lengths; `lo` is 0 and `hi` null where they do not reach far enough. */
  bounds(p: number, level: number = LEVEL): QuantileBounds | undefined {
    if (this.#values.length === 0) return undefined
    const value = this.#at(p)
    const n = this.#equalLengths(p, value)
    const { lower, upper } = orderStatistics(n, p, level)
    return {
      value,
      lo: lower < 0 ? 0 : Math.min(value, this.#at((lower + 0.5) / n)),
      hi: upper >= n ? null : Math.max(value, this.#at((upper + 0.5) / n)),
    }
  }

  /** Lengths, ascending, with the weight of all that are at most as long. */
  cumulative(): readonly { readonly edge: number; readonly count: number }[] {
    return Array.from(this.#values, (edge, i) => ({ edge, count: this.#upTo[i]! }))
  }

  #at(share: number): number {
    const wanted = share * this.#whole * (1 - 1e-12)
    let from = 0
    let to = this.#values.length - 1
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#upTo[middle]! < wanted) from = middle + 1
      else to = middle
    }
    return this.#values[from]!
  }

  /** How many lengths, each of a walk of its own that weighs as much as the others, would tell as surely which share is at most `value`. */
  #equalLengths(p: number, value: number): number {
    const { weights, counts, values } = this.#lengths
    let squares = 0
    let sizes = 0
    let i = 0
    weights.forEach((weight, walk) => {
      let off = 0
      const end = i + counts[walk]!
      for (; i < end; i++) off += (values[i]! <= value ? 1 : 0) - p
      squares += (weight * off) ** 2
      sizes += weight ** 2 * counts[walk]!
    })
    const equal = Math.min((p * (1 - p) * this.#whole ** 2) / squares, this.#whole ** 2 / sizes)
    return Math.max(1, Math.min(values.length, Math.floor(equal)))
  }
}

function weightOfEach({ weights, counts }: WeightedLengths): number[] {
  return weights.flatMap((weight, walk) => new Array<number>(counts[walk]!).fill(weight))
}
