/**
 * The `n`-th smallest of some times (from 1); −∞ for 0, infinity where there are fewer.
 * @param room as long as `times`, to sort in
 */
export function nth(times: Float64Array, n: number, room: Float64Array): number {
  if (n === 0) return Number.NEGATIVE_INFINITY
  if (n > times.length) return Number.POSITIVE_INFINITY
  // Insertion: a handful of members, and no allocation.
  for (let i = 0; i < times.length; i++) {
    let place = i
    for (; place > 0 && room[place - 1]! > times[i]!; place--) room[place] = room[place - 1]!
    room[place] = times[i]!
  }
  return room[n - 1]!
}
