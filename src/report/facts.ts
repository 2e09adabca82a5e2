import {
  formatAvailability,
  formatCount,
  formatDuration,
  formatDurationSpread,
  formatNumber,
  formatPercent,
  formatRatio,
} from '../base/format.ts'
import { shellWord } from '../base/shell-word.ts'
import { SECONDS_PER_YEAR } from '../base/units.ts'
import { isSame, noneDiffered } from '../experiment/alike.ts'
import { BY_FITS, isFitted, NO_BOUND, shown, sureness } from '../experiment/fitted.ts'
import type {
  Comparison,
  Estimate,
  Quantile,
  ResultFile,
  ServiceResult,
  VariantResult,
  WorstOutageResult,
} from '../experiment/result.ts'
import { isNarrow, yearsText } from '../experiment/verdict-words.ts'
import { isPlayed } from './plays.ts'

/** One named share of a service's lost time. */
export interface Share {
  readonly name: string
  /** Lost seconds a year. */
  readonly seconds: number
}

/** A variant's result for one service. */
export interface Reading {
  readonly variant: VariantResult
  readonly service: string
  readonly result: ServiceResult
}

/** The services of a result, in the order in which the variants name them. */
export function serviceNames(result: ResultFile): readonly string[] {
  const names = new Set<string>()
  for (const variant of result.variants) for (const name of Object.keys(variant.services)) names.add(name)
  return [...names]
}

/** What every variant says of one service, baseline first. */
export function readingsOf(result: ResultFile, service: string): readonly Reading[] {
  const readings: Reading[] = []
  for (const variant of result.variants) {
    const found = variant.services[service]
    if (found !== undefined) readings.push({ variant, service, result: found })
  }
  return readings
}

/** The comparison of a variant with the baseline, for one service. */
export function comparisonOf(result: ResultFile, service: string, variant: string): Comparison | undefined {
  return result.comparisons.find((entry) => entry.service === service && entry.variant === variant)
}

/** The two readings worth opening up: the first service's baseline, and the variant that differs most from it. */
export function focusOf(result: ResultFile): readonly Reading[] {
  const service = serviceNames(result)[0]
  if (service === undefined) return []
  const [baseline, ...others] = readingsOf(result, service)
  if (baseline === undefined) return []
  const distance = (reading: Reading): number =>
    Math.abs(reading.result.lostSecondsPerYear.mean - baseline.result.lostSecondsPerYear.mean)
  const furthest = others.reduce<Reading | undefined>(
    (best, reading) => (best === undefined || distance(reading) > distance(best) ? reading : best),
    undefined,
  )
  return furthest === undefined ? [baseline] : [baseline, furthest]
}

/** The biggest shares, and what is left as `everything else`; shares of nothing are left out. */
export function topShares(shares: readonly Share[], keep: number): readonly Share[] {
  const some = shares.filter((share) => share.seconds > 0)
  if (some.length <= keep) return some
  const rest = some.slice(keep - 1).reduce((sum, share) => sum + share.seconds, 0)
  return [...some.slice(0, keep - 1), { name: 'everything else', seconds: rest }]
}

/** A service's lost time by mechanism, biggest first. */
export function mechanismShares(of: ServiceResult): readonly Share[] {
  return of.mechanisms.map((entry) => ({ name: label(entry.mechanism), seconds: entry.secondsPerYear }))
}

/** Whether mechanisms tell anything: where all is one mechanism, as in a system of parts alone, only causes do. */
export function mechanismsTell(readings: readonly Reading[]): boolean {
  return readings.some(({ result }) => result.mechanisms.filter((entry) => entry.secondsPerYear > 0).length > 1)
}

/** A service's lost time by cause, biggest first; nothing where all that is known is that parts are behind it. */
export function causeShares(of: ServiceResult): readonly Share[] {
  if (of.causes.length === 1 && of.causes[0]!.cause === 'parts') return []
  return of.causes.map((entry) => ({ name: entry.cause, seconds: entry.secondsPerYear }))
}

/** `quorum-lost` as people write it: `quorum lost`. */
export function label(mechanism: string): string {
  return mechanism.replaceAll('-', ' ')
}

/** A variant's longest outages; what several services lost together is one, under the id of the first of them. */
export function longestOutages(variant: VariantResult): readonly WorstOutageResult[] {
  const kept: WorstOutageResult[] = []
  for (const outage of variant.worstOutages) {
    const same = kept.findIndex(
      (other) => replicationOf(other.id) === replicationOf(outage.id) && overlap(other, outage),
    )
    const other = kept[same]
    if (other === undefined) kept.push(outage)
    else kept[same] = { ...other, service: `${other.service}, ${outage.service}` }
  }
  return kept
}

