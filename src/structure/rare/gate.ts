/**
 * The probability that a gate is lost: that fewer than `count` of its inputs hold, each being lost with its own
 * probability and all taken as independent.
 */
export function chanceOfLoss(count: number, lost: readonly number[]): number {
  const most = lost.length - count + 1
  if (most <= 0) return 1
  // How many are lost; the last entry is "that many or more".
  const counts = new Float64Array(most + 1)
  counts[0] = 1
  for (const chance of lost) {
    counts[most]! += counts[most - 1]! * chance
    for (let k = most - 1; k >= 0; k--) {
      counts[k] = counts[k]! * (1 - chance) + (k === 0 ? 0 : counts[k - 1]! * chance)
    }
  }
  return counts[most]!
}
