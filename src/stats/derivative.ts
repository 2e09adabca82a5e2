import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { type Estimated, LEVEL } from './interval.ts'

/**
 * Sums over replications for the derivative of the logarithm of a mean loss: the loss, the loss times its score (whose
 * mean is the derivative), and the score at the end, whose mean is known to be zero. Plain data.
 */
export interface DerivativeSums {
  n: number
  /** Replications that lost something. */
  hits: number
  lost: number
  product: number
  score: number
  /** Central sums of squares and products of these three. */
  lostLost: number
  productProduct: number
  scoreScore: number
  lostProduct: number
  lostScore: number
  productScore: number
  /** The largest loss of a replication. */
  most: number
}

export function newDerivativeSums(): DerivativeSums {
  return {
    n: 0,
    hits: 0,
    lost: 0,
    product: 0,
    score: 0,
    lostLost: 0,
    productProduct: 0,
    scoreScore: 0,
    lostProduct: 0,
    lostScore: 0,
    productScore: 0,
    most: 0,
  }
}

/** Adds one replication. */
export function addDerivativeTo(sums: DerivativeSums, lost: number, product: number, score: number): void {
  const n = sums.n + 1
  const toLost = lost - sums.lost
  const toProduct = product - sums.product
  const toScore = score - sums.score
  sums.n = n
  if (lost !== 0) sums.hits += 1
  if (lost > sums.most) sums.most = lost
  sums.lost += toLost / n
  sums.product += toProduct / n
  sums.score += toScore / n
  const left = (n - 1) / n
  sums.lostLost += left * toLost * toLost
  sums.productProduct += left * toProduct * toProduct
  sums.scoreScore += left * toScore * toScore
  sums.lostProduct += left * toLost * toProduct
  sums.lostScore += left * toLost * toScore
  sums.productScore += left * toProduct * toScore
}

/** With fewer replications that lost something nothing is said. */
export const DERIVATIVE_HITS_MIN = 10

const METHOD =
  'likelihood ratio: mean of loss times score over the mean loss, the final score as control, delta method with t quantiles'

/**
 * The derivative of the logarithm of the mean loss, with its interval: the ratio of two correlated means, after what the
 * final score explains is taken off the first.
 *
 * @returns null: too few replications lost something
 */
export function derivativeInterval(sums: DerivativeSums, level: number = LEVEL): Estimated | null {
  const { n, hits, lost } = sums
  if (hits < DERIVATIVE_HITS_MIN || !(lost > 0)) return null
  const control = sums.scoreScore > 0 ? sums.productScore / sums.scoreScore : 0
  const mean = (sums.product - control * sums.score) / lost
  // Of d = product − control · score − mean · lost.
  const squares =
    sums.productProduct +
    control ** 2 * sums.scoreScore +
    mean ** 2 * sums.lostLost -
    2 * control * sums.productScore -
    2 * mean * sums.lostProduct +
    2 * mean * control * sums.lostScore
  const error = Math.sqrt(Math.max(0, squares) / (n - 1) / n) / lost
  const half = tQuantile((1 + level) / 2, hits - 1) * error
  return { mean, lo: mean - half, hi: mean + half, level, n, method: METHOD }
}
