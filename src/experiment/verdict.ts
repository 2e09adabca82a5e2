import { present } from '../base/assert.ts'
import {
  formatAvailability,
  formatCount,
  formatDuration,
  formatDurationRange,
  formatNumber,
  formatPercent,
} from '../base/format.ts'
import type { Comparison, Estimate, ServiceResult, VariantResult } from './result.ts'

/** The comparison of variants a and b, by index, on the first service: b less a. */
export type Compare = (a: number, b: number) => Comparison

/**
 * The answer in one sentence for a manager, with its interval: of one variant how available it is, of two what the second
 * saves, of more which is best and whether that is clear.
 */
export function verdictOf(service: string, variants: readonly VariantResult[], compare: Compare): string {
  const first = present(variants[0], 'the first variant')
  if (first.replications === 0) return 'Nothing can be said yet: no replication was finished.'
  const second = variants[1]
  if (second === undefined) return single(service, first)
  return variants.length === 2 ? two(service, first, second, compare(0, 1)) : many(service, variants, compare)
}

function single(service: string, variant: VariantResult): string {
  const result = serviceOf(variant, service)
  const { lostSecondsPerYear: lost, unavailability, slo } = result
  const name = capital(variant.id)
  if (lost.mean === 0) {
    return `${name} lost no ${things(service)} in ${years(variant)}${rarely(result.outagesPerYear)}${sloSingle(slo, lost)}.`
  }
  const [percent, uncertainty] = formatAvailability(unavailability).split('  ')
  const said = `${name} is available for ${service} ${percent} of the time${uncertainty === undefined ? '' : ` (${uncertainty})`}`
  return `${said}: ${formatDuration(lost.mean)} lost a year (${range(lost)})${mostTo(result)}${sloSingle(slo, lost)}.`
}

function mostTo(result: ServiceResult): string {
  const biggest = result.mechanisms[0]
  if (biggest === undefined) return ''
  const share = biggest.secondsPerYear / result.lostSecondsPerYear.mean
  const words = share > 0.5 ? 'most of it' : 'the biggest part'
  return `, ${words} to ${inWords(biggest.mechanism)} (${formatPercent(share)})`
}

/** ` (at most one outage in 67 years, 95 %)`: a rate can be bounded where a length cannot. */
function rarely(outagesPerYear: Estimate): string {
  if (outagesPerYear.hi === null) return ''
  return ` (at most one outage in ${formatDuration(SECONDS_PER_YEAR / outagesPerYear.hi)}, ${formatPercent(outagesPerYear.level)})`
}

function sloSingle(slo: ServiceResult['slo'], lost: Estimate): string {
  if (slo === null) return ''
  const goal = `its objective of ${percentOf(slo.target)}`
  const allowed = (1 - slo.target) * SECONDS_PER_YEAR
  const sure = lost.hi !== null && (slo.met ? lost.hi <= allowed : lost.lo > allowed)
  if (!sure) return `; it ${slo.met ? 'seems to meet' : 'seems to miss'} ${goal}, but that is within the uncertainty`
  const risk = slo.probabilityOfMissInAMonth
  const months = slo.met && risk !== null && risk >= 0.001 ? `, though ${formatPercent(risk)} of months miss it` : ''
  return `; it ${slo.met ? 'meets' : 'misses'} ${goal}${months}`
}

function two(service: string, baseline: VariantResult, variant: VariantResult, comparison: Comparison): string {
  const difference = comparison.lostSecondsPerYear
  const pair = [baseline, variant]
  const lost = pair.map((v) => serviceOf(v, service).lostSecondsPerYear)
  if (lost.every((l) => l.mean === 0)) return neitherLost(service, baseline, variant)
  const slo = sloTwo(service, pair)
  if (difference.mean === 0 && difference.lo === 0 && difference.hi === 0) {
    const same = `${formatDuration(lost[0]!.mean)} of ${things(service)} a year (${range(lost[0]!)})`
    return `${capital(variant.id)} loses exactly as much as ${baseline.id}: ${same}${costTail(baseline, variant)}${slo}.`
  }
  if (isClear(difference)) return `${gainOrLoss(service, baseline, variant, difference)}${slo}.`
  return `${unclear(service, baseline, variant, difference)}${slo}.`
}

function neitherLost(service: string, baseline: VariantResult, variant: VariantResult): string {
  const bound = rarely(serviceOf(baseline, service).outagesPerYear)
  return `Not enough failures to compare: neither ${baseline.id} nor ${variant.id} lost any ${things(service)} in ${years(baseline)} each${bound}.`
}

function gainOrLoss(service: string, baseline: VariantResult, variant: VariantResult, difference: Estimate): string {
  const name = capital(variant.id)
  const amount = formatDuration(Math.abs(difference.mean))
  if (difference.mean < 0) {
    const saved = { ...difference, lo: -(difference.hi ?? 0), hi: -difference.lo }
    return `${name} saves ${amount} of lost ${things(service)} a year (${range(saved)})${costTail(baseline, variant)}`
  }
  return `${name} loses ${amount} more of ${things(service)} a year than ${baseline.id} (${range(difference)})${costTail(baseline, variant, 'and costs')}`
}

