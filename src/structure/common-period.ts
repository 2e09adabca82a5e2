/** Units of time that periods are counted in: 1/1024 ms, as the clock counts. */
const QUANTA_PER_MS = 1024
/** Above it counting is no longer exact: 279 years. */
const QUANTA_MAX = 2 ** 53

/**
 * The time (ms) after which calendars of these periods (ms) stand to one another as they do at t = 0, where all periods
 * begin: their least common multiple.
 *
 * @returns null when that takes longer than time is counted; whatever each does then meets whatever the others do
 */
export function commonPeriod(periods: readonly number[]): number | null {
  let common = 1
  for (const period of periods) {
    const quanta = Math.round(period * QUANTA_PER_MS)
    common *= quanta / greatestCommonDivisor(common, quanta)
    if (!(common <= QUANTA_MAX)) return null
  }
  return common / QUANTA_PER_MS
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
