/**
 * Durations, availabilities, intervals and counts as people read them. Durations are seconds.
 * A minus is U+2212, as in print; spaces are plain.
 */

/** What can be shown with its uncertainty: an `Estimate` of the result file, for one. `hi` null: no upper bound. */
export interface Spread {
  readonly mean: number
  readonly lo: number
  readonly hi: number | null
}

const MINUS = '−'
const UNITS: readonly { readonly name: string; readonly seconds: number }[] = [
  { name: 'y', seconds: 31_557_600 },
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'm', seconds: 60 },
  { name: 's', seconds: 1 },
]

/** A duration in its two biggest units: `6 m 19 s`, `1.4 s`, `120 ms`, `2 d 3 h`, `−4 m 40 s`; an exact `30 m` stays short. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return seconds > 0 ? 'for ever' : String(seconds)
  if (seconds < 0) return withSign(seconds, formatDuration(-seconds))
  if (seconds === 0) return '0 s'
  const millis = toPrecision(seconds * 1000, 2)
  if (seconds < TINY) {
    const unit = tinyUnit(seconds)
    return `${formatNumber(seconds / unit.seconds)} ${unit.name}`
  }
  if (seconds < 0.9995) return `${seconds < 0.01 ? millis : Math.round(seconds * 1000)} ms`
  if (seconds < 9.95) return `${trimZeros(seconds.toFixed(1))} s`
  return twoUnits(seconds)
}

/** Below this durations are told in microseconds and less. */
const TINY = 0.000_995

/** The unit of durations of which the biggest is tiny: `470 µs`, `3.1 ns`, `2.0e−15 s`. */
function tinyUnit(biggest: number): { readonly name: string; readonly seconds: number } {
  if (biggest >= 9.95e-7) return { name: 'µs', seconds: 1e-6 }
  return biggest >= 1e-10 ? { name: 'ns', seconds: 1e-9 } : { name: 's', seconds: 1 }
}

function twoUnits(seconds: number): string {
  for (let i = 0; i + 1 < UNITS.length; i++) {
    const big = UNITS[i]!
    const small = UNITS[i + 1]!
    // Half a small unit is added first, so that 59.7 s reads 1 m and not 60 s.
    const count = Math.floor((seconds + small.seconds / 2) / big.seconds)
    if (count === 0) continue
    const rest = Math.max(0, Math.round((seconds - count * big.seconds) / small.seconds))
    if (count >= (big.name === 'y' ? 10 : 100)) return `${formatCount(seconds / big.seconds)} ${big.name}`
    return rest === 0 ? `${count} ${big.name}` : `${count} ${big.name} ${rest} ${small.name}`
  }
  return `${Math.round(seconds)} s`
}

/** A mean and the ends of its interval, in words of one resolution. */
export interface DurationWords {
  readonly mean: string
  /** `[5:47 … 6:50]`, `[14.8 … 15.3 s]`, `[12 s … ?]` without an upper bound. */
  readonly interval: string
  /** `5 m 47 s to 6 m 50 s`, `14.8 to 15.3 s`; `at least 4 m` without an upper bound, `less than 5 m` from 0. */
  readonly range: string
}

const STEPS = [86_400, 3_600, 60, 1, 0.1, 0.01, 0.001]

/**
 * A duration with its interval, no more precise than the interval's width warrants: 15.21 s with half a second around it
 * reads `15.2 s [14.7 … 15.7 s]`, an hour give or take ten minutes `1 h 19 m [1 h 8 m … 1 h 35 m]`.
 */
export function formatDurationSpread(of: Spread): DurationWords {
  const { lo, mean } = of
  const hi = of.hi ?? Number.POSITIVE_INFINITY
  const half = ((of.hi ?? mean) - lo) / 2
  const step = stepFor(half, mean)
  const biggest = Math.max(Math.abs(lo), Math.abs(of.hi ?? mean))
  const show = biggest < TINY ? tinyLikeWidth(of, biggest) : (seconds: number) => atStep(seconds, step, biggest)
  const [from, to] = [show(lo), show(hi)]
  const clock = step === 1 && isClock(lo) && isClock(hi)
  const interval = clock ? `${formatClock(lo)} … ${formatClock(hi)}` : `${sharedUnit(from, to)} … ${to}`
  if (of.hi === null) return { mean: show(mean), interval: `[${from} … ?]`, range: `at least ${from}` }
  const range = lo === 0 ? `less than ${to}` : `${sharedUnit(from, to)} to ${to}`
  return { mean: show(mean), interval: `[${interval}]`, range }
}

