import * as say from './messages.ts'
import { type Read, read, readDuration, readShare, refuse } from './quantities.ts'
import { closest } from './suggest.ts'

/** A distribution as it was written; durations are milliseconds. What it means is settled where it is used. */
export type DistributionWords =
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'weibull-mean'; readonly mean: number; readonly shape: number }
  | { readonly kind: 'weibull-scale'; readonly scale: number; readonly shape: number }
  | { readonly kind: 'lognormal-quantiles'; readonly median: number; readonly p95: number }
  | { readonly kind: 'lognormal-median'; readonly median: number; readonly sigma: number }
  | { readonly kind: 'lognormal-mean'; readonly mean: number; readonly sigma: number }
  | { readonly kind: 'gamma'; readonly mean: number; readonly shape: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'empirical'; readonly file: string; readonly column: string | null }
  | { readonly kind: 'mixture'; readonly parts: readonly WeightedWords[] }

export interface WeightedWords {
  readonly weight: number
  readonly of: DistributionWords
}

const MAX_NESTING = 8
const WEIGHT_TOLERANCE = 1e-6

/** Reads `lognormal(median 4m, p95 30m)` and its kin. A bare duration is `fixed`. */
export function readDistribution(value: unknown): Read<DistributionWords> {
  return readNested(value, 0, readDuration)
}

/** The same of a share: `uniform(1%, 10%)`; a bare share is `fixed`. */
export function readShareDistribution(value: unknown): Read<DistributionWords> {
  return readNested(value, 0, readShare)
}

/** Reads what a distribution is of. */
type Amount = (value: unknown) => Read<number>

function readNested(value: unknown, depth: number, amount: Amount): Read<DistributionWords> {
  if (typeof value === 'number') return readPlain(value, amount)
  if (typeof value !== 'string' || depth > MAX_NESTING) return refuse(say.notDistribution(value))
  const text = value.trim()
  const call = /^([a-zA-Z][\w-]*)\s*\(/.exec(text)
  if (call === null) return /^[-\d]/.test(text) ? readPlain(text, amount) : refuse(say.notDistribution(value))
  if (!text.endsWith(')')) return refuse(say.unbalanced(text))
  const parts = splitArguments(text.slice(call[0].length, -1))
  if (parts === null) return refuse(say.unbalanced(text))
  const name = call[1]!
  if (name === 'mixture') return readMixture(parts, depth, amount)
  if (name === 'empirical' && amount === readDuration) return readEmpirical(parts, text)
  if (!Object.hasOwn(FORMS, name)) {
    return refuse(say.unknownDistribution(name, closest(name, [...Object.keys(FORMS), 'empirical', 'mixture'])))
  }
  return readForms(name, parts, text, amount)
}

function readPlain(value: string | number, amount: Amount): Read<DistributionWords> {
  const plain = amount(value)
  return plain.ok ? read({ kind: 'fixed', value: plain.value }) : plain
}

/** Splits at commas outside brackets; null when the brackets do not match. */
function splitArguments(text: string): string[] | null {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]
    if (letter === '(') depth++
    else if (letter === ')') depth--
    else if (letter === ',' && depth === 0) {
      parts.push(text.slice(from, i).trim())
      from = i + 1
    }
    if (depth < 0) return null
  }
  parts.push(text.slice(from).trim())
  return depth === 0 ? parts : null
}

/** One way to write a distribution: its arguments in order, and what they make. */
interface Form {
  readonly shown: string
  /** `mean` is a positive duration (or share), `time` one that may be zero, `number` a positive number. Unnamed ones stand alone. */
  readonly arguments: readonly {
    readonly name: string
    readonly named: boolean
    readonly is: 'mean' | 'time' | 'number'
  }[]
  readonly make: (a: number, b: number, texts: readonly string[]) => Read<DistributionWords>
}

const mean = (name: string) => ({ name, named: true, is: 'mean' }) as const
const number = (name: string) => ({ name, named: true, is: 'number' }) as const

