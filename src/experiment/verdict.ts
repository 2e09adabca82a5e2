import { present } from '../base/assert.ts'
import { formatAvailability, formatCount, formatDuration, formatPercent } from '../base/format.ts'
import { howAlike, isSame, noneDiffered } from './alike.ts'
import { BY_FITS, isFitted, NO_BOUND, shown } from './fitted.ts'
import type { Comparison, Estimate, ServiceResult, VariantResult } from './result.ts'
import { biggestCause, differenceCause, rulingCause } from './verdict-causes.ts'
import { drawnBest, drawnDoubt, drawnObjective, drawnObjectives, drawnRange } from './verdict-draws.ts'
import { fittedVerdict } from './verdict-fitted.ts'
import {
  allowedSeconds,
  amountWords,
  causeWords,
  costWords,
  isClear,
  listed,
  named,
  objectiveWords,
  percentOf,
  rangeWords,
  serviceOf,
  spanBetween,
  things,
  turned,
  yearsWords,
} from './verdict-words.ts'

/** The comparison of variants a and b, by index, on the first service: b less a. */
export type Compare = (a: number, b: number) => Comparison

/**
 * The answer in one sentence for a manager, with its interval: of one variant how available it is, of more what each does
 * against the first, and what all of them suffer from alike.
 */
export function verdictOf(service: string, variants: readonly VariantResult[], compare: Compare): string {
  const first = present(variants[0], 'the first variant')
  if (first.replications === 0 && first.solver === 'simulate')
    return 'Nothing can be said yet: no replication was finished.'
  if (variants.length === 1) return single(service, first)
  if (variants.some((variant) => isFitted(serviceOf(variant, service).lostSecondsPerYear))) {
    return fittedVerdict(service, variants)
  }
  if (variants.every((variant) => serviceOf(variant, service).lostSecondsPerYear.mean === 0)) {
    return nobodyLost(service, variants)
  }
  const said = variants.length === 2 ? two(service, variants, compare(0, 1)) : many(service, variants, compare)
  return `${said}${objectiveWords(service, variants)}${drawnObjectives(service, variants)}.`
}

function single(service: string, variant: VariantResult): string {
  const result = serviceOf(variant, service)
  const { lostSecondsPerYear: lost, unavailability, slo } = result
  if (lost.mean === 0) {
    return `No ${things(service)} ${service === 'write' || service === 'read' ? 'were' : 'was'} lost in ${yearsWords(variant)}${rarely(result.outagesPerYear)}${sloSingle(slo, lost)}.`
  }
  const [percent, uncertainty] = formatAvailability(shown(unavailability)).split('  ')
  const interval =
    uncertainty === undefined ? '' : ` (${uncertainty.replace(/^\[(.*) … (.*)\]$/, '$1 to $2').concat(' %')})`
  const said = `The service “${service}” is available ${percent} of the time${interval}`
  return `${said}: ${amountWords(lost)} is lost a year (${rangeWords(lost)})${drawnRange(result)}${biggestCause(result)}${sloSingle(slo, lost)}.`
}

/** ` (at most one outage in 67 years, 95 %)`: a rate can be bounded where a length cannot. */
function rarely(outagesPerYear: Estimate): string {
  if (outagesPerYear.hi === null) return ''
  return ` (at most one outage in ${spanBetween(outagesPerYear.hi)}, ${formatPercent(outagesPerYear.level)})`
}

function sloSingle(slo: ServiceResult['slo'], lost: Estimate): string {
  if (slo === null) return ''
  const goal = `its objective of ${percentOf(slo.target)}`
  const allowed = allowedSeconds(slo.target)
  const sure = lost.hi !== null && (slo.met ? lost.hi <= allowed : lost.lo > allowed)
  const doubt = isFitted(lost) ? `but with ${NO_BOUND} that is not sure` : 'but that is within the uncertainty'
  if (!sure) return `; it ${slo.met ? 'seems to meet' : 'seems to miss'} ${goal}, ${doubt}`
  const risk = slo.probabilityOfMissInAMonth
  const by = slo.missInAMonth !== null && isFitted(slo.missInAMonth) ? `, ${BY_FITS},` : ''
  const months =
    slo.met && risk !== null && risk >= 0.001 ? `, though${by} ${formatPercent(risk)} of months miss it` : ''
  return `; it ${slo.met ? 'meets' : 'misses'} ${goal}${drawnObjective(slo)}${months}`
}

