import {
  formatCount,
  formatDuration,
  formatDurationInterval,
  formatNumberInterval,
  formatPercent,
} from '../base/format.ts'
import { BY_FITS, isFitted, NO_BOUND } from '../experiment/fitted.ts'
import type { Estimate, ResultFile } from '../experiment/result.ts'
import { elasticityTables } from './elasticities.ts'
import { escapeHtml } from './escape.ts'
import {
  availabilityText,
  causeShares,
  comparisonOf,
  differenceWords,
  exactText,
  isBound,
  isExact,
  label,
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
  traceCommand,
} from './facts.ts'
import { importanceTables, MEASURES } from './importance.ts'
import { missWords } from './misses.ts'
import { isPlayed, per, TRANSITION_HEAD, toldPerPlay, transitionCells, transitionsOf } from './plays.ts'
import { metWords, uncertainReadings } from './uncertain-inputs.ts'

/** A table's cell, already HTML. */
interface Cell {
  readonly html: string
  readonly kind?: 'number' | 'wide' | 'note'
}

const text = (value: string): Cell => ({ html: escapeHtml(value) })
const wide = (value: string): Cell => ({ html: escapeHtml(value), kind: 'wide' })
const number = (value: string): Cell => ({ html: escapeHtml(value), kind: 'number' })
const withNote = (value: string, note: string): Cell => ({
  html: note === '' ? escapeHtml(value) : `${escapeHtml(value)} <small>${escapeHtml(note)}</small>`,
})

interface Group {
  readonly title: string | null
  readonly rows: readonly (readonly Cell[])[]
}

