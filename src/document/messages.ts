/** All wording of this layer. Tests assert against the same functions, so wording may improve. */

/** A value as a message shows it: short, on one line. */
export function shown(value: unknown): string {
  // JSON knows neither infinite numbers nor those that are none.
  const isText = typeof value === 'string' || typeof value === 'number'
  const text = isText ? String(value) : value === undefined ? 'nothing' : JSON.stringify(value)
  const line = text.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}

/** `a, b or c`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

export const tooLarge = (characters: number, most: number): string =>
  `too large (${characters} characters), at most ${most} are read`
export const binary = (): string => 'not a text file (it holds NUL or control characters), YAML text in UTF-8 is wanted'
export const empty = (): string => 'empty, a YAML mapping is wanted'
export const notMapping = (value: unknown): string =>
  `not a mapping (${shown(value)}), lines of "key: value" are wanted`
export const manyDocuments = (): string => 'a second YAML document begins here, one a file is allowed'
export const badYaml = (what: string): string => `not valid YAML: ${what}`
export const sameKey = (): string => 'a key that is there already, each once is allowed'
export const badKey = (): string => 'a key that is not plain text, names are wanted'
export const tooDeep = (most: number): string => `nested too deeply, at most ${most} levels are read`
export const tooMany = (most: number): string => `too many values once aliases are followed, at most ${most} are read`
export const endlessAlias = (name: string): string =>
  `an alias inside what it stands for (*${name}), which never ends; allowed: behind it`
export const unknownAlias = (name: string): string => `unknown alias (*${name}), it needs an anchor &${name} before it`

const DURATION_ALLOWED = 'a number with a unit (ms, s, m for minutes, h, d, w, mo, y), such as 100ms, 20m or 1h30m'
export const notDuration = (value: unknown): string => `not a duration (${shown(value)}), allowed: ${DURATION_ALLOWED}`
export const noUnit = (value: unknown): string =>
  `a duration without a unit (${shown(value)}), allowed: ${DURATION_ALLOWED}`
export const unknownUnit = (unit: string, value: unknown): string =>
  `unknown unit ${unit} (${shown(value)}), allowed: ${DURATION_ALLOWED}`
export const negative = (value: unknown): string => `negative (${shown(value)}), allowed: zero or more`
export const tooLong = (value: unknown): string => `too long (${shown(value)}), allowed: at most 1000000y`
export const notPositive = (value: unknown): string => `not positive (${shown(value)}), allowed: more than zero`
export const notShare = (value: unknown): string => {
  const percent = typeof value === 'number' && value > 1 && value <= 100 ? `; did you mean ${value}%?` : ''
  return `not a share (${shown(value)})${percent}, allowed: 0% to 100%, or a number from 0 to 1`
}
export const notRate = (value: unknown): string =>
  `not a rate (${shown(value)}), allowed: a number per s, m, h or d, such as 100/s`
export const notCost = (value: unknown): string =>
  `not a cost (${shown(value)}), allowed: an amount per month, year, day or hour, such as 210/month`

const DISTRIBUTIONS =
  'exponential(90d), weibull(mean 90d, shape 0.7), weibull(scale 79d, shape 0.7), lognormal(median 4m, p95 30m), ' +
  'lognormal(mean 8h, sigma 1), gamma(mean 8h, shape 2), uniform(1s, 2s), fixed(10m), empirical(file.csv), ' +
  'mixture(0.97 fixed(5m), 0.03 fixed(1d)), or a plain duration such as 10m'
export const notDistribution = (value: unknown): string =>
  `not a distribution (${shown(value)}), allowed: ${DISTRIBUTIONS}`
export const unknownDistribution = (name: string, near: string | null): string =>
  `unknown distribution (${name})${near === null ? '' : `; did you mean ${near}?`}, allowed: ${DISTRIBUTIONS}`
export const distributionForm = (kind: string, got: string, forms: readonly string[]): string =>
  `not a form of ${kind} (${shown(got)}), allowed: ${listed(forms)}`
export const distributionArgument = (kind: string, name: string, problem: string): string =>
  `${name} of ${kind}: ${problem}`
export const notNumber = (value: unknown): string => `not a number (${shown(value)}), allowed: such as 0.7`
export const p95NotAbove = (median: string, p95: string): string =>
  `p95 of lognormal: not above the median (${p95}), allowed: more than ${median}`
export const emptyRange = (low: string, high: string): string =>
  `range of uniform: the end is not above the start (${high}), allowed: more than ${low}`
export const weightsSum = (sum: number): string =>
  `weights of mixture: they sum to ${Number(sum.toPrecision(6))}, allowed: 1`
export const notWeighted = (value: string): string =>
  `part of mixture: no weight in front (${shown(value)}), allowed: such as 0.97 lognormal(median 5m, p95 1h)`
export const unbalanced = (value: unknown): string => `a bracket is missing or too many (${shown(value)})`