/** Shows tiny durations in the unit of the biggest, to the digits that the interval's width allows. */
function tinyLikeWidth({ mean, lo, hi }: Spread, biggest: number): (seconds: number) => string {
  const { name, seconds: unit } = tinyUnit(biggest)
  const show = likeWidth({ mean: mean / unit, lo: lo / unit, hi: hi === null ? null : hi / unit })
  return (seconds) => (Number.isFinite(seconds) ? `${show(seconds / unit)} ${name}` : formatDuration(seconds))
}

/** The coarsest step that still shows the half-width and does not round the mean away; 0: as {@link formatDuration}. */
function stepFor(half: number, mean: number): number {
  if (!(half > 0)) return 0
  // Hours and days are steps too big to be the last digit of an interval a few of them wide.
  const isFine = (step: number): boolean => step * (step > 60 ? 6 : 1.2) <= half
  return STEPS.find((step) => isFine(step) && (mean === 0 || step <= Math.abs(mean))) ?? 0.001
}

function atStep(seconds: number, step: number, biggest: number): string {
  if (step === 0 || !Number.isFinite(seconds)) return formatDuration(seconds)
  if (seconds < 0) return withSign(seconds, atStep(-seconds, step, biggest))
  const rounded = Math.round(seconds / step) * step
  // What is not nothing must not read so.
  if (rounded === 0) return atStep(seconds, STEPS.find((finer) => finer <= seconds) ?? 0, biggest)
  if (step >= 1) return twoUnits(rounded)
  if (biggest < 0.9995) return seconds < 0.01 ? formatDuration(seconds) : `${Math.round(rounded * 1000)} ms`
  return rounded < 59.95 ? `${rounded.toFixed(-Math.round(Math.log10(step)))} s` : twoUnits(rounded)
}

/** `14.8` of `14.8 s` beside `15.3 s`: a unit both ends share is told once. */
function sharedUnit(from: string, to: string): string {
  const unit = /^−?[\d.]+ (\S+)$/.exec(from)?.[1]
  return from !== to && unit !== undefined && unit === /^−?[\d.]+ (\S+)$/.exec(to)?.[1]
    ? from.slice(0, -unit.length - 1)
    : from
}

