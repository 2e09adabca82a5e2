import { z } from 'zod'
import { type DistributionWords, readDistribution, readShareDistribution } from '../document/distribution-words.ts'
import * as sayDocument from '../document/messages.ts'
import { type Read, readCost, readDuration, readRate, readShare, refuse } from '../document/quantities.ts'
import * as say from './messages.ts'

/** Mark of a field whose default comes from `models/products`: present in the total model, optional for the user. */
export const FILLED = 'x-filled'

/** Examples of words, for editors. Under the name `examples` zod would drop them, as words are transformed. */
export const EXAMPLES = 'x-examples'

/**
 * A mapping that knows only these keys. The list of known keys travels as the issue's message to where problems are
 * worded (issues.ts): zod itself tells only the unknown ones.
 */
export function mapping<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
  })
}

function words<T>(readWords: (value: unknown) => Read<T>, schema: { readonly [key: string]: unknown }) {
  return z
    .unknown()
    .transform((value, context): T => {
      const result = readWords(value)
      if (result.ok) return result.value
      context.addIssue({ code: 'custom', message: value === undefined ? say.missing() : result.message })
      return z.NEVER
    })
    .meta(schema)
}

function readPositiveDuration(value: unknown): Read<number> {
  const duration = readDuration(value)
  return duration.ok && duration.value === 0 ? refuse(sayDocument.notPositive(value)) : duration
}

/** Milliseconds. */
export const duration = words(readDuration, { type: 'string', [EXAMPLES]: ['100ms', '20m', '1h30m'] })
/** Milliseconds, more than zero. */
export const positiveDuration = words(readPositiveDuration, { type: 'string', [EXAMPLES]: ['100ms', '20m', '1h30m'] })
/** A fraction in [0, 1]. */
export const share = words(readShare, { type: ['string', 'number'], [EXAMPLES]: ['5%'] })
/** Events a second. */
export const rate = words(readRate, { type: ['string', 'number'], [EXAMPLES]: ['100/s'] })
/** Amount a month. */
export const cost = words(readCost, { type: ['string', 'number'], [EXAMPLES]: ['210/month'] })
export const distribution = words(readDistribution, {
  type: 'string',
  [EXAMPLES]: [
    'exponential(90d)',
    'weibull(mean 90d, shape 0.7)',
    'lognormal(median 4m, p95 30m)',
    'gamma(mean 8h, shape 2)',
    'uniform(1s, 2s)',
    '10m',
    'empirical(file.csv)',
    'mixture(0.97 lognormal(median 5m, p95 1h), 0.03 lognormal(median 1d, p95 5d))',
  ],
})

/** Names of groups, zones, services, variants: they become parts of paths and ids, so no dots or slashes. */
const NAME = /^[a-zA-Z][a-zA-Z0-9_-]*$/
export const name = z.string().regex(NAME)

/** A variant's name is only a part of ids, so it may start with a digit: `3`, `v3.5`. */
export const variantName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/)

/** One name or a list of them. */
export const names = z
  .union([name, z.array(name).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value))

export const count = (least: number, most: number) => z.int().min(least).max(most)

/** A field that the user may leave out because a product's data fills it in. */
export function filled<T extends z.ZodType>(schema: T): T {
  return schema.meta({ ...schema.meta(), [FILLED]: true }) as T
}

/** A section that may be switched off with `none` (or left out): null then. */
export function orNone<T extends z.ZodType>(schema: T) {
  return z
    .union([z.literal('none'), schema])
    .nullish()
    .transform((value): z.output<T> | null => (value === 'none' || value === undefined ? null : value))
}

/** What is known of an input: a distribution of times, or of shares. */
export interface InputWords {
  readonly of: 'times' | 'shares'
  readonly words: DistributionWords
}

function readInput(value: unknown): Read<InputWords> {
  const times = readDistribution(value)
  if (times.ok) return { ok: true, value: { of: 'times', words: times.value } }
  const shares = readShareDistribution(value)
  if (shares.ok) return { ok: true, value: { of: 'shares', words: shares.value } }
  return /%/.test(String(value)) ? shares : times
}

export const inputDistribution = words(readInput, {
  type: 'string',
  [EXAMPLES]: ['lognormal(median 1000h, p95 3000h)', 'uniform(4h, 12h)', 'uniform(1%, 10%)'],
})
