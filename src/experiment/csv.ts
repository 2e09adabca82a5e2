import { readCsvRows } from '../document/csv.ts'
import { type Read, read, readDuration, refuse } from '../document/quantities.ts'
import * as say from './messages.ts'

/**
 * Durations (ms) from a CSV: words such as `12ms` one a line, or numbers under a header whose name ends in the unit
 * (`ms`, `outage_ms`, `seconds`). Of several columns the first that names a unit is taken, or the one asked for.
 */
export function readCsv(file: string, text: string, column: string | null): Read<readonly number[]> {
  const rows = readCsvRows(text).filter(({ cells }) => cells.some((cell) => cell !== '') && !cells[0]!.startsWith('#'))
  const first = rows[0]
  if (first === undefined) return refuse(say.emptyCsv(file))
  const hasHeader = first.cells.every((cell) => !/^-?[\d.]/.test(cell))
  const header = hasHeader ? first.cells : []
  const index =
    column === null
      ? Math.max(
          0,
          header.findIndex((cell) => unitOf(cell) !== null),
        )
      : header.indexOf(column)
  if (index < 0) return refuse(say.csvNoColumn(file, column!, header))
  const unit = unitOf(header[index] ?? '')
  const values: number[] = []
  for (const { line, cells } of hasHeader ? rows.slice(1) : rows) {
    const cell = cells[index] ?? ''
    if (cell === '') continue
    const isNumber = /^\d*\.?\d+(e[-+]?\d+)?$/i.test(cell)
    if (isNumber && unit === null) return refuse(say.csvNoUnit(file, line, cell))
    const value = isNumber ? readDuration(`1${unit}`) : readDuration(cell)
    if (!value.ok) return refuse(say.csvBad(file, line, value.message))
    values.push(isNumber ? Number(cell) * value.value : value.value)
  }
  return values.length > 0 ? read(values) : refuse(say.emptyCsv(file))
}

const UNIT_WORDS: { readonly [word: string]: string } = {
  ms: 'ms',
  milliseconds: 'ms',
  s: 's',
  seconds: 's',
  m: 'm',
  minutes: 'm',
  h: 'h',
  hours: 'h',
  d: 'd',
  days: 'd',
}

/** The unit at the end of a column's name: `outage_ms` → ms. */
function unitOf(header: string): string | null {
  const word = header
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((part) => part !== '')
    .at(-1)
  return word !== undefined && Object.hasOwn(UNIT_WORDS, word) ? UNIT_WORDS[word]! : null
}
