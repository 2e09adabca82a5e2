/**
 * Streaming moments as plain data: what they hold can be written as JSON and read back to the same bits.
 * They are exact up to rounding for any data, and the same bits for the same order of adding.
 */

/** Count, mean, central sums of order two and three, extremes, and how many values were not zero. */
export interface Moments {
  n: number
  mean: number
  /** Σ (x − mean)². */
  m2: number
  /** Σ (x − mean)³. */
  m3: number
  /** 0 while nothing was added. */
  min: number
  max: number
  /** Values other than zero. */
  hits: number
}

export function newMoments(): Moments {
  return { n: 0, mean: 0, m2: 0, m3: 0, min: 0, max: 0, hits: 0 }
}

/** Adds one value (update formulas of Pébay, SAND2008-6212, for a single new value). */
export function addTo(moments: Moments, x: number): void {
  const before = moments.n
  const n = before + 1
  const delta = x - moments.mean
  const step = delta / n
  const term = delta * step * before
  moments.n = n
  moments.mean += step
  moments.m3 += term * step * (n - 2) - 3 * step * moments.m2
  moments.m2 += term
  if (before === 0 || x < moments.min) moments.min = x
  if (before === 0 || x > moments.max) moments.max = x
  if (x !== 0) moments.hits += 1
}

/** Sample variance with n − 1; 0 for fewer than two values. */
export function varianceOf(moments: Moments): number {
  return moments.n < 2 ? 0 : moments.m2 / (moments.n - 1)
}

/** Standard error of the mean. */
export function standardErrorOf(moments: Moments): number {
  return moments.n < 2 ? 0 : Math.sqrt(varianceOf(moments) / moments.n)
}

/** Sample skewness m₃ / m₂^1.5 (population form, never more than √n in size); 0 without spread. */
export function skewnessOf(moments: Moments): number {
  if (moments.n < 3 || !(moments.m2 > 0)) return 0
  return (Math.sqrt(moments.n) * moments.m3) / moments.m2 ** 1.5
}

/** The moments of the values times a positive factor. */
export function scaled(moments: Moments, factor: number): Moments {
  return {
    n: moments.n,
    mean: moments.mean * factor,
    m2: moments.m2 * factor ** 2,
    m3: moments.m3 * factor ** 3,
    min: moments.min * factor,
    max: moments.max * factor,
    hits: moments.hits,
  }
}

/** The moments of values that are all larger by a constant. */
export function shifted(moments: Moments, by: number): Moments {
  if (by === 0) return moments
  const { n, mean, min, max } = moments
  return { ...moments, mean: mean + by, min: min + by, max: max + by, hits: n }
}

/** Moments of pairs, and of their difference y − x in whole and in its two signs. */
export interface PairMoments {
  readonly x: Moments
  readonly y: Moments
  readonly difference: Moments
  /** max(0, y − x) and max(0, x − y). */
  readonly above: Moments
  readonly below: Moments
  /** Σ (x − mean x)(y − mean y). */
  cross: number
  /** Σ (x − mean x)² (y − mean y) and Σ (x − mean x)(y − mean y)²: how skewed the two are together. */
  crossXXY: number
  crossXYY: number
}

export function newPairMoments(): PairMoments {
  return {
    x: newMoments(),
    y: newMoments(),
    difference: newMoments(),
    above: newMoments(),
    below: newMoments(),
    cross: 0,
    crossXXY: 0,
    crossXYY: 0,
  }
}

/** Adds one pair. */
export function addPairTo(pairs: PairMoments, x: number, y: number): void {
  const dx = x - pairs.x.mean
  addThirdTo(pairs, dx, y - pairs.y.mean)
  addTo(pairs.x, x)
  addTo(pairs.y, y)
  pairs.cross += dx * (y - pairs.y.mean)
  addTo(pairs.difference, y - x)
  addTo(pairs.above, Math.max(0, y - x))
  addTo(pairs.below, Math.max(0, x - y))
}

/** Mixed sums of order three after one more pair, so far from the means before; those of order two are still those before. */
function addThirdTo(pairs: PairMoments, dx: number, dy: number): void {
  const before = pairs.x.n
  const n = before + 1
  const [a, b] = [dx / n, dy / n]
  const own = before * (before ** 2 - 1)
  pairs.crossXXY += own * a * a * b - 2 * a * pairs.cross - b * pairs.x.m2
  pairs.crossXYY += own * a * b * b - 2 * b * pairs.cross - a * pairs.y.m2
}

/** The moments of pairs whose two values are multiplied by the same positive factor. */
export function scaledPairs(pairs: PairMoments, factor: number): PairMoments {
  return {
    x: scaled(pairs.x, factor),
    y: scaled(pairs.y, factor),
    difference: scaled(pairs.difference, factor),
    above: scaled(pairs.above, factor),
    below: scaled(pairs.below, factor),
    cross: pairs.cross * factor ** 2,
    crossXXY: pairs.crossXXY * factor ** 3,
    crossXYY: pairs.crossXYY * factor ** 3,
  }
}

/** Pearson correlation of the pairs; 0 where one side has no spread. */
export function correlationOf(pairs: PairMoments): number {
  const size = Math.sqrt(pairs.x.m2) * Math.sqrt(pairs.y.m2)
  return size > 0 ? Math.max(-1, Math.min(1, pairs.cross / size)) : 0
}

/**
 * The moments of weighted values, with the number of equal ones that would say as much for the number that were not zero:
 * (Σ |x|)² / Σ x². A few that weigh nearly all are few, however many others there are.
 *
 * @param size mean of |x|, where values have both signs
 */
export function withEffectiveHits(moments: Moments, size: number = moments.mean): Moments {
  const { n, mean, m2, hits } = moments
  return { ...moments, hits: effectiveHits(hits, n, size, m2 / Math.max(1, n) + mean * mean) }
}

/**
 * How many equal values would say as much as these `hits` of `n` that were not zero.
 *
 * @param size mean of |x|
 * @param squares mean of x²
 */
export function effectiveHits(hits: number, n: number, size: number, squares: number): number {
  if (hits === 0 || squares === 0) return hits
  return Math.max(1, Math.min(hits, Math.round((n * size * size) / squares)))
}
