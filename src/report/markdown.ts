import { formatDuration, formatPercent } from '../base/format.ts'
import type { ResultFile, Slo } from '../experiment/result.ts'
import { elasticityTables } from './elasticities.ts'
import { escapeMarkdown } from './escape.ts'
import {
  availabilityText,
  causeShares,
  comparisonOf,
  differenceWords,
  exactText,
  focusOf,
  isExact,
  longestOutages,
  lostInterval,
  lostText,
  mechanismShares,
  objectiveText,
  outagesText,
  probabilityText,
  quantileText,
  type Reading,
  readingsOf,
  readingsWithExact,
  type Share,
  serviceNames,
  stopWords,
  topShares,
  traceCommand,
  yearsEach,
} from './facts.ts'
import { importanceTables, MEASURES } from './importance.ts'
import { missWords } from './misses.ts'
import { isPlayed, per, TRANSITION_HEAD, toldPerPlay, transitionCells, transitionsOf } from './plays.ts'
import { metWords, uncertainReadings } from './uncertain-inputs.ts'

/** The answer as GitHub-flavoured Markdown: for a pull request, a wiki, a ticket. */
export function renderMarkdown(results: ResultFile | readonly ResultFile[]): string {
  return ([results].flat() as readonly ResultFile[]).map(document).join('\n---\n\n')
}

function document(file: ResultFile): string {
  const result = toldPerPlay(file)
  const title = escapeMarkdown(result.question ?? result.experiment)
  const facts = `${escapeMarkdown(result.experiment)} · seed ${escapeMarkdown(result.seed)} · ${yearsEach(result)} · hasim ${escapeMarkdown(result.hasim)}`
  const sections = [
    `# ${title}`,
    `**${escapeMarkdown(result.verdict)}**`,
    result.run.partial ? `${facts} · interrupted: what was finished is shown` : facts,
    ...serviceNames(result).map((service) => serviceSection(result, service)),
    isPlayed(result) ? transitionSection(result) : '',
    ...focusOf(result).map((reading) => shareSection(result, reading)),
    elasticitySection(result),
    importanceSection(result),
    uncertainSection(result),
    instantSection(result),
    worstSection(result),
    isPlayed(result) ? '' : transitionSection(result),
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
    isPlayed(result)
      ? `${lostText(reading.result.downtimeSecondsPerYear)} ${lostInterval(reading.result.downtimeSecondsPerYear)}`
      : availabilityText(reading.result.unavailability).replace('  ', ' '),
    `${lostText(reading.result.lostSecondsPerYear)} ${lostInterval(reading.result.lostSecondsPerYear)}`,
    outagesText(reading.result.outagesPerYear),
    quantileText(reading.result.outageSeconds.p50),
    quantileText(reading.result.outageSeconds.p99),
    differenceText(result, reading),
    reading.result.slo === null ? '' : sloText(reading.result.slo),
  ])
  const head = [
    'variant',
    isPlayed(result) ? 'down a play' : 'availability',
    `lost ${per(result)}`,
    `outages ${per(result)}`,
    'half last under',
    '1 % last over',
    'against baseline',
    'objective',
  ]
  const used = head.map((_, column) => column < 6 || rows.some((row) => row[column] !== ''))
  const keep = <T>(cells: readonly T[]): T[] => cells.filter((_, column) => used[column])
  return `## ${escapeMarkdown(service)}\n\n${table(keep(head), rows.map(keep))}`
}

function sloText(slo: Slo): string {
  const misses = missWords(slo)
  const words = [...(misses.length === 0 ? [] : [`${misses.join(', ')} fall short`]), ...metWords(slo)]
  const often = words.length === 0 ? '' : ` (${words.join('; ')})`
  return `${objectiveText(slo.target)} ${slo.met ? 'met' : '**missed**'}${often}`
}

function differenceText(result: ResultFile, reading: Reading): string {
  const entry = comparisonOf(result, reading.service, reading.variant.id)
  if (entry === undefined) return ''
  const { mean, rest } = differenceWords(entry)
  return rest.length === 0 ? mean : `${mean} ${rest.join(', ')}`
}