function replicationOf(id: string): string {
  return id.slice(0, id.lastIndexOf('/'))
}

function overlap(a: WorstOutageResult, b: WorstOutageResult): boolean {
  return a.fromSeconds < b.fromSeconds + b.seconds && b.fromSeconds < a.fromSeconds + a.seconds
}

/** The longest outage kept: of the first service where it has one, else of any. */
export function worstOutageOf(result: ResultFile): WorstOutageResult | undefined {
  const all = result.variants.flatMap((variant) => variant.worstOutages)
  const first = all.filter((outage) => outage.service === serviceNames(result)[0])
  return (first.length > 0 ? first : all).reduce<WorstOutageResult | undefined>(
    (worst, outage) => (worst === undefined || outage.seconds > worst.seconds ? outage : worst),
    undefined,
  )
}

/** The command that plays one outage again, event by event. */
export function traceCommand(result: ResultFile, outageId: string): string {
  return `hasim trace ${shellWord(result.run.file ?? `${result.experiment}.yaml`)} --outage ${shellWord(outageId)}`
}

/** What a report shows of solved services: all of it, or all but what is told of first outages over the horizon. */
type Shown = 'all' | 'no first outages'

/** `4 000 years each`, or the least and the most when the variants differ; `1 000 plays of leader-crash each`. */
export function yearsEach(result: ResultFile, shows: Shown = 'no first outages'): string {
  if (isPlayed(result)) {
    const plays = Math.max(...result.variants.map((variant) => variant.replications), 0)
    const count = `${formatCount(plays)} ${plays === 1 ? 'play' : 'plays'} of ${result.played?.plan}`
    return result.variants.length > 1 ? `${count} each` : count
  }
  if (result.variants.length > 0 && result.variants.every(({ solver }) => solver === 'exact'))
    return solvedHow(result, shows)
  if (result.variants.some(({ solver }) => solver === 'rare')) {
    const cycles = Math.max(...result.variants.map(({ replications }) => replications))
    return `${formatCount(cycles)} biased cycles${result.variants.length > 1 ? ' each' : ''}`
  }
  const years = result.variants.map((variant) => variant.simulatedYears)
  if (years.length === 0) return 'no years'
  const [least, most] = [Math.min(...years), Math.max(...years)]
  const each = years.length > 1 ? ' each' : ''
  return least === most
    ? `${yearsText(least)}${each}`
    : `${yearsText(least).replace(/ years?$/, '')} to ${yearsText(most)} each`
}

/** How the values that are shown were solved. Single outages have an end above only where they need no fit. */
function solvedHow({ variants }: ResultFile, shows: Shown): string {
  const all = variants.flatMap(({ services }) => Object.values(services))
  const estimates = all.flatMap((of) => [
    ...[of.lostSecondsPerYear, of.outagesPerYear, of.outageSeconds.mean, of.slo?.missInAMonth, of.slo?.missInHorizon],
    ...of.at.flatMap(({ down, hadOutage, lostSeconds }) => [down, hadOutage, lostSeconds]),
    ...(shows === 'all' ? [of.noOutageInHorizon, of.firstOutageSeconds] : []),
  ])
  const fits = [
    ...estimates.flatMap((estimate) => (estimate == null ? [] : [isFitted(estimate)])),
    ...all.flatMap(({ outageSeconds: { p50 } }) => (p50 === null ? [] : [p50.hi === null])),
  ]
  if (!fits.includes(true)) return 'exact'
  return fits.includes(false) ? `solved exactly, in part ${BY_FITS} with ${NO_BOUND}` : `solved ${BY_FITS}, ${NO_BOUND}`
}

/** Whether an estimate is a bound alone: nothing of its kind was seen. */
export function isBound(estimate: Estimate): boolean {
  return estimate.mean === 0 && estimate.lo === 0 && (estimate.hi === null || estimate.hi > 0)
}

/** `6 m 19 s`, or `none seen`. */
export function lostText(estimate: Estimate): string {
  return isBound(estimate) ? 'none seen' : formatDurationSpread(shown(estimate)).mean
}

/** Availability with its interval after two spaces: `99.99880 %  ± 0.00010`. */
export function availabilityText(unavailability: Estimate): string {
  return formatAvailability(shown(unavailability))
}

/** A probability without its interval; where it rests on fits that is said. */
export function probabilityText(estimate: Estimate): string {
  const percent = formatPercent(estimate.mean)
  return isFitted(estimate) ? `${percent} ${BY_FITS}` : percent
}