/** A table whose rows are headed by their first cell, in groups. */
function table(caption: string, head: readonly string[], groups: readonly Group[]): string {
  const body = groups.map(({ title, rows }) => {
    const heading =
      title === null
        ? ''
        : `<tr><th class="group" scope="rowgroup" colspan="${head.length}">${escapeHtml(title)}</th></tr>`
    return `<tbody>${heading}${rows.map(row).join('')}</tbody>`
  })
  const columns = head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${columns}</tr></thead>${body.join('')}</table></div>`
}

function row([first, ...rest]: readonly Cell[]): string {
  const cells = rest.map((cell) => `<td${cell.kind === undefined ? '' : ` class="${cell.kind}"`}>${cell.html}</td>`)
  return `<tr><th scope="row">${first?.html ?? ''}</th>${cells.join('')}</tr>`
}

interface KeyColumn {
  readonly head: string | ((result: ResultFile) => string)
  readonly cell: (reading: Reading, result: ResultFile) => Cell
  /** Whether the column says anything here; without it, always. */
  readonly used?: (reading: Reading, result: ResultFile) => boolean
}

const KEY_COLUMNS: readonly KeyColumn[] = [
  { head: 'variant', cell: ({ variant }) => text(variant.id) },
  {
    head: (result) => (isPlayed(result) ? 'down a play' : 'availability'),
    cell: ({ result }, file) =>
      isPlayed(file) ? lostCell(result.downtimeSecondsPerYear) : availabilityCell(result.unavailability),
  },
  { head: (result) => `lost ${per(result)}`, cell: ({ result }) => lostCell(result.lostSecondsPerYear) },
  { head: (result) => `outages ${per(result)}`, cell: ({ result }) => text(outagesText(result.outagesPerYear)) },
  { head: 'half last under', cell: ({ result }) => text(quantileText(result.outageSeconds.p50)) },
  { head: '1 % last over', cell: ({ result }) => text(quantileText(result.outageSeconds.p99)) },
  {
    head: 'against baseline',
    cell: (reading, result) => differenceCell(reading, result),
    used: (reading, result) => comparisonOf(result, reading.service, reading.variant.id) !== undefined,
  },
  { head: 'objective', cell: objectiveCell, used: ({ result }) => result.slo !== null },
  {
    head: 'cost a month',
    cell: ({ variant }) => text(variant.cost === null ? '' : formatCount(variant.cost.perMonth)),
    used: ({ variant }) => variant.cost !== null,
  },
]

/** The figures of every service and variant. */
export function keyTable(result: ResultFile): string {
  const readings = serviceNames(result).map((service) => readingsOf(result, service))
  const columns = KEY_COLUMNS.filter(
    ({ used }) => used === undefined || readings.flat().some((one) => used(one, result)),
  )
  const groups = readings.map((ofService) => ({
    title: ofService[0]?.service ?? null,
    rows: ofService.map((reading) => columns.map((column) => column.cell(reading, result))),
  }))
  return table(
    `${meansWords(readings.flat()[0])}. ${isPlayed(result) ? 'Each replication plays the plan once.' : 'A year has 365.25 days.'}`,
    columns.map(({ head }) => (typeof head === 'string' ? head : head(result))),
    groups,
  )
}

function meansWords(reading: Reading | undefined): string {
  const lost = reading?.result.lostSecondsPerYear
  if (lost !== undefined && isFitted(lost)) return `Means ${BY_FITS}, with ${NO_BOUND}`
  if (lost !== undefined && isExact(lost)) return 'Means, solved exactly'
  return `Means with ${formatPercent(lost?.level ?? 0.95)} intervals`
}

function availabilityCell(unavailability: Estimate): Cell {
  const [value = '', interval = ''] = availabilityText(unavailability).split('  ')
  return withNote(value, interval)
}

function outagesCell(perYear: Estimate): Cell {
  return text(isBound(perYear) || isFitted(perYear) ? outagesText(perYear) : formatNumberInterval(perYear))
}

function lostCell(lost: Estimate): Cell {
  return withNote(lostText(lost), lostInterval(lost))
}

function differenceCell(reading: Reading, result: ResultFile): Cell {
  const entry = comparisonOf(result, reading.service, reading.variant.id)
  if (entry === undefined) return text('')
  const { mean, lo, hi } = entry.lostSecondsPerYear
  const certain = hi !== null && (hi < 0 || lo > 0)
  const { mean: shown, rest } = differenceWords(entry)
  const notes = [
    ...rest,
    ...(certain || rest.length === 0 || isFitted(entry.lostSecondsPerYear) ? [] : ['cannot be told apart']),
  ]
  const tone = !certain ? '' : mean < 0 ? ' class="good"' : ' class="bad"'
  return {
    html: `<span${tone}>${escapeHtml(shown)}</span>${notes.map((note) => `<small>${escapeHtml(note)}</small>`).join('')}`,
  }
}

function objectiveCell({ result }: Reading): Cell {
  if (result.slo === null) return text('')
  const { target, met } = result.slo
  const verdict = met ? '<span class="good">✓ met</span>' : '<span class="bad">✗ missed</span>'
  const words = [...missWords(result.slo).map((share) => `${share} fall short`), ...metWords(result.slo)]
  const often = words.map((one) => `<small>${escapeHtml(one)}</small>`)
  return { html: `${escapeHtml(objectiveText(target))} ${verdict}${often.join('')}`, kind: 'note' }
}

/** Lost time by mechanism or by cause, of every service and variant. */
export function shareTable(result: ResultFile, by: 'mechanism' | 'cause'): string {
  const pick = by === 'mechanism' ? mechanismShares : causeShares
  const groups = serviceNames(result).flatMap((service) =>
    readingsOf(result, service).map((reading) => ({
      title: `${service}, ${reading.variant.id}`,
      rows: shareRows(pick(reading.result)),
    })),
  )
  return table(
    `Lost time ${per(result)} by ${by}, of every service and variant.`,
    [by, `lost ${per(result)}`, 'share'],
    groups.filter((group) => group.rows.length > 0),
  )
}

function shareRows(shares: readonly Share[]): readonly (readonly Cell[])[] {
  const total = shares.reduce((sum, share) => sum + share.seconds, 0)
  return shares
    .filter((share) => share.seconds > 0)
    .map((share) => [text(share.name), text(formatDuration(share.seconds)), text(formatPercent(share.seconds / total))])
}

/** Quantiles of outage lengths, of every service and variant. */
export function lengthTable(result: ResultFile): string {
  const groups = serviceNames(result).map((service) => ({
    title: service,
    rows: readingsOf(result, service).map(({ variant, result: { outageSeconds } }) => [
      text(variant.id),
      text(outageSeconds.mean === null ? '–' : formatDuration(outageSeconds.mean.mean)),
      ...[outageSeconds.p50, outageSeconds.p90, outageSeconds.p99].map((quantile) =>
        quantile === null ? text('–') : withNote(formatDuration(quantile.value), formatDurationInterval(quantile)),
      ),
      text(outageSeconds.max === null ? '–' : formatDuration(outageSeconds.max)),
    ]),
  }))
  return table('Lengths of outages.', ['variant', 'mean', 'half under', '90 % under', '99 % under', 'longest'], groups)
}

/** More figures of every service and variant: downtime, degraded time, first outage, parts alone. */
export function detailTable(result: ResultFile): string {
  const beside = readingsWithExact(result).length > 0
  const groups = serviceNames(result).map((service) => ({
    title: service,
    rows: readingsOf(result, service).map((reading) => [
      text(reading.variant.id),
      ...detailCells(reading),
      ...(beside ? [text(exactText(reading) || '–')] : []),
    ]),
  }))
  const head = [
    'variant',
    `in outages ${per(result)}`,
    `degraded ${per(result)}`,
    'no outage in a replication',
    'first outage after',
    'parts alone',
    ...(beside ? ['exact values beside'] : []),
  ]
  return table('More figures of every service and variant.', head, groups)
}

function detailCells({ result: of }: Reading): Cell[] {
  return [
    lostCell(of.downtimeSecondsPerYear),
    lostCell(of.degradedSecondsPerYear),
    text(of.noOutageInHorizon === null ? '–' : probabilityInterval(of.noOutageInHorizon)),
    of.firstOutageSeconds === null ? text('none seen') : lostCell(of.firstOutageSeconds),
    of.structure === null ? text('–') : availabilityCell(of.structure.unavailability),
  ]
}

/** What one percent more of each input does to each service; nothing where nobody asked. */
export function elasticityTable(result: ResultFile): string {
  const { tables, method } = elasticityTables(result)
  if (tables.length === 0) return ''
  const groups = tables.map(({ service, variant, rows }) => ({
    title: `${service}, ${variant}`,
    rows: rows.map(([input, moves]) => [text(input), text(moves)]),
  }))
  return table(`What moves each service; ${method}.`, ['1 % more of', 'moves the loss by'], groups)
}

/** How much each part of the solved services matters; nothing where none is told. */
export function importanceTable(result: ResultFile): string {
  const groups = importanceTables(result).map(({ service, variant, rows }) => ({
    title: `${service}, ${variant}`,
    rows: rows.map((row) => row.map((cell) => text(cell))),
  }))
  return groups.length === 0 ? '' : table('How much each part matters; exact.', ['part', ...MEASURES], groups)
}

/** What services could lose, their inputs being uncertain; nothing where none is. */
export function uncertainTable(result: ResultFile): string {
  const rows = uncertainReadings(result).map(({ service, variant, words }) => [
    text(`${service}, ${variant}`),
    text(words),
  ])
  const caption = 'What is lost when the inputs that are known by distributions only are drawn from them.'
  return rows.length === 0 ? '' : table(caption, ['service', 'lost'], [{ title: null, rows }])
}

/** The values at the instants asked for; nothing without any. */
export function instantTable(result: ResultFile): string {
  const groups = serviceNames(result).flatMap((service) =>
    readingsOf(result, service).map((reading) => ({
      title: `${service}, ${reading.variant.id}`,
      rows: reading.result.at.map((at) => [
        text(formatDuration(at.seconds)),
        text(probabilityInterval(at.down)),
        text(probabilityInterval(at.hadOutage)),
        lostCell(at.lostSeconds),
      ]),
    })),
  )
  const some = groups.filter((group) => group.rows.length > 0)
  if (some.length === 0) return ''
  return table(
    'From the start of a replication.',
    ['instant', 'down then', 'an outage until then', 'lost until then'],
    some,
  )
}

function probabilityInterval(estimate: Estimate): string {
  if (isFitted(estimate)) return probabilityText(estimate)
  if (isBound(estimate)) return `< ${formatPercent(estimate.hi ?? 1)}`
  return `${formatPercent(estimate.mean)} [${formatPercent(estimate.lo)} … ${formatPercent(estimate.hi ?? 1)}]`
}

/** The outages kept, each with the command that plays it again. */
export function worstTable(result: ResultFile): string {
  const groups = result.variants
    .filter((variant) => variant.worstOutages.length > 0)
    .map((variant) => ({
      title: variant.id,
      rows: longestOutages(variant).map((outage) => [
        text(formatDuration(outage.seconds)),
        text(outage.service),
        wide(outage.cause),
        text(label(outage.mechanism)),
        text(`after ${formatDuration(outage.fromSeconds)}`),
        { html: `<code>${escapeHtml(traceCommand(result, outage.id))}</code>`, kind: 'wide' as const },
      ]),
    }))
  return table(
    'The longest outages seen.',
    ['lasted', 'service', 'cause', 'mechanism', 'began', 'event by event'],
    groups,
  )
}

/** Times of the protocols' steps, in milliseconds; nothing where none was recorded. */
export function transitionTable(result: ResultFile): string {
  const groups = transitionsOf(result).map((kind) => ({
    title: `${kind.name}: ${kind.isCount ? `${kind.words} (a count)` : kind.words}`,
    rows: kind.rows.map(({ variant, of }) => [text(variant), ...transitionCells(kind, of).map(number)]),
  }))
  if (groups.length === 0) return ''
  const shares = TRANSITION_HEAD.slice(1).map((share) => `${share} within`)
  return table('Milliseconds since the fault that set them off.', ['variant', TRANSITION_HEAD[0], ...shares], groups)
}

/** Several results in one table, by the first service of each. */
export function overviewTable(results: readonly ResultFile[]): string {
  const groups = results
    .map((file) => toldPerPlay(file))
    .map((result) => ({
      title: `${result.question ?? result.experiment}${isPlayed(result) ? ' (per play)' : ''}`,
      rows: readingsOf(result, serviceNames(result)[0] ?? '').map((reading) => [
        text(`${reading.service}, ${reading.variant.id}`),
        isPlayed(result) ? text('–') : availabilityCell(reading.result.unavailability),
        lostCell(reading.result.lostSecondsPerYear),
        outagesCell(reading.result.outagesPerYear),
      ]),
    }))
  return table('The first service of each.', ['variant', 'availability', 'lost a year', 'outages a year'], groups)
}
