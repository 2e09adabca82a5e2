/**
 * The numbers 0, 1, … in ascending order of small counts, equals as they stand. In order of what has failed is the order
 * of sweeps, from the likely to the unlikely.
 */
export function inOrderOf(counts: Int32Array): Int32Array {
  let most = 0
  for (let i = 0; i < counts.length; i++) most = Math.max(most, counts[i]!)
  const places = new Int32Array(most + 2)
  for (let i = 0; i < counts.length; i++) places[counts[i]! + 1]!++
  for (let count = 0; count <= most; count++) places[count + 1]! += places[count]!
  const order = new Int32Array(counts.length)
  for (let i = 0; i < counts.length; i++) order[places[counts[i]!]!++] = i
  return order
}