function unclear(service: string, baseline: VariantResult, variant: VariantResult, difference: Estimate): string {
  const outages = [baseline, variant].map((v) =>
    Math.round(serviceOf(v, service).outagesPerYear.mean * v.simulatedYears),
  )
  const seen = outages.reduce((sum, count) => sum + count, 0)
  const span = `${variant.id} may save up to ${formatDuration(-difference.lo)} or lose up to ${formatDuration(difference.hi ?? Number.POSITIVE_INFINITY)} more of ${things(service)} a year than ${baseline.id} (95 %)`
  if (seen < FEW_OUTAGES) {
    return `Not enough failures to tell ${variant.id} from ${baseline.id} (${counted(seen)} in ${years(variant)} each): ${span}${costTail(baseline, variant)}`
  }
  return `No clear difference: ${span}${costTail(baseline, variant)}`
}

function many(service: string, variants: readonly VariantResult[], compare: Compare): string {
  const order = variants
    .map((variant, index) => ({ variant, index, lost: serviceOf(variant, service).lostSecondsPerYear }))
    .sort((a, b) => a.lost.mean - b.lost.mean || a.index - b.index)
  const best = order[0]!
  if (order.every(({ lost }) => lost.mean === 0)) {
    return `Not enough failures to compare: none of the ${variants.length} variants lost any ${things(service)} in ${years(best.variant)} each.`
  }
  const open = order.slice(1).filter(({ index }) => !isClear(compare(best.index, index).lostSecondsPerYear))
  const lead = `${capital(best.variant.id)} loses the least: ${perYear(best.lost)}`
  if (open.length > 0) {
    return `${lead}, but it cannot be told from ${listed(open.map(({ variant }) => variant.id))}${againstBaseline(service, variants, best.index, compare)}.`
  }
  const next = order[1]!
  const ahead = compare(best.index, next.index).lostSecondsPerYear
  return `${lead}, ${formatDuration(ahead.mean)} less than ${next.variant.id}, the next best (${range(ahead)})${againstBaseline(service, variants, best.index, compare)}.`
}

function againstBaseline(service: string, variants: readonly VariantResult[], best: number, compare: Compare): string {
  if (best === 0) return ''
  const difference = compare(0, best).lostSecondsPerYear
  if (!isClear(difference)) return ''
  const baseline = variants[0]!
  const saved = formatDuration(-difference.mean)
  return `; against ${baseline.id} it saves ${saved} of lost ${things(service)} a year${costTail(baseline, variants[best]!)}`
}

/** Fewer outages than this in both variants: an open question is one of data, not of likeness. */
const FEW_OUTAGES = 30
const SECONDS_PER_YEAR = 31_557_600

function isClear(difference: Estimate): boolean {
  return difference.lo > 0 || (difference.hi !== null && difference.hi < 0)
}

function sloTwo(service: string, pair: readonly VariantResult[]): string {
  const slos = pair.map((variant) => serviceOf(variant, service).slo)
  const target = slos[0]?.target
  if (target === undefined) return ''
  const met = pair.filter((_, i) => slos[i]?.met === true)
  if (met.length === 2) return `; both meet ${percentOf(target)}`
  return met.length === 0 ? `; neither meets ${percentOf(target)}` : `; only ${met[0]!.id} meets ${percentOf(target)}`
}

/** ` for 420 more a month`, or nothing where a cost is not told. */
function costTail(baseline: VariantResult, variant: VariantResult, lead = 'for'): string {
  if (baseline.cost === null || variant.cost === null) return ''
  const more = variant.cost.perMonth - baseline.cost.perMonth
  if (more === 0) return ' at the same cost'
  return ` ${lead} ${formatNumber(Math.abs(more), 3)} ${more > 0 ? 'more' : 'less'} a month`
}

function perYear(lost: Estimate): string {
  return lost.mean === 0 ? 'nothing was lost' : `${formatDuration(lost.mean)} a year (${range(lost)})`
}

function range(of: Estimate): string {
  return `${formatDurationRange(of)}, ${formatPercent(of.level)}`
}

function serviceOf(variant: VariantResult, service: string): ServiceResult {
  return present(variant.services[service], `service ${service}`)
}

/** What is lost: requests of a cluster's services, the time of any other. */
function things(service: string): string {
  if (service === 'write' || service === 'read') return `${service}s`
  return `${service} time`
}

function inWords(name: string): string {
  return name.replaceAll('-', ' ')
}

function years(variant: VariantResult): string {
  const { simulatedYears } = variant
  return simulatedYears >= 1
    ? `${formatCount(simulatedYears)} years`
    : formatDuration(simulatedYears * SECONDS_PER_YEAR)
}

function counted(outages: number): string {
  return outages === 1 ? '1 outage' : `${formatCount(outages)} outages`
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}

function percentOf(target: number): string {
  return `${Number((100 * target).toPrecision(12))} %`
}
