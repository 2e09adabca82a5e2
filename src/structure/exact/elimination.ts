import { assert } from '../../base/assert.ts'

/**
 * The balance of a chain by state reduction (Grassmann, Taksar and Heyman 1985, Operations Research 33, 1107–1116).
 *
 * @param a rates from row to column, which it is done in
 * @returns weights, up to a factor
 */
export function eliminated(a: Float64Array, size: number): Float64Array {
  // Where the last state leads: most states lead to few others, and what is zero adds nothing.
  const targets = new Int32Array(size)
  for (let n = size - 1; n > 0; n--) {
    const last = n * size
    let out = 0
    let count = 0
    for (let j = 0; j < n; j++) {
      const rate = a[last + j]!
      if (rate === 0) continue
      out += rate
      targets[count++] = j
    }
    assert(out > 0, 'every state of a chain leads to those before it')
    for (let i = 0; i < n; i++) {
      const row = i * size
      const share = a[row + n]! / out
      if (share === 0) continue
      a[row + n] = share
      for (let t = 0; t < count; t++) a[row + targets[t]!]! += share * a[last + targets[t]!]!
    }
  }
  const weights = new Float64Array(size)
  weights[0] = 1
  for (let n = 1; n < size; n++) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += weights[i]! * a[i * size + n]!
    weights[n] = sum
  }
  return weights
}
