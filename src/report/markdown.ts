import {
  formatAvailability,
  formatDuration,
  formatDurationInterval,
  formatPercent,
  formatRatio,
} from '../base/format.ts'
import type { ResultFile } from '../experiment/result.ts'
import { escapeMarkdown } from './escape.ts'
import {
  causeShares,
  comparisonOf,
  focusOf,
  lostInterval,
  lostText,
  mechanismShares,
  objectiveText,
  outagesText,
  quantileText,
  type Reading,
  readingsOf,
  type Share,
  serviceNames,
  stopWords,
  topShares,
  traceCommand,
  yearsEach,
} from './facts.ts'

/** The answer as GitHub-flavoured Markdown: for a pull request, a wiki, a ticket. */
export function renderMarkdown(results: ResultFile | readonly ResultFile[]): string {
  return ([results].flat() as readonly ResultFile[]).map(document).join('\n---\n\n')
}

function document(result: ResultFile): string {
  const title = escapeMarkdown(result.question ?? result.experiment)
  const facts = `${escapeMarkdown(result.experiment)} · seed ${escapeMarkdown(result.seed)} · ${yearsEach(result)} · hasim ${escapeMarkdown(result.hasim)}`
  const sections = [
    `# ${title}`,
    `**${escapeMarkdown(result.verdict)}**`,
    result.run.partial ? `${facts} · interrupted: what was finished is shown` : facts,
    ...serviceNames(result).map((service) => serviceSection(result, service)),
    ...focusOf(result).map(shareSection),
    instantSection(result),
    worstSection(result),
    methodSection(result),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

function serviceSection(result: ResultFile, service: string): string {
  const readings = readingsOf(result, service)
  const rows = readings.map((reading) => [
    escapeMarkdown(reading.variant.id),
    formatAvailability(reading.result.unavailability).replace('  ', ' '),
    `${lostText(reading.result.lostSecondsPerYear)} ${lostInterval(reading.result.lostSecondsPerYear)}`,
    outagesText(reading.result.outagesPerYear),
    quantileText(reading.result.outageSeconds.p50),
    quantileText(reading.result.outageSeconds.p99),
    differenceText(result, reading),
    reading.result.slo === null
      ? ''
      : `${objectiveText(reading.result.slo.target)} ${reading.result.slo.met ? 'met' : '**missed**'}`,
  ])
  const head = [
    'variant',
    'availability',
    'lost a year',
    'outages a year',
    'half last under',
    '1 % last over',
    'against baseline',
    'objective',
  ]
  const used = head.map((_, column) => column < 6 || rows.some((row) => row[column] !== ''))
  const keep = <T>(cells: readonly T[]): T[] => cells.filter((_, column) => used[column])
  return `## ${escapeMarkdown(service)}\n\n${table(keep(head), rows.map(keep))}`
}

function differenceText(result: ResultFile, reading: Reading): string {
  const entry = comparisonOf(result, reading.service, reading.variant.id)
  if (entry === undefined) return ''
  const difference = `${formatDuration(entry.lostSecondsPerYear.mean)} ${formatDurationInterval(entry.lostSecondsPerYear)}`
  return entry.ratio === null ? difference : `${difference}, ${formatRatio(entry.ratio)}`
}

function shareSection({ service, variant, result }: Reading): string {
  const title = `## Where ${escapeMarkdown(service)}/${escapeMarkdown(variant.id)} goes`
  const parts = [
    shareTable('mechanism', topShares(mechanismShares(result), 10)),
    shareTable('cause', topShares(causeShares(result), 10)),
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : [title, ...parts].join('\n\n')
}

function shareTable(heading: string, shares: readonly Share[]): string {
  const total = shares.reduce((sum, share) => sum + share.seconds, 0)
  if (total === 0) return ''
  return table(
    [heading, 'lost a year', 'share'],
    shares.map((share) => [
      escapeMarkdown(share.name),
      formatDuration(share.seconds),
      formatPercent(share.seconds / total),
    ]),
  )
}

function instantSection(result: ResultFile): string {
  const rows = serviceNames(result).flatMap((service) =>
    readingsOf(result, service).flatMap((reading) =>
      reading.result.at.map((at) => [
        `${escapeMarkdown(service)}/${escapeMarkdown(reading.variant.id)}`,
        formatDuration(at.seconds),
        formatPercent(at.down.mean),
        formatPercent(at.hadOutage.mean),
        `${lostText(at.lostSeconds)} ${lostInterval(at.lostSeconds)}`,
      ]),
    ),
  )
  if (rows.length === 0) return ''
  return `## At instants\n\n${table(['service', 'instant', 'down then', 'an outage until then', 'lost until then'], rows)}`
}

function worstSection(result: ResultFile): string {
  const rows = result.variants.flatMap((variant) =>
    variant.worstOutages
      .slice(0, 5)
      .map((outage) => [
        escapeMarkdown(outage.id),
        escapeMarkdown(outage.service),
        formatDuration(outage.seconds),
        escapeMarkdown(outage.cause),
        escapeMarkdown(outage.mechanism),
      ]),
  )
  const first = result.variants.find((variant) => variant.worstOutages.length > 0)?.worstOutages[0]
  if (first === undefined) return ''
  const command = `Event by event:\n\n    ${traceCommand(result, first.id).replace(/\p{Cc}+/gu, ' ')}`
  return `## Longest outages\n\n${table(['outage', 'service', 'lasted', 'cause', 'mechanism'], rows)}\n\n${command}`
}

function methodSection(result: ResultFile): string {
  const lines = result.variants.map(
    (variant) =>
      `- ${escapeMarkdown(variant.id)}: ${variant.replications} replications, ${yearsEach({ ...result, variants: [variant] })}; ${stopWords(variant.stopReason)}`,
  )
  const first = result.variants[0]
  const estimate = first === undefined ? undefined : Object.values(first.services)[0]?.lostSecondsPerYear
  const method =
    estimate === undefined
      ? []
      : [`- intervals of lost time: ${formatPercent(estimate.level)}, ${escapeMarkdown(estimate.method)}`]
  return ['## How this was made', '', ...lines, ...method].join('\n')
}
