/**
 * Simulated time: milliseconds as a double, always a multiple of 1/1024 ms.
 * Sums and differences of such values are exact for 279 years (2^53 / 1024 ms), so a result cannot depend on the
 * order in which delays were added.
 */
declare const unit: unique symbol

/** Milliseconds of simulated time, quantised to 1/1024 ms. Made only by {@link ms}. */
export type Ms = number & { readonly [unit]: 'ms' }

/** Ticks of 1/1024 ms in a millisecond. */
const QUANTA_PER_MS = 1024

/**
 * Rounds to the nearest 1/1024 ms: the only way from a plain number to {@link Ms}.
 *
 * Every drawn delay comes through here. Adding and subtracting 1.5 · 2^52 leaves the nearest whole number in the
 * mantissa, several times quicker than `Math.round`; it works below 2^51 quanta, which is 69 years.
 */
export function ms(value: number): Ms {
  const quanta = value * QUANTA_PER_MS
  const isSmall = quanta < SMALL && quanta > -SMALL
  return ((isSmall ? quanta + ROUNDER - ROUNDER : Math.round(quanta)) / QUANTA_PER_MS) as Ms
}

const SMALL = 2 ** 51
const ROUNDER = 1.5 * 2 ** 52

/** Exact sum of two quantised times. */
export function addMs(a: Ms, b: Ms): Ms {
  return (a + b) as Ms
}

export const NEVER = Number.POSITIVE_INFINITY as Ms
export const ZERO = 0 as Ms
export const SECOND = 1_000
export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 86_400_000
export const WEEK = 604_800_000
/** A year of 365.25 days, as everywhere on hasim's command line and in its results. */
export const YEAR = 365.25 * DAY
export const MONTH = YEAR / 12
/** For figures told by the year, whose durations are seconds. */
export const SECONDS_PER_YEAR: number = YEAR / 1000
