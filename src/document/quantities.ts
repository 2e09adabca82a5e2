import { DAY, HOUR, MINUTE, MONTH, SECOND, WEEK, YEAR } from '../base/units.ts'
import * as say from './messages.ts'

/** A value read from words, or why it could not be. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

export const read = <T>(value: T): Read<T> => ({ ok: true, value })
export const refuse = (message: string): Read<never> => ({ ok: false, message })

/** Milliseconds of each unit. A month is 365.25/12 d and a year 365.25 d. */
const UNITS: { readonly [unit: string]: number } = {
  ms: 1,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: WEEK,
  mo: MONTH,
  y: YEAR,
}

const LONGEST = 1_000_000 * YEAR

/** `100ms`, `20m`, `1h30m`, `1e-5h` (as programs write small numbers) → milliseconds. Zero needs no unit. */
export function readDuration(value: unknown): Read<number> {
  if (value === 0 || value === '0') return read(0)
  if (typeof value === 'number') return refuse(value < 0 ? say.negative(value) : say.noUnit(value))
  if (typeof value !== 'string') return refuse(say.notDuration(value))
  const text = value.trim()
  if (/^-\s*\d/.test(text)) return refuse(say.negative(text))
  if (/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return refuse(say.noUnit(text))
  if (!/^(\d+(\.\d+)?(e[+-]?\d+)?\s?[a-zA-Zµ]+\s?)+$/i.test(text)) return refuse(say.notDuration(value))
  let sum = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s?([a-zA-Zµ]+)/g)) {
    const size = Object.hasOwn(UNITS, unit!) ? UNITS[unit!]! : undefined
    if (size === undefined) return refuse(say.unknownUnit(unit!, text))
    sum += Number(amount) * size
  }
  return sum <= LONGEST ? read(sum) : refuse(say.tooLong(text))
}

/** `5%` or `0.05` → a fraction in [0, 1]. */
export function readShare(value: unknown): Read<number> {
  if (typeof value === 'number') return value >= 0 && value <= 1 ? read(value) : refuse(say.notShare(value))
  const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s?%$/i.exec(value.trim()) : null
  const plain = typeof value === 'string' ? /^\d*\.?\d+(?:e[+-]?\d+)?$/i.exec(value.trim()) : null
  if (percent === null && plain === null) return refuse(say.notShare(value))
  // Dividing the decimal by 100 keeps 99.95% the double nearest to 0.9995.
  const share = percent === null ? Number(plain![0]) : Number(percent[1]) / 100
  return share <= 1 ? read(share) : refuse(say.notShare(value))
}

const RATE_UNITS: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** `100/s` → events a second. Zero needs no unit. */
export function readRate(value: unknown): Read<number> {
  if (value === 0 || value === '0') return read(0)
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*\/\s*([smhd])$/.exec(value.trim()) : null
  if (match === null) return refuse(say.notRate(value))
  return read(Number(match[1]) / RATE_UNITS[match[2]!]!)
}

/** How many of each period make a month of 365.25/12 d. */
const COST_UNITS: { readonly [unit: string]: number } = {
  month: 1,
  mo: 1,
  year: 1 / 12,
  y: 1 / 12,
  day: MONTH / DAY,
  d: MONTH / DAY,
  hour: MONTH / HOUR,
  h: MONTH / HOUR,
}

/** `210/month` → an amount a month, in whatever currency the model speaks. */
export function readCost(value: unknown): Read<number> {
  if (value === 0 || value === '0') return read(0)
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*\/\s*([a-z]+)$/.exec(value.trim()) : null
  const size = match === null || !Object.hasOwn(COST_UNITS, match[2]!) ? undefined : COST_UNITS[match[2]!]
  if (match === null || size === undefined) return refuse(say.notCost(value))
  return read(Number(match[1]) * size)
}
