import { present } from '../base/assert.ts'
import { formatCount, formatDuration, formatDurationSpread, formatNumber, formatPercent } from '../base/format.ts'
import { SECONDS_PER_YEAR } from '../base/units.ts'
import { shown, sureness } from './fitted.ts'
import type { Estimate, ServiceResult, VariantResult } from './result.ts'

/** What a variant's result says of a service. */
export function serviceOf(variant: VariantResult, service: string): ServiceResult {
  return present(variant.services[service], `service ${service}`)
}

const NUMBERS = new Set('one two three four five six seven eight nine ten eleven twelve'.split(' '))

/**
 * A variant's name in a sentence, spelt as its author spelt it: in quotes where it is a plain word (`none` loses the least?)
 * and could be read as one; number words, names with digits or hyphens speak for themselves.
 */
export function named({ id }: Pick<VariantResult, 'id'>): string {
  return NUMBERS.has(id) || /^[\p{L}\p{N}]+([-._][\p{L}\p{N}]+)+$|^\p{L}+\p{N}+$/u.test(id) ? id : `“${id}”`
}

/** What is lost: requests of a cluster's services, the time of any other. */
export function things(service: string): string {
  return service === 'write' || service === 'read' ? `${service}s` : `${service} time`
}

const CAUSES: { readonly [cause: string]: string } = {
  change: 'changes',
  maintenance: 'maintenance',
  plan: 'the plan',
  'disk stall': 'disk stalls',
  'disk loss': 'lost disks',
  'common cause': 'common causes',
  'parts-not-met': 'what the parts are known to lose but hardly a replication met',
}

/** A cause as what one suffers from: `change` as `changes`, `zone` as `zone failures`. */
export function causeWords(cause: string): string {
  return CAUSES[cause] ?? `${cause} failures`
}

/** `1.6 to 3.7 s, 95 %`; `± 6.9 s, 95 %` where both ends would read alike. */
export function rangeWords(of: Estimate): string {
  if (of.n === 0 && of.level === 1) return sureness(of)
  if (isNarrow(of)) return `± ${formatDuration((of.hi! - of.lo) / 2)}, ${formatPercent(of.level)}`
  return `${formatDurationSpread(of).range}, ${formatPercent(of.level)}`
}

/** Width of an interval over its mean below which its half-width says more than its ends. */
const NARROW = 0.005

/** Whether the ends of an interval read nearly alike. */
export function isNarrow({ mean, lo, hi }: Estimate): boolean {
  return hi !== null && hi > lo && hi - lo < NARROW * Math.abs(mean)
}

/** `2.6 s`, as precise as its interval allows. */
export function amountWords(of: Estimate): string {
  return formatDurationSpread(shown(of)).mean
}

/** A difference with its sign turned: what one loses less is what one saves. */
export function turned(of: Estimate): Estimate {
  return { ...of, mean: -of.mean, lo: -(of.hi ?? Number.POSITIVE_INFINITY), hi: -of.lo }
}

/** A share in words that nobody takes for exact: `99 %`, `99.9 %` only where 100 % would be wrong. */
export function shareWords(share: number): string {
  const percent = 100 * share
  if (percent > 99.95) return 'nearly all'
  return percent > 99.5 ? `${percent.toFixed(1)} %` : `${Math.round(percent)} %`
}

/** How long a variant was simulated, or in how many cycles. */
export function yearsWords({ simulatedYears, solver, replications }: VariantResult): string {
  if (solver === 'rare') return `${formatCount(replications)} biased cycles`
  return yearsText(simulatedYears)
}

/** `487 years`, `1 year`, `2.5 years`: a number of years of which few are not rounded away. */
export function yearsText(years: number): string {
  if (years === 1) return '1 year'
  if (years >= 10 || Number.isInteger(years)) return `${formatCount(years)} years`
  return `${years < 0.1 ? formatNumber(years) : years.toFixed(1)} years`
}

/** ` for 420 more a month`; nothing where a cost is not told. */
export function costWords(baseline: VariantResult, variant: VariantResult, lead = 'for'): string {
  if (baseline.cost === null || variant.cost === null) return ''
  const more = variant.cost.perMonth - baseline.cost.perMonth
  if (more === 0) return ''
  const amount = Number.isInteger(more) ? formatCount(Math.abs(more)) : Math.abs(more).toFixed(2)
  return `${lead.startsWith(',') ? '' : ' '}${lead} ${amount} ${more > 0 ? 'more' : 'less'} a month`
}

/** `a, b and c`. */
export function listed(names: readonly string[], last = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`
}

/** A target as it was written: `99.95 %`. */
export function percentOf(target: number): string {
  return `${Number((100 * target).toPrecision(12))} %`
}

/** Which variants meet the objective, as the tail of a sentence; nothing without one. */
export function objectiveWords(service: string, variants: readonly VariantResult[]): string {
  const target = serviceOf(variants[0]!, service).slo?.target
  if (target === undefined) return ''
  const met = variants.filter((variant) => serviceOf(variant, service).slo?.met === true)
  const goal = percentOf(target)
  if (met.length === variants.length) return `; ${variants.length === 2 ? 'both' : 'all'} meet ${goal}`
  if (met.length === 0) return `; ${variants.length === 2 ? 'neither meets' : 'none of them meets'} ${goal}`
  return `; only ${listed(met.map(named))} ${met.length === 1 ? 'meets' : 'meet'} ${goal}`
}

/** Whether an interval leaves zero out. */
export function isClear(difference: Estimate): boolean {
  return difference.lo > 0 || (difference.hi !== null && difference.hi < 0)
}

/** Seconds of a year that an objective allows to lose. */
export function allowedSeconds(target: number): number {
  return (1 - target) * SECONDS_PER_YEAR
}

/** How rarely outages may come, by the bound of their rate: `67 years`, `122 d`. */
export function spanBetween(outagesPerYear: number): string {
  const years = 1 / outagesPerYear
  if (years < 1) return formatDuration(years * SECONDS_PER_YEAR)
  return `${years < 10 ? years.toFixed(1) : formatCount(years)} years`
}
