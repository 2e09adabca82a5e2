import { assert } from '../../base/assert.ts'

/**
 * The balance of a chain by state reduction (Grassmann, Taksar and Heyman 1985, Operations Research 33, 1107–1116).
 *
 * @param a rates from row to column, which it is done in
 * @returns weights, up to a factor
 */
export function eliminated(a: Float64Array, size: number): Float64Array {
  for (let n = size - 1; n > 0; n--) {
    let out = 0
    for (let j = 0; j < n; j++) out += a[n * size + j]!
    assert(out > 0, 'every state of a chain leads to those before it')
    for (let i = 0; i < n; i++) {
      const share = a[i * size + n]! / out
      if (share === 0) continue
      a[i * size + n] = share
      const row = i * size
      const last = n * size
      for (let j = 0; j < n; j++) a[row + j]! += share * a[last + j]!
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
