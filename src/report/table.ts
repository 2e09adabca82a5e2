import picocolors from 'picocolors'
import { formatDuration } from '../base/format.ts'
import type { Comparison, ResultFile } from '../experiment/result.ts'
import {
  availabilityText,
  comparisonOf,
  differenceWords,
  focusOf,
  lostInterval,
  lostText,
  outagesText,
  quantileText,
  type Reading,
  readingsOf,
  serviceNames,
  yearsEach,
} from './facts.ts'
import { type Cell, layOut } from './grid.ts'
import { isPlayed, per, toldPerPlay } from './plays.ts'
import {
  closing,
  exactValues,
  instants,
  NAME_WIDTH,
  objectives,
  type Pen,
  sensitivities,
  shares,
  transitions,
  uncertainties,
} from './table-sections.ts'
import { plain, shorten, visibleWidth, wrap } from './text.ts'

/** How the terminal is to be spoken to. */
export interface TableOptions {
  /** Whether escape codes for colour may be written. */
  readonly colour: boolean
  /** Columns of the terminal; 120 where it is not known. */
  readonly width: number
  /** Where the HTML report was written, to be named in the last line. */
  readonly reportPath?: string | undefined
}

const DEFAULT_WIDTH = 120

/** The answer as text for a terminal: no line is wider than it must be, and nothing is told by colour alone. */
export function renderTable(file: ResultFile, options: TableOptions): string {
  const result = toldPerPlay(file)
  const pen: Pen = {
    colours: picocolors.createColors(options.colour),
    width: options.width > 0 ? options.width : DEFAULT_WIDTH,
  }
  const widthOf = (lines: readonly string[]): number => Math.max(...lines.map(visibleWidth))
  const layouts = [
    () => wideTable(result, pen, 1, 'all'),
    () => wideTable(result, pen, 2, 'all'),
    () => wideTable(result, pen, 2, 'without its interval'),
    () => wideTable(result, pen, 2, 'one figure'),
    () => stackedTable(result, pen),
  ]
  const main = layouts.map((make) => make()).find((lines) => widthOf(lines) <= pen.width) ?? stackedTable(result, pen)
  const sections = [
    header(result, pen, Math.min(pen.width, Math.max(widthOf(main), 72))),
    main,
    transitions(result, pen),
    instants(result, pen),
    exactValues(result, pen),
    ...focusOf(result).map((reading, index, all) => shares(reading, all, index, pen)),
    sensitivities(result, pen),
    uncertainties(result, pen),
    objectives(result, pen),
    closing(result, options.reportPath, pen),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n')}\n`
}

function header(result: ResultFile, pen: Pen, width: number): string[] {
  const facts = [
    plain(result.experiment),
    `seed ${plain(result.seed)}`,
    yearsEach(result),
    formatDuration(result.run.wallSeconds),
    ...(result.run.partial ? ['interrupted'] : []),
  ].join(' · ')
  if (result.question === null) return [pen.colours.bold(facts)]
  const question = plain(result.question)
  const gap = width - visibleWidth(question) - visibleWidth(facts)
  if (gap < 4) return [pen.colours.bold(question), ...wrap(facts, pen.width).map(pen.colours.dim)]
  return [`${pen.colours.bold(question)}${' '.repeat(gap)}${pen.colours.dim(facts)}`]
}

/** What the columns are called; of a played fault plan the time in outages stands for the availability. */
function headings(result: ResultFile): readonly [string, string, ...string[]] {
  const first = isPlayed(result) ? 'down a play' : 'availability'
  return [first, `lost ${per(result)}`, `outages ${per(result)}`, 'half last under', '1 % last over']
}

/**
 * How much of a row there is room for: all; the availability without its interval; or only one of availability and lost
 * time, which tell the same (of a played plan: of downtime and lost time, the first).
 */
type Room = 'all' | 'without its interval' | 'one figure'

/** Cells of a row or of its headings that there is room for. */
function fitting<T>(result: ResultFile, cells: readonly T[], room: Room): T[] {
  const dropped = room === 'one figure' ? (isPlayed(result) ? [2, 3] : [0, 1]) : []
  return cells.filter((_, column) => !dropped.includes(column))
}

/** One row a variant; headings on one line, or on two to spare columns. */
function wideTable(result: ResultFile, pen: Pen, headingLines: 1 | 2, room: Room): string[] {
  const { dim, bold } = pen.colours
  const rows: Cell[][] = headingRows(result, headingLines, room).map((row) =>
    row.map((cell) => (typeof cell === 'string' ? dim(cell) : { ...cell, text: dim(cell.text) })),
  )
  for (const service of serviceNames(result)) {
    readingsOf(result, service).forEach((reading, index) => {
      const name = index === 0 ? bold(shorten(plain(service), NAME_WIDTH)) : ''
      rows.push([
        name,
        shorten(plain(reading.variant.id), NAME_WIDTH),
        ...fitting(result, cells(result, reading, pen, room), room),
      ])
    })
    for (const reading of readingsOf(result, service)) {
      const entry = comparisonOf(result, service, reading.variant.id)
      if (entry === undefined) continue
      const title = `${shorten(plain(entry.variant), 20)} − ${shorten(plain(entry.baseline), 20)}`
      const difference = differenceText(entry, pen, room !== 'one figure')
      rows.push(
        room === 'one figure'
          ? ['', { span: 6, text: `${dim(title)}  ${difference}` }]
          : ['', { span: 3, text: dim(title) }, { span: 5, text: difference }],
      )
    }
  }
  return layOut(rows, 2)
}

function headingRows(result: ResultFile, lines: 1 | 2, room: Room): Cell[][] {
  const [availability, lost, ...rest] = headings(result)
  const figures = room !== 'one figure' ? [availability, lost] : isPlayed(result) ? [availability] : [lost]
  const left: Cell[] = ['service', 'variant', ...figures.map((text): Cell => ({ span: 2, text }))]
  if (lines === 1) return [[...left, ...rest]]
  const split = rest.map((heading) => [
    heading.slice(0, heading.lastIndexOf(' ')),
    heading.slice(heading.lastIndexOf(' ') + 1),
  ])
  return [
    ['', '', ...figures.map((): Cell => ({ span: 2, text: '' })), ...split.map(([first]) => first ?? '')],
    [...left, ...split.map(([, second]) => second ?? '')],
  ]
}

/** Availability (or downtime), its interval, lost, its interval, outages, half under, one percent over. */
function cells(file: ResultFile, reading: Reading, pen: Pen, room: Room = 'all'): string[] {
  const { result } = reading
  const down = result.downtimeSecondsPerYear
  const [first = '', interval = ''] = isPlayed(file)
    ? [lostText(down), lostInterval(down)]
    : availabilityText(result.unavailability).split('  ')
  return [
    first,
    room === 'without its interval' ? '' : pen.colours.dim(interval),
    lostText(result.lostSecondsPerYear),
    pen.colours.dim(lostInterval(result.lostSecondsPerYear)),
    outagesText(result.outagesPerYear),
    quantileText(result.outageSeconds.p50),
    quantileText(result.outageSeconds.p99),
  ]
}

function differenceText(entry: Comparison, pen: Pen, ratio = true): string {
  const { mean, lo, hi } = entry.lostSecondsPerYear
  const certain = hi !== null && (hi < 0 || lo > 0)
  const words = differenceWords(entry)
  if (words.rest.length === 0) return words.mean
  const paint = !certain ? pen.colours.yellow : mean < 0 ? pen.colours.green : pen.colours.red
  return `${paint(words.mean)} ${words.rest.slice(0, ratio ? 2 : 1).join(', ')}`
}

/** The same, one fact a line, for terminals too narrow for the table. */
function stackedTable(result: ResultFile, pen: Pen): string[] {
  const lines: string[] = []
  const fact = (name: string, value: string): number => lines.push(`  ${pen.colours.dim(name.padEnd(16))} ${value}`)
  for (const service of serviceNames(result)) {
    for (const reading of readingsOf(result, service)) {
      const [availability, half, lost, interval, outages, under, over] = cells(result, reading, pen)
      const [...names] = headings(result)
      lines.push(pen.colours.bold(`${plain(service)} / ${plain(reading.variant.id)}`))
      fact(names[0] ?? '', `${availability} ${half}`)
      fact(names[1] ?? '', `${lost} ${interval}`)
      fact(names[2] ?? '', outages ?? '')
      fact(names[3] ?? '', under ?? '')
      fact(names[4] ?? '', over ?? '')
      const entry = comparisonOf(result, service, reading.variant.id)
      if (entry === undefined) continue
      const [difference = '', ratio] = differenceText(entry, pen).split(', ')
      fact('against baseline', difference)
      if (ratio !== undefined) fact('', ratio)
    }
  }
  return lines
}