function nobodyLost(service: string, variants: readonly VariantResult[]): string {
  const first = variants[0]!
  const bound = rarely(serviceOf(first, service).outagesPerYear)
  const who =
    variants.length === 2 ? `neither ${variants.map(named).join(' nor ')}` : `none of ${variants.length} variants`
  return `Not enough failures to compare: ${who} lost any ${things(service)} in ${yearsWords(first)} each${bound}.`
}

/** A difference below this share of what the baseline loses is next to nothing. */
const ALMOST_NOTHING = 0.02
/** Fewer outages than this in both variants: an open question is one of data, not of likeness. */
const FEW_OUTAGES = 30

function two(service: string, variants: readonly VariantResult[], comparison: Comparison): string {
  const [baseline, variant] = [variants[0]!, variants[1]!]
  const difference = comparison.lostSecondsPerYear
  const lost = serviceOf(baseline, service).lostSecondsPerYear
  const saves = difference.mean < 0
  const doing = isClear(difference) ? differenceCause(service, baseline, variant) : null
  const ruling = rulingCause(service, variants, saves, doing?.cause)
  const whole = `${amountWords(lost)} of ${things(service)} lost a year`
  if (isSame(comparison) || noneDiffered(comparison)) {
    const known = `${rangeWords(lost)})${howAlike(comparison, variant)}`
    const cost = costWords(baseline, variant, ', for')
    return `Against ${named(baseline)}, ${named(variant)} makes no difference to the ${whole} (${known}${cost}${ruling}`
  }
  if (!isClear(difference)) return `${unclear(service, variants, difference)}${ruling}`
  const amount = saves ? turned(difference) : difference
  const cost = costWords(baseline, variant, saves ? ', for' : 'and costs')
  const lead = `Against ${named(baseline)}, ${named(variant)}`
  const reserve = drawnDoubt(comparison, saves)
  const doubt = reserve === '' ? '' : `, ${reserve}`
  if (amount.mean < ALMOST_NOTHING * lost.mean) {
    const verb = saves ? 'saves next to nothing' : 'loses hardly more'
    const of = saves ? 'of' : 'on top of'
    return `${lead} ${verb}: ${amountWords(amount)} ${of} the ${whole} (${rangeWords(amount)})${cost}${doubt}${ruling}`
  }
  const said = `${lead} ${saves ? 'saves' : 'loses'} ${amountWords(amount)} ${saves ? 'of the' : 'on top of the'} ${whole} (${rangeWords(amount)})`
  const because =
    doing === null
      ? ''
      : `; ${doing.share > 0.95 ? 'nearly all' : 'most'} of the difference comes from ${causeWords(doing.cause)}`
  return `${said}${cost}${doubt}${because}${ruling}`
}

function unclear(service: string, variants: readonly VariantResult[], difference: Estimate): string {
  const [baseline, variant] = [variants[0]!, variants[1]!]
  const outages = variants.map((v) => Math.round(serviceOf(v, service).outagesPerYear.mean * v.simulatedYears))
  const seen = baseline.solver !== 'simulate' ? FEW_OUTAGES : outages.reduce((sum, count) => sum + count, 0)
  const lost = serviceOf(baseline, service).lostSecondsPerYear
  const most = Math.max(-difference.lo, difference.hi ?? Number.POSITIVE_INFINITY)
  const sure = difference.level === 1 ? 'by what the solutions leave open' : formatPercent(difference.level)
  const span = `against ${named(baseline)}, ${named(variant)} may save up to ${formatDuration(-difference.lo)} or lose up to ${formatDuration(difference.hi ?? Number.POSITIVE_INFINITY)} more (${sure}) of the ${amountWords(lost)} of ${things(service)} lost a year`
  const cost = costWords(baseline, variant, ', for')
  if (seen < FEW_OUTAGES) {
    const counted = seen === 1 ? '1 outage' : `${formatCount(seen)} outages`
    return `Not enough failures to tell (${counted} in ${yearsWords(variant)} each): ${span}${cost}`
  }
  return `${most < ALMOST_NOTHING * lost.mean ? 'No difference that matters' : 'No clear difference'}: ${span}${cost}`
}

