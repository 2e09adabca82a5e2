import { csvFormatRows, csvParseRows } from 'd3-dsv'

/** A row of a CSV: its fields, without the spaces around them, and the line on which it begins (from 1). */
export interface CsvRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** The rows of a CSV (RFC 4180: fields may be quoted); blank lines are left out. */
export function readCsvRows(text: string): CsvRow[] {
  let next = 1
  return csvParseRows(text, (fields): CsvRow | null => {
    const line = next
    // A quoted field may go on over several lines.
    next += fields.reduce((ended, field) => ended + field.split(/\r\n|\r|\n/).length - 1, 1)
    const cells = fields.map((field) => field.trim())
    return cells.length === 1 && cells[0] === '' ? null : { line, cells }
  })
}

/** Rows as the text of a CSV (RFC 4180, lines end with a line feed); what is null or undefined is empty. */
export function writeCsvRows(rows: readonly (readonly unknown[])[]): string {
  return `${csvFormatRows(rows.map((cells) => cells.map((cell) => String(cell ?? ''))))}\n`
}