/** Whether a number has no sampling error: it was solved, exactly or by fitted laws. */
export function isExact(estimate: Estimate): boolean {
  return estimate.n === 0 && estimate.level === 1
}

/**
 * What exact solutions say beside simulated values, a line a reading: `exact 2 m 36 s a year (z = −0.2)`. Without a score
 * the exact value is what is wanted most.
 */
export function exactText({ result }: Reading): string {
  if (result.exact === null || result.unavailability.level === 1) return ''
  const { unavailability, z } = result.exact
  const lost = unavailability * SECONDS_PER_YEAR
  const words = lost < 1 ? `unavailability ${formatNumber(unavailability, 5)}` : `${formatDuration(lost)} a year`
  return `exact ${words} (${z === null ? 'too few losses for a z-score' : `z = ${formatNumber(z)}`})`
}

/** Readings that have an exact value beside a simulated one. */
export function readingsWithExact(result: ResultFile): readonly Reading[] {
  return serviceNames(result)
    .flatMap((service) => readingsOf(result, service))
    .filter((reading) => exactText(reading) !== '')
}

/** `[5:47 … 6:50]`, or the bound `< 1 h 45 m`. */
export function lostInterval(estimate: Estimate): string {
  if (isExact(estimate)) return sureness(estimate)
  if (!isBound(estimate)) {
    const { lo, hi } = estimate
    return isNarrow(estimate) ? `± ${formatDuration((hi! - lo) / 2)}` : formatDurationSpread(estimate).interval
  }
  return estimate.hi === null ? '' : `< ${formatDuration(estimate.hi)}`
}

/** A difference with its sign, its interval and, where it says more, its ratio: `−2.6 s [−3.7 … −1.6 s], 0.26 × [0.22 … 0.31]`. */
export function differenceWords(entry: Comparison): { readonly mean: string; readonly rest: readonly string[] } {
  const { mean: difference } = entry.lostSecondsPerYear
  const { mean, interval } = formatDurationSpread(shown(entry.lostSecondsPerYear))
  if (isSame(entry)) return { mean: 'the same', rest: [] }
  if (noneDiffered(entry)) return { mean: 'none seen', rest: [interval] }
  if (isExact(entry.lostSecondsPerYear)) {
    const times = entry.ratio === null ? [] : [`${formatNumber(entry.ratio.mean)} ×`]
    return { mean: difference > 0 ? `+${mean}` : mean, rest: [sureness(entry.lostSecondsPerYear), ...times] }
  }
  const ratio = entry.ratio !== null && ratioTells(entry) ? [formatRatio(entry.ratio)] : []
  return { mean: difference > 0 ? `+${mean}` : mean, rest: [interval, ...ratio] }
}

/** The ratio's interval is made on its own and is wide where both are skewed: it must not doubt a difference that is clear. */
function ratioTells({ lostSecondsPerYear: { lo, hi }, ratio }: Comparison): boolean {
  const isClear = lo > 0 || (hi !== null && hi < 0)
  return !isClear || (ratio !== null && (ratio.lo > 1 || (ratio.hi !== null && ratio.hi < 1)))
}

/** `3.1`, or the bound `< 0.06`. */
export function outagesText(perYear: Estimate): string {
  if (!isBound(perYear)) return formatNumber(perYear.mean)
  return perYear.hi === null ? '0' : `< ${formatNumber(perYear.hi)}`
}

/** A quantile of outage lengths, or a dash where no outage was seen. */
export function quantileText(quantile: Quantile | null): string {
  return quantile === null ? '–' : formatDuration(quantile.value)
}

/** A target availability as it was written: `99.95 %`. */
export function objectiveText(target: number): string {
  return `${Number((100 * target).toPrecision(12))} %`
}

/** How the answer was found, where that was a choice: `solved exactly: every service has an exact answer`. */
export function solverWords({ variants }: ResultFile): string {
  const first = variants[0]
  if (first === undefined || first.solverReason === undefined || first.solverReason === 'asked for') return ''
  // A cluster is never anything else.
  if (first.solverReason.startsWith('services of a cluster')) return ''
  const how = { exact: 'solved exactly', rare: 'by biased cycles', simulate: 'simulated' }[first.solver]
  return `${how}: ${first.solverReason}`
}

/** Why a variant's run ended, in words. */
export function stopWords(reason: VariantResult['stopReason']): string {
  switch (reason) {
    case 'precision':
      return 'the asked precision was reached'
    case 'replications':
      return 'the asked number of replications was done'
    case 'max-years':
      return 'the limit on simulated years was reached'
    case 'exact':
      return 'solved'
    case 'interrupted':
      return 'interrupted; what was finished counts'
  }
}
