import picocolors from 'picocolors'
import { formatAvailability, formatDuration, formatDurationInterval, formatRatio } from '../base/format.ts'
import type { Comparison, ResultFile } from '../experiment/result.ts'
import {
  comparisonOf,
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
import { closing, instants, NAME_WIDTH, objectives, type Pen, shares } from './table-sections.ts'
import { plain, shorten, visibleWidth } from './text.ts'

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
export function renderTable(result: ResultFile, options: TableOptions): string {
  const pen: Pen = {
    colours: picocolors.createColors(options.colour),
    width: options.width > 0 ? options.width : DEFAULT_WIDTH,
  }
  const widthOf = (lines: readonly string[]): number => Math.max(...lines.map(visibleWidth))
  const layouts = [() => wideTable(result, pen, 1), () => wideTable(result, pen, 2), () => stackedTable(result, pen)]
  const main = layouts.map((make) => make()).find((lines) => widthOf(lines) <= pen.width) ?? stackedTable(result, pen)
  const sections = [
    header(result, pen, Math.min(pen.width, Math.max(widthOf(main), 72))),
    main,
    instants(result, pen),
    ...focusOf(result).map((reading, index, all) => shares(reading, all, index, pen)),
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
  if (gap < 4) return [pen.colours.bold(question), pen.colours.dim(facts)]
  return [`${pen.colours.bold(question)}${' '.repeat(gap)}${pen.colours.dim(facts)}`]
}

const HEADINGS = ['availability', 'lost a year', 'outages a year', 'half last under', '1 % last over'] as const

/** One row a variant; headings on one line, or on two to spare columns. */
function wideTable(result: ResultFile, pen: Pen, headingLines: 1 | 2): string[] {
  const { dim, bold } = pen.colours
  const rows: Cell[][] = headingRows(headingLines).map((row) =>
    row.map((cell) => (typeof cell === 'string' ? dim(cell) : { ...cell, text: dim(cell.text) })),
  )
  for (const service of serviceNames(result)) {
    readingsOf(result, service).forEach((reading, index) => {
      const name = index === 0 ? bold(shorten(plain(service), NAME_WIDTH)) : ''
      rows.push([name, shorten(plain(reading.variant.id), NAME_WIDTH), ...cells(reading, pen)])
    })
    for (const reading of readingsOf(result, service)) {
      const entry = comparisonOf(result, service, reading.variant.id)
      if (entry === undefined) continue
      const title = `${shorten(plain(entry.variant), 20)} − ${shorten(plain(entry.baseline), 20)}`
      rows.push(['', { span: 3, text: dim(title) }, { span: 5, text: differenceText(entry, pen) }])
    }
  }
  return layOut(rows, 2)
}

function headingRows(lines: 1 | 2): Cell[][] {
  const [availability, lost, ...rest] = HEADINGS
  const left: Cell[] = ['service', 'variant', { span: 2, text: availability }, { span: 2, text: lost }]
  if (lines === 1) return [[...left, ...rest]]
  const split = rest.map((heading) => [
    heading.slice(0, heading.lastIndexOf(' ')),
    heading.slice(heading.lastIndexOf(' ') + 1),
  ])
  return [
    ['', '', { span: 2, text: '' }, { span: 2, text: '' }, ...split.map(([first]) => first ?? '')],
    [...left, ...split.map(([, second]) => second ?? '')],
  ]
}

/** Availability, its half-width, lost, its interval, outages, half under, one percent over. */
function cells(reading: Reading, pen: Pen): string[] {
  const { result } = reading
  const [availability, half] = formatAvailability(result.unavailability).split('  ± ')
  return [
    availability ?? '',
    half === undefined ? '' : pen.colours.dim(`± ${half}`),
    lostText(result.lostSecondsPerYear),
    pen.colours.dim(lostInterval(result.lostSecondsPerYear)),
    outagesText(result.outagesPerYear),
    quantileText(result.outageSeconds.p50),
    quantileText(result.outageSeconds.p99),
  ]
}

function differenceText(entry: Comparison, pen: Pen): string {
  const { mean, lo, hi } = entry.lostSecondsPerYear
  const certain = hi !== null && (hi < 0 || lo > 0)
  const paint = !certain ? pen.colours.yellow : mean < 0 ? pen.colours.green : pen.colours.red
  const difference = `${paint(signed(mean))} ${formatDurationInterval(entry.lostSecondsPerYear)}`
  return entry.ratio === null ? difference : `${difference}, ${formatRatio(entry.ratio)}`
}

function signed(seconds: number): string {
  return seconds > 0 ? `+${formatDuration(seconds)}` : formatDuration(seconds)
}

/** The same, one fact a line, for terminals too narrow for the table. */
function stackedTable(result: ResultFile, pen: Pen): string[] {
  const lines: string[] = []
  const fact = (name: string, value: string): number => lines.push(`  ${pen.colours.dim(name.padEnd(16))} ${value}`)
  for (const service of serviceNames(result)) {
    for (const reading of readingsOf(result, service)) {
      const [availability, half, lost, interval, outages, under, over] = cells(reading, pen)
      lines.push(pen.colours.bold(`${plain(service)} / ${plain(reading.variant.id)}`))
      fact(HEADINGS[0], `${availability} ${half}`)
      fact(HEADINGS[1], `${lost} ${interval}`)
      fact(HEADINGS[2], outages ?? '')
      fact(HEADINGS[3], under ?? '')
      fact(HEADINGS[4], over ?? '')
      const entry = comparisonOf(result, service, reading.variant.id)
      if (entry === undefined) continue
      const [difference = '', ratio] = differenceText(entry, pen).split(', ')
      fact('against baseline', difference)
      if (ratio !== undefined) fact('', ratio)
    }
  }
  return lines
}