const FORMS: { readonly [name: string]: readonly Form[] } = {
  exponential: [
    {
      shown: 'exponential(90d)',
      arguments: [{ name: 'mean', named: false, is: 'mean' }],
      make: (a) => read({ kind: 'exponential', mean: a }),
    },
  ],
  weibull: [
    {
      shown: 'weibull(mean 90d, shape 0.7)',
      arguments: [mean('mean'), number('shape')],
      make: (a, b) => read({ kind: 'weibull-mean', mean: a, shape: b }),
    },
    {
      shown: 'weibull(scale 79d, shape 0.7)',
      arguments: [mean('scale'), number('shape')],
      make: (a, b) => read({ kind: 'weibull-scale', scale: a, shape: b }),
    },
  ],
  lognormal: [
    {
      shown: 'lognormal(median 4m, p95 30m)',
      arguments: [mean('median'), mean('p95')],
      make: (a, b, texts) =>
        b > a
          ? read({ kind: 'lognormal-quantiles', median: a, p95: b })
          : refuse(say.p95NotAbove(texts[0]!, texts[1]!)),
    },
    {
      shown: 'lognormal(median 4m, sigma 1)',
      arguments: [mean('median'), number('sigma')],
      make: (a, b) => read({ kind: 'lognormal-median', median: a, sigma: b }),
    },
    {
      shown: 'lognormal(mean 8h, sigma 1)',
      arguments: [mean('mean'), number('sigma')],
      make: (a, b) => read({ kind: 'lognormal-mean', mean: a, sigma: b }),
    },
  ],
  gamma: [
    {
      shown: 'gamma(mean 8h, shape 2)',
      arguments: [mean('mean'), number('shape')],
      make: (a, b) => read({ kind: 'gamma', mean: a, shape: b }),
    },
  ],
  uniform: [
    {
      shown: 'uniform(1s, 2s)',
      arguments: [
        { name: 'low', named: false, is: 'time' },
        { name: 'high', named: false, is: 'time' },
      ],
      make: (a, b, texts) =>
        b > a ? read({ kind: 'uniform', low: a, high: b }) : refuse(say.emptyRange(texts[0]!, texts[1]!)),
    },
  ],
  fixed: [
    {
      shown: 'fixed(10m)',
      arguments: [{ name: 'value', named: false, is: 'time' }],
      make: (a) => read({ kind: 'fixed', value: a }),
    },
  ],
}

/** Takes the form whose argument names fit what was written, in any order. */
function readForms(kind: string, parts: readonly string[], text: string, amount: Amount): Read<DistributionWords> {
  const forms = FORMS[kind]!
  for (const form of forms) {
    const texts = matchArguments(form, parts)
    if (texts === null) continue
    const values: number[] = []
    for (const [i, argument] of form.arguments.entries()) {
      const value =
        argument.is === 'number' ? readPositive(texts[i]!) : readAmount(texts[i]!, argument.is === 'mean', amount)
      if (!value.ok) return refuse(say.distributionArgument(kind, argument.name, value.message))
      values.push(value.value)
    }
    return form.make(values[0]!, values[1] ?? 0, texts)
  }
  return refuse(
    say.distributionForm(
      kind,
      text,
      forms.map((form) => form.shown),
    ),
  )
}

/** The texts of a form's arguments in its own order, or null when these are not its arguments. */
function matchArguments(form: Form, parts: readonly string[]): string[] | null {
  if (parts.length !== form.arguments.length) return null
  const texts: string[] = []
  for (const [i, argument] of form.arguments.entries()) {
    const prefix = new RegExp(`^${argument.name}\\s+`)
    const named = parts.find((part) => prefix.test(part))
    if (named !== undefined) texts.push(named.replace(prefix, ''))
    else if (!argument.named && !/^[a-zA-Z]/.test(parts[i]!)) texts.push(parts[i]!)
    else return null
  }
  return texts
}

function readAmount(text: string, positive: boolean, amount: Amount): Read<number> {
  const value = amount(text)
  return value.ok && positive && value.value === 0 ? refuse(say.notPositive(text)) : value
}

function readPositive(text: string): Read<number> {
  if (!/^-?\d*\.?\d+(e[-+]?\d+)?$/i.test(text)) return refuse(say.notNumber(text))
  const value = Number(text)
  return value > 0 && Number.isFinite(value) ? read(value) : refuse(say.notPositive(text))
}

function readEmpirical(parts: readonly string[], text: string): Read<DistributionWords> {
  const column = parts[1] === undefined ? null : /^column\s+(\S+)$/.exec(parts[1])
  const fits = parts[0] !== '' && parts.length <= 2 && (parts.length === 1 || column !== null)
  if (!fits) {
    return refuse(say.distributionForm('empirical', text, ['empirical(file.csv)', 'empirical(file.csv, column ms)']))
  }
  return read({ kind: 'empirical', file: parts[0]!, column: column === null ? null : column[1]! })
}

function readMixture(parts: readonly string[], depth: number, amount: Amount): Read<DistributionWords> {
  const weighted: WeightedWords[] = []
  for (const part of parts) {
    const match = /^(\d*\.?\d+\s?%?)\s+([a-zA-Z\d].*)$/s.exec(part)
    if (match === null) return refuse(say.notWeighted(part))
    const weight = readShare(match[1]!)
    if (!weight.ok) return refuse(say.distributionArgument('mixture', 'weight', weight.message))
    if (weight.value === 0) return refuse(say.distributionArgument('mixture', 'weight', say.notPositive(match[1])))
    const of = readNested(match[2]!, depth + 1, amount)
    if (!of.ok) return of
    weighted.push({ weight: weight.value, of: of.value })
  }
  const sum = weighted.reduce((total, part) => total + part.weight, 0)
  if (Math.abs(sum - 1) > WEIGHT_TOLERANCE) return refuse(say.weightsSum(sum))
  return read({ kind: 'mixture', parts: weighted })
}
