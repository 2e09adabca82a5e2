/**
 * Numbers 0, 1, … in order of what has failed, equals as they stand: the order of sweeps, from the likely to the
 * unlikely.
 *
 * @param depths per number: how many things are down
 */
export function inOrderOfDepth(depths: Int32Array): Int32Array {
  let deepest = 0
  for (let i = 0; i < depths.length; i++) deepest = Math.max(deepest, depths[i]!)
  const places = new Int32Array(deepest + 2)
  for (let i = 0; i < depths.length; i++) places[depths[i]! + 1]!++
  for (let depth = 0; depth <= deepest; depth++) places[depth + 1]! += places[depth]!
  const order = new Int32Array(depths.length)
  for (let i = 0; i < depths.length; i++) order[places[depths[i]!]!++] = i
  return order
}
