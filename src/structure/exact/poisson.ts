/**
 * Poisson weights e^−m m^k / k! for k from `first` on, scaled so that they sum to one; what is left out on either side
 * is below 1e-18 of the whole, and more steps than {@link FEW} above the mean: what takes many failures within a second
 * hangs on weights that are next to nothing. Found by recurrence from the mode, as Fox and Glynn (1988, CACM 31, 440–445) do.
 */
export interface PoissonWeights {
  readonly first: number
  readonly weights: Float64Array
}

const LEFT_OUT = 1e-18
/** So many steps beyond the mean are followed however small their weight. */
export const FEW = 40

export function poissonWeights(mean: number): PoissonWeights {
  if (mean === 0) return { first: 0, weights: Float64Array.of(1) }
  const mode = Math.floor(mean)
  const below: number[] = []
  for (let k = mode, w = 1; k > 0; k--) {
    w *= k / mean
    if (w < LEFT_OUT) break
    below.push(w)
  }
  const above: number[] = []
  for (let k = mode + 1, w = 1; ; k++) {
    w *= mean / k
    if (w === 0 || (w < LEFT_OUT && k > mean + FEW)) break
    above.push(w)
  }
  const weights = new Float64Array(below.length + 1 + above.length)
  for (let i = 0; i < below.length; i++) weights[below.length - 1 - i] = below[i]!
  weights[below.length] = 1
  weights.set(above, below.length + 1)
  let sum = 0
  // From the small ends to the large middle.
  for (let i = 0; i < below.length; i++) sum += weights[i]!
  let upper = 0
  for (let i = weights.length - 1; i >= below.length; i--) upper += weights[i]!
  const total = sum + upper
  for (let i = 0; i < weights.length; i++) weights[i]! /= total
  return { first: mode - below.length, weights }
}
