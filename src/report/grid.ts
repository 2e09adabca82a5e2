import { visibleWidth } from './text.ts'

/** A cell of a borderless table: text, or text that runs over several columns. */
export type Cell = string | { readonly text: string; readonly span: number }

/** Lines of a table without borders, columns `gap` apart. */
export function layOut(rows: readonly (readonly Cell[])[], gap: number): string[] {
  const widths = columnWidths(rows, gap)
  return rows.map((row) => {
    let line = ''
    let column = 0
    for (const cell of row) {
      const [text, span] = typeof cell === 'string' ? [cell, 1] : [cell.text, cell.span]
      const room = widths.slice(column, column + span).reduce((sum, width) => sum + width + gap, 0)
      line += text + ' '.repeat(Math.max(gap, room - visibleWidth(text)))
      column += span
    }
    return line.trimEnd()
  })
}

function columnWidths(rows: readonly (readonly Cell[])[], gap: number): number[] {
  const widths: number[] = []
  const widen = (column: number, width: number): void => {
    widths[column] = Math.max(widths[column] ?? 0, width)
  }
  for (const row of rows) {
    let column = 0
    for (const cell of row) {
      const span = typeof cell === 'string' ? 1 : cell.span
      for (let k = 0; k < span; k++) widen(column + k, typeof cell === 'string' ? visibleWidth(cell) : 0)
      column += span
    }
  }
  // A spanning cell that others follow needs its room, and takes it from its last column.
  for (const row of rows) {
    let column = 0
    for (const cell of row.slice(0, -1)) {
      const span = typeof cell === 'string' ? 1 : cell.span
      const before = widths.slice(column, column + span - 1).reduce((sum, width) => sum + width + gap, 0)
      if (typeof cell !== 'string') widen(column + span - 1, visibleWidth(cell.text) - before)
      column += span
    }
  }
  return widths
}
