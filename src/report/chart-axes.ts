/** Axes of durations: a unit that suits the numbers, and round ticks where the axis is logarithmic. */

interface AxisUnit {
  readonly plural: string
  readonly seconds: number
}

const UNITS: readonly AxisUnit[] = [
  { plural: 'days', seconds: 86_400 },
  { plural: 'hours', seconds: 3_600 },
  { plural: 'minutes', seconds: 60 },
  { plural: 'seconds', seconds: 1 },
]

/** The biggest unit of which the longest duration of an axis holds at least two. */
export function axisUnit(longestSeconds: number): AxisUnit {
  return UNITS.find((unit) => longestSeconds >= 2 * unit.seconds) ?? { plural: 'milliseconds', seconds: 0.001 }
}

/** Whether values differ so much that the small ones would vanish on a linear axis. */
export function needsLog(values: readonly number[]): boolean {
  const positive = values.filter((value) => value > 0)
  return positive.length > 1 && Math.max(...positive) > 30 * Math.min(...positive)
}

const ROUND = [0.001, 0.01, 0.1, 1, 10, 60, 600, 3_600, 36_000, 86_400, 864_000, 8_640_000]

/** The round durations between two, in seconds. */
export function durationTicks(from: number, to: number): readonly number[] {
  return ROUND.filter((tick) => tick >= from && tick <= to)
}

/** How ticks in seconds are labelled: `10 s`, `1 m`, `1 h`. */
export const DURATION_AXIS = {
  labelExpr: [
    'datum.value < 1 ? round(datum.value * 1000) + " ms"',
    'datum.value < 60 ? datum.value + " s"',
    'datum.value < 3600 ? datum.value / 60 + " m"',
    'datum.value < 86400 ? datum.value / 3600 + " h"',
    'datum.value / 86400 + " d"',
  ].join(' : '),
  labelOverlap: false,
} as const