/** A duration between one minute and one hour as a clock, `5:47`; any other as {@link formatDuration} has it. */
function formatClock(seconds: number): string {
  if (seconds < 0) return withSign(seconds, formatClock(-seconds))
  const whole = Math.round(seconds)
  if (whole < 60 || whole >= 3600) return formatDuration(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** The interval of {@link formatDurationSpread}; the middle stands in for a mean that is not told. */
export function formatDurationInterval({ lo, hi, mean }: Bounds): string {
  return formatDurationSpread({ lo, hi, mean: mean ?? (hi === null ? lo : (lo + hi) / 2) }).interval
}

interface Bounds {
  readonly lo: number
  readonly hi: number | null
  readonly mean?: number | undefined
}

function isClock(seconds: number): boolean {
  const whole = Math.round(Math.abs(seconds))
  return whole >= 60 && whole < 3600
}

/**
 * Availability from an unavailability and its interval: `99.99880 %  ± 0.00010`. The digits follow the half-width (two
 * significant ones). An interval that is lopsided is spelt out, `99.985 %  [99.982 … 99.987]`: a ± would claim too much on
 * one side, past 100 % at worst. Without a single loss it is a bound, rounded down: `> 99.9995 %`. Two spaces come before
 * the interval and nowhere else.
 */
export function formatAvailability(unavailability: Spread): string {
  const { mean, lo, hi } = unavailability
  if (mean === 0) return hi === 0 ? '100 %' : hi === null ? '≤ 100 %' : `> ${boundBelow(hi)} %`
  const sides = [mean - lo, hi === null ? mean - lo : hi - mean] as const
  const half = Math.max(...sides)
  if (!(half > 0)) return `${formatNines(mean)} %`
  if (half < SURE * mean) return `${ninesAt(mean, decimalsFor(100 * mean, 5))} %`
  const isLopsided = hi === null || half > LOPSIDED * Math.min(...sides) || half >= mean
  const decimals = decimalsFor(100 * (isLopsided ? Math.max(half / 3, Math.min(...sides)) : half), 2)
  if (!isLopsided) return `${ninesAt(mean, decimals)} %  ± ${(100 * half).toFixed(decimals)}`
  const least = hi === null ? '?' : ninesAt(hi, decimals)
  return `${ninesAt(mean, decimals)} %  [${least} … ${ninesAt(lo, decimals)}]`
}

/** A relative half-width that no reader asks about: a solved value, shown to five digits of what is missing. */
const SURE = 1e-6

/** How many times the narrow side the wide one may be for a ± to be fair. */
const LOPSIDED = 1.25

/** The percentage of availability alone, two significant digits in what is missing: `99.9988` for 1.2e-5. */
export function formatNines(unavailability: number): string {
  if (unavailability === 0) return '100'
  return ninesAt(unavailability, decimalsFor(100 * unavailability, 2))
}

/** Complements in whole units of the last digit: 100 − 100 u in doubles would lose the digits that matter. */
function ninesAt(unavailability: number, decimals: number): string {
  const down = (100 * unavailability).toFixed(decimals)
  return complement(down)
}

function boundBelow(unavailability: number): string {
  const decimals = decimalsFor(100 * unavailability, 1)
  const unit = 10 ** -decimals
  return complement((Math.ceil((100 * unavailability) / unit - 1e-9) * unit).toFixed(decimals))
}

/** 100 minus a decimal text, digit by digit. */
function complement(text: string): string {
  const decimals = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0
  const digits = 100n * 10n ** BigInt(decimals) - BigInt(text.replace('.', ''))
  if (decimals === 0) return digits.toString()
  const padded = digits.toString().padStart(decimals + 1, '0')
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`
}

function decimalsFor(value: number, significant: number): number {
  const rounded = Number(value.toPrecision(significant))
  return Math.min(20, Math.max(0, significant - 1 - Math.floor(Math.log10(rounded))))
}

/** A plain number to so many significant digits, thousands apart: `3.1`, `0.26`, `1 240`, `12 345`. */
export function formatNumber(value: number, significant = 2): string {
  if (value < 0) return withSign(value, formatNumber(-value, significant))
  if (value === 0) return '0'
  if (!Number.isFinite(value)) return '∞'
  if (value < 1e-6) return value.toExponential(Math.max(0, significant - 1)).replace('-', MINUS)
  const decimals = decimalsFor(value, significant)
  return decimals === 0 ? formatCount(value) : value.toFixed(decimals)
}

/** `3.1 [2.8 … 3.4]`, as many digits as the interval's width allows. */
export function formatNumberInterval(of: Spread): string {
  const show = likeWidth(of)
  return `${show(of.mean)} ${bracket(of, show)}`
}

/** A ratio with its interval: `0.26 × [0.22 … 0.31]`. */
export function formatRatio(of: Spread): string {
  const show = likeWidth(of)
  return `${show(of.mean)} × ${bracket(of, show)}`
}

function bracket(of: Spread, show: (value: number) => string): string {
  return `[${show(of.lo)} … ${of.hi === null ? '?' : show(of.hi)}]`
}

/** Shows numbers with decimals to the first digit of the half-width; without a width, two significant digits. */
function likeWidth(of: Spread): (value: number) => string {
  const half = of.hi === null ? of.mean - of.lo : (of.hi - of.lo) / 2
  if (!(half > 0) || half < 1e-6) return (value) => formatNumber(value)
  const decimals = decimalsFor(half, 1)
  return (value) => (decimals === 0 ? formatCount(value) : value.toFixed(decimals).replace('-', MINUS))
}

/** A whole number with its thousands apart: `4 000`. */
export function formatCount(value: number): string {
  if (value < 0) return withSign(value, formatCount(-value))
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** A probability as percent, two digits of it or of what it is short of 1: `1.2 %`, `99.97 %`, `0.0031 %`, `2.0e−9 %`. */
export function formatPercent(probability: number): string {
  if (probability === 0) return '0 %'
  if (probability === 1) return '100 %'
  if (probability < 0.0001) return `${formatNumber(100 * probability)} %`
  // Nearer to 1 the digits are those of rounding.
  if (probability > 1 - 1e-9) return '> 99.9999999 %'
  const decimals = decimalsFor(100 * Math.min(probability, 1 - probability), 2)
  return `${trimZeros((100 * probability).toFixed(decimals))} %`
}

/** `−` before the text of a negative number's absolute value. */
function withSign(value: number, absolute: string): string {
  return value < 0 && absolute !== '0' && absolute !== '0 s' ? `${MINUS}${absolute}` : absolute
}

function toPrecision(value: number, significant: number): string {
  return trimZeros(value.toFixed(decimalsFor(value, significant)))
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