function shareSection(file: ResultFile, { service, variant, result }: Reading): string {
  const title = `## Where ${escapeMarkdown(service)}/${escapeMarkdown(variant.id)} goes`
  const parts = [
    shareTable('mechanism', per(file), topShares(mechanismShares(result), 10)),
    isPlayed(file) ? '' : shareTable('cause', per(file), topShares(causeShares(result), 10)),
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : [title, ...parts].join('\n\n')
}

function shareTable(heading: string, each: string, shares: readonly Share[]): string {
  const total = shares.reduce((sum, share) => sum + share.seconds, 0)
  if (total === 0) return ''
  return table(
    [heading, `lost ${each}`, 'share'],
    shares.map((share) => [
      escapeMarkdown(share.name),
      formatDuration(share.seconds),
      formatPercent(share.seconds / total),
    ]),
  )
}

function elasticitySection(result: ResultFile): string {
  const { tables, method } = elasticityTables(result)
  if (tables.length === 0) return ''
  const parts = tables.map(({ service, variant, rows }) =>
    table(
      [`${escapeMarkdown(service)}/${escapeMarkdown(variant)}: 1 % more of`, 'moves the loss by'],
      rows.map(([input, moves]) => [escapeMarkdown(input), moves]),
    ),
  )
  return ['## What moves it', ...parts, `How this is known: ${escapeMarkdown(method)}.`].join('\n\n')
}

function uncertainSection(result: ResultFile): string {
  const rows = uncertainReadings(result).map(({ service, variant, words }) => [
    `${escapeMarkdown(service)}/${escapeMarkdown(variant)}`,
    words,
  ])
  return rows.length === 0 ? '' : `## Inputs being uncertain\n\n${table(['service', 'lost'], rows)}`
}

function importanceSection(result: ResultFile): string {
  const parts = importanceTables(result).map(({ service, variant, rows }) =>
    table([`${escapeMarkdown(service)}/${escapeMarkdown(variant)}`, ...MEASURES], rows.map(escapedFirst)),
  )
  return parts.length === 0 ? '' : ['## How much each part matters', ...parts].join('\n\n')
}

function escapedFirst([first = '', ...rest]: readonly string[]): string[] {
  return [escapeMarkdown(first), ...rest]
}

function instantSection(result: ResultFile): string {
  const rows = serviceNames(result).flatMap((service) =>
    readingsOf(result, service).flatMap((reading) =>
      reading.result.at.map((at) => [
        `${escapeMarkdown(service)}/${escapeMarkdown(reading.variant.id)}`,
        formatDuration(at.seconds),
        probabilityText(at.down),
        probabilityText(at.hadOutage),
        `${lostText(at.lostSeconds)} ${lostInterval(at.lostSeconds)}`,
      ]),
    ),
  )
  if (rows.length === 0) return ''
  return `## At instants\n\n${table(['service', 'instant', 'down then', 'an outage until then', 'lost until then'], rows)}`
}

function worstSection(result: ResultFile): string {
  const rows = result.variants.flatMap((variant) =>
    longestOutages(variant)
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

function transitionSection(result: ResultFile): string {
  const rows = transitionsOf(result).flatMap((kind) =>
    kind.rows.map(({ variant, of }, index) => [
      index === 0 ? `**${kind.name}**: ${kind.isCount ? `${kind.words} (a count)` : kind.words}` : '',
      escapeMarkdown(variant),
      ...transitionCells(kind, of),
    ]),
  )
  if (rows.length === 0) return ''
  const shares = TRANSITION_HEAD.slice(1).map((share) => `${share} within`)
  const head = ['milliseconds since the fault', 'variant', TRANSITION_HEAD[0], ...shares]
  return `## Detection and failover\n\n${table(head, rows)}`
}

function solvedWord(result: ResultFile): string {
  const how = yearsEach(result)
  return how === 'exact' ? 'solved exactly' : how
}

function methodSection(result: ResultFile): string {
  const lines = result.variants.map((variant) => {
    if (variant.solver === 'exact')
      return `- ${escapeMarkdown(variant.id)}: ${solvedWord({ ...result, variants: [variant] })}: ${variant.solverReason}`
    const replications = variant.solver === 'rare' ? '' : `${variant.replications} replications, `
    const effort = `${replications}${yearsEach({ ...result, variants: [variant] })}`
    return `- ${escapeMarkdown(variant.id)}: ${effort}; ${stopWords(variant.stopReason)}`
  })
  const first = result.variants[0]
  const estimate = first === undefined ? undefined : Object.values(first.services)[0]?.lostSecondsPerYear
  const method =
    estimate === undefined
      ? []
      : isExact(estimate)
        ? [`- lost time: ${escapeMarkdown(estimate.method)}`]
        : [`- intervals of lost time: ${formatPercent(estimate.level)}, ${escapeMarkdown(estimate.method)}`]
  const beside = readingsWithExact(result).map(
    (reading) => `- ${escapeMarkdown(reading.service)}/${escapeMarkdown(reading.variant.id)}: ${exactText(reading)}`,
  )
  return ['## How this was made', '', ...lines, ...method, ...beside].join('\n')
}
