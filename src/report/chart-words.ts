import { formatCount, formatDuration, formatPercent } from '../base/format.ts'
import { SECONDS_PER_YEAR } from '../base/units.ts'
import { isSame } from '../experiment/alike.ts'
import type { ResultFile } from '../experiment/result.ts'
import { NAME_WIDTH } from './chart.ts'
import {
  causeShares,
  isBound,
  isExact,
  lostText,
  mechanismShares,
  type Reading,
  readingsOf,
  type Share,
  serviceNames,
  worstOutageOf,
} from './facts.ts'
import { per } from './plays.ts'
import { shorten } from './text.ts'

/** What the intervals on lost time say: how much is lost, and whether the variants can be told apart. */
export function lostSentence(result: ResultFile, budgetDrawn: boolean): string {
  const service = serviceNames(result)[0] ?? ''
  const readings = readingsOf(result, service)
  const parts = readings.slice(0, 4).map(({ variant, result: of }) => {
    const { hi } = of.lostSecondsPerYear
    const mean = lostText(of.lostSecondsPerYear)
    const name = shorten(variant.id, NAME_WIDTH)
    if (!isBound(of.lostSecondsPerYear)) return `with ${name}, ${mean} of ${service} is lost ${per(result)}`
    return `with ${name}, no ${service} was lost${hi === null ? '' : `: less than ${formatDuration(hi)} ${per(result)}`}`
  })
  const unclear = result.comparisons.filter((entry) => {
    const { lo, hi } = entry.lostSecondsPerYear
    return entry.service === service && lo <= 0 && (hi === null || hi >= 0) && !isSame(entry)
  })
  const solved = readings.every(({ result: of }) => isExact(of.lostSecondsPerYear))
  const level = readings[0]?.result.lostSecondsPerYear.level ?? 0.95
  const lines = [
    ...(solved ? [] : [`thin lines are ${formatPercent(level)} intervals`]),
    ...(budgetDrawn ? ['a dashed line is what the objective allows'] : []),
  ]
  const legend = lines.length === 0 ? '' : ` ${capital(lines.join(', '))}.`
  const sure = unclear.map((entry) => ` This run cannot tell ${entry.variant} from ${entry.baseline}.`).join('')
  const more = readings.length > parts.length ? '; the others are in the table' : ''
  return `${capital(parts.join('; '))}${more}.${legend}${sure}`
}

/** Which mechanism weighs most, and what detection and failover cost on top of the parts. */
export function waterfallSentence(readings: readonly Reading[]): string {
  return readings
    .map((reading) => {
      const [biggest] = mechanismShares(reading.result)
      const total = sumOf(mechanismShares(reading.result))
      if (biggest === undefined || total === 0) return ''
      const first = `Of what is lost with ${shorten(reading.variant.id, NAME_WIDTH)}, ${formatPercent(biggest.seconds / total)} is ${biggest.name}.`
      return [first, priceOfProtocol(reading)].filter((text) => text !== '').join(' ')
    })
    .filter((text) => text !== '')
    .join(' ')
}

/** What the parts alone would lose, and what detection and failover add; nothing where no such reading was made. */
export function priceOfProtocol({ result }: Reading): string {
  if (result.structure === null || isBound(result.structure.unavailability)) return ''
  const parts = result.structure.unavailability.mean * SECONDS_PER_YEAR
  const rest = result.lostSecondsPerYear.mean - parts
  if (rest <= 0) return ''
  return `The parts alone would lose ${formatDuration(parts)}; detection and failover cost the other ${formatDuration(rest)}.`
}

/** The biggest cause of each. */
export function causesSentence(readings: readonly Reading[]): string {
  const words = readings.map((reading) => {
    const shares = causeShares(reading.result)
    const biggest = shares[0]
    const total = sumOf(shares)
    if (biggest === undefined || total === 0) return ''
    return `with ${shorten(reading.variant.id, NAME_WIDTH)} it is ${biggest.name} (${formatPercent(biggest.seconds / total)})`
  })
  return `The biggest cause: ${words.filter((text) => text !== '').join(', ')}. An outage belongs to the fault that began it.`
}

/** The median and the tail. */
export function lengthsSentence(readings: readonly Reading[]): string {
  return readings
    .map(({ variant, result }) => {
      const { p50, p99 } = result.outageSeconds
      if (p50 === null) return ''
      const tail = p99 === null ? '' : `, and one in a hundred lasts longer than ${formatDuration(p99.value)}`
      return `With ${shorten(variant.id, NAME_WIDTH)}, half of the outages are over within ${formatDuration(p50.value)}${tail}.`
    })
    .filter((text) => text !== '')
    .join(' ')
}

/** The longest outage, and over how long it was the longest. */
export function worstSentence(result: ResultFile): string {
  const worst = worstOutageOf(result)
  if (worst === undefined) return ''
  const years = result.variants.reduce((sum, variant) => sum + variant.simulatedYears, 0)
  return `The longest in ${formatCount(years)} simulated years took ${formatDuration(worst.seconds)}; its cause: ${worst.cause}.`
}

function sumOf(shares: readonly Share[]): number {
  return shares.reduce((sum, share) => sum + share.seconds, 0)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