/** So many variants are told of one by one; of more only the best. */
const TOLD_EACH = 6

function many(service: string, variants: readonly VariantResult[], compare: Compare): string {
  const baseline = variants[0]!
  const lost = serviceOf(baseline, service).lostSecondsPerYear
  if (variants.length > TOLD_EACH) return best(service, variants, compare)
  const clauses = new Map<string, string[]>()
  let level = ` (${rangeWords(lost)})`
  variants.slice(1).forEach((variant, index) => {
    const words = effectWords(baseline, variant, compare(0, index + 1), lost)
    clauses.set(words, [...(clauses.get(words) ?? []), named(variant)])
  })
  if (lost.mean === 0) level = ''
  const whole = lost.mean === 0 ? `nothing lost` : `${amountWords(lost)} of ${things(service)} lost a year`
  const said = [...clauses].map(([words, names]) => `${listed(names)} ${names.length > 1 ? plural(words) : words}`)
  const saves = variants.slice(1).some((_, index) => compare(0, index + 1).lostSecondsPerYear.mean < 0)
  return `Against ${named(baseline)} with ${whole}${level}, ${joined(said)}${rulingCause(service, variants, saves)}`
}

/** `saves 16 s (13 to 19 s) for 420 more a month`: what a variant does against the baseline. */
function effectWords(baseline: VariantResult, variant: VariantResult, comparison: Comparison, lost: Estimate): string {
  const difference = comparison.lostSecondsPerYear
  if (isSame(comparison) || noneDiffered(comparison)) {
    return `makes no difference${howAlike(comparison, variant)}${costWords(baseline, variant)}`
  }
  if (!isClear(difference)) return `makes no clear difference${costWords(baseline, variant)}`
  const saves = difference.mean < 0
  const amount = saves ? turned(difference) : difference
  const little = amount.mean < ALMOST_NOTHING * lost.mean ? 'only ' : ''
  const range = rangeWords(amount).replace(/, [\d.]+ %$/, '')
  const reserve = drawnDoubt(comparison, saves)
  const words = `${little}${amountWords(amount)}${saves ? '' : ' more'} (${range}${reserve === '' ? '' : `, ${reserve}`})`
  return `${saves ? 'saves' : 'loses'} ${words}${costWords(baseline, variant, saves ? 'for' : 'and costs')}`
}

/** Clauses, which may hold an `and` themselves. */
function joined(clauses: readonly string[]): string {
  return clauses.length < 2 ? clauses.join('') : `${clauses.slice(0, -1).join(', ')}, and ${clauses.at(-1)}`
}

function plural(words: string): string {
  return words
    .replace(/^(save|lose)s/, 'each $1')
    .replace(/^makes/, 'make')
    .replace(' and costs ', ' and cost ')
}

/** Of many variants the one that loses the least, and from which it cannot be told. */
function best(service: string, variants: readonly VariantResult[], compare: Compare): string {
  const order = variants
    .map((variant, index) => ({ variant, index, lost: serviceOf(variant, service).lostSecondsPerYear }))
    .sort((a, b) => a.lost.mean - b.lost.mean || a.index - b.index)
  const first = order[0]!
  const open = order.slice(1).filter(({ index }) => !isClear(compare(first.index, index).lostSecondsPerYear))
  const lead = `Of ${variants.length} variants, ${named(first.variant)} loses the least: ${amountWords(first.lost)} of ${things(service)} a year (${rangeWords(first.lost)})`
  if (open.length > 0) return `${lead}, but it cannot be told from ${openWords(open.map(({ variant }) => variant))}`
  const ahead = compare(first.index, order[1]!.index).lostSecondsPerYear
  const others = order.slice(1)
  const drawn = drawnBest(others.map((one) => ({ ...one, comparison: compare(first.index, one.index) })))
  return `${lead}, ${amountWords(ahead)} less than ${named(order[1]!.variant)}, the next best (${rangeWords(ahead)})${drawn}`
}

function openWords(variants: readonly VariantResult[]): string {
  if (variants.length <= 4) return listed(variants.map(named), 'or')
  return `${variants.slice(0, 3).map(named).join(', ')} and ${variants.length - 3} others`
}
