import { DDSketch } from '@datadog/sketches-js'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { LEVEL } from './interval.ts'

/** Relative error of every quantile read from a sketch. */
export const SKETCH_ACCURACY = 0.005

/** A sketch as plain data: the same for the same values in any order. */
export interface SketchData {
  readonly zeros: number
  readonly min: number
  readonly max: number
  /** Bucket numbers, ascending, and how many values each holds. */
  readonly keys: readonly number[]
  readonly counts: readonly number[]
}

/** A quantile with its confidence bounds; `hi` null: there are too few values for an upper bound. */
export interface QuantileBounds {
  readonly value: number
  readonly lo: number
  readonly hi: number | null
}

/**
 * Quantiles of non-negative values in bounded memory: a DDSketch (Masson, Rim, Lee 2019) of 0.5 % relative accuracy with
 * exact extremes. What it says does not depend on the order of adding.
 */
export class QuantileSketch {
  readonly #sketch = new DDSketch({ relativeAccuracy: SKETCH_ACCURACY })

  get count(): number {
    return this.#sketch.count
  }

  /** Exact; 0 without values. */
  get min(): number {
    return this.count === 0 ? 0 : this.#sketch.min
  }

  /** Exact; 0 without values. */
  get max(): number {
    return this.count === 0 ? 0 : this.#sketch.max
  }

  add(value: number): void {
    this.#sketch.accept(value)
  }

  /** Adds all that the other has seen. */
  merge(other: QuantileSketch): void {
    if (other.count > 0) this.#absorb(other.toJSON())
  }

  /** The value of this 0-based rank in ascending order; the extremes are exact. */
  atRank(rank: number): number {
    if (rank <= 0) return this.min
    if (rank >= this.count - 1) return this.max
    const { zeroCount, store, mapping } = this.#sketch
    if (rank < zeroCount) return 0
    const value = mapping.value(store.keyAtRank(rank - zeroCount))
    return Math.min(this.max, Math.max(this.min, value))
  }

  /** The p-quantile: the smallest value that at least a share p of the values does not exceed. 0 without values. */
  quantile(p: number): number {
    return this.count === 0 ? 0 : this.atRank(Math.ceil(p * this.count - 1e-9) - 1)
  }

  /**
   * The p-quantile with distribution-free bounds from binomial order statistics, widened by the sketch's accuracy.
   * undefined without values; `lo` is 0 and `hi` null where the values do not reach far enough.
   */
  quantileBounds(p: number, level: number = LEVEL): QuantileBounds | undefined {
    const n = this.count
    if (n === 0) return undefined
    const { lower, upper } = orderStatistics(n, p, level)
    return {
      value: this.quantile(p),
      lo: lower < 0 ? 0 : Math.max(this.min, this.atRank(lower) * (1 - SKETCH_ACCURACY)),
      hi: upper >= n ? null : Math.min(this.max, this.atRank(upper) * (1 + SKETCH_ACCURACY)),
    }
  }

  /** Upper edges of the buckets that hold something, ascending, with the count up to and with each; the last is `max`. */
  cumulative(): readonly { readonly edge: number; readonly count: number }[] {
    const { keys, counts, zeros } = this.toJSON()
    const steps: { edge: number; count: number }[] = []
    let count = zeros
    if (zeros > 0) steps.push({ edge: 0, count })
    keys.forEach((key, i) => {
      count += counts[i]!
      const edge = this.#sketch.mapping.value(key) / (1 - SKETCH_ACCURACY)
      steps.push({ edge: Math.min(edge, this.max), count })
    })
    if (steps.length > 0) steps[steps.length - 1] = { edge: this.max, count }
    return steps
  }

  /** Plain data from which {@link QuantileSketch.fromJSON} makes an equal sketch. */
  toJSON(): SketchData {
    const { store, zeroCount } = this.#sketch
    const keys: number[] = []
    const counts: number[] = []
    for (let i = 0; i < store.bins.length; i++) {
      const count = store.bins[i]!
      if (count > 0) {
        keys.push(i + store.offset)
        counts.push(count)
      }
    }
    return { zeros: zeroCount, min: this.min, max: this.max, keys, counts }
  }

  static fromJSON(data: SketchData): QuantileSketch {
    const made = new QuantileSketch()
    if (data.zeros > 0 || data.keys.length > 0) made.#absorb(data)
    return made
  }

  /** Bucket by bucket: the library's own merge loses counts when the highest bucket is number 0. */
  #absorb(data: SketchData): void {
    const sketch = this.#sketch
    let added = data.zeros
    data.keys.forEach((key, i) => {
      sketch.store.add(key, data.counts[i]!)
      added += data.counts[i]!
    })
    sketch.zeroCount += data.zeros
    sketch.count += added
    sketch.min = Math.min(sketch.min, data.min)
    sketch.max = Math.max(sketch.max, data.max)
  }
}

/** Up to here binomial probabilities are summed exactly. */
const EXACT_UP_TO = 1000

/**
 * 0-based ranks whose order statistics enclose the p-quantile with at least the level: lower −1 or upper n where there is
 * no such value. (Conover 1999, Practical Nonparametric Statistics, 3.2.)
 */
export function orderStatistics(
  n: number,
  p: number,
  level: number,
): { readonly lower: number; readonly upper: number } {
  const alpha = (1 - level) / 2
  if (n > EXACT_UP_TO) {
    const spread = normalQuantile(1 - alpha, 0, 1) * Math.sqrt(n * p * (1 - p)) + 1
    return { lower: Math.floor(n * p - spread) - 1, upper: Math.min(n, Math.ceil(n * p + spread)) }
  }
  // X values lie below the quantile, X ~ Bin(n, p): rank r is at most it when X > r, and at least it when X ≤ r.
  let lower = -1
  let upper = n
  let below = 0
  let log = n * Math.log1p(-p)
  for (let k = 0; k <= n; k++) {
    below += Math.exp(log)
    if (below <= alpha) lower = k
    if (below >= 1 - alpha && upper === n) upper = k
    log += Math.log(((n - k) * p) / ((k + 1) * (1 - p)))
  }
  return { lower, upper }
}
