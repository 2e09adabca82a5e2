import type { ResultFile } from '../experiment/result.ts'
import { resultText } from '../host/result-files.ts'
import { isTerminal, wantsColour, writeOut } from '../host/terminal.ts'
import { renderCsv } from '../report/csv.ts'
import { renderMarkdown } from '../report/markdown.ts'
import { renderTable } from '../report/table.ts'
import type { Format } from './options.ts'

/** A result and where its report is; undefined: it was not written. */
export interface Shown {
  readonly result: ResultFile
  readonly reportPath: string | undefined
}

/** Prints results on standard output: JSON and CSV as one document, tables and Markdown one after the other. */
export function printResults(shown: readonly Shown[], format: Format): void {
  writeOut(textOf(shown, format))
}

function textOf(shown: readonly Shown[], format: Format): string {
  const results = shown.map(({ result }) => result)
  const single = results.length === 1 ? results[0]! : results
  switch (format) {
    case 'json':
      return resultText(single)
    case 'csv':
      return renderCsv(single)
    case 'markdown':
      return renderMarkdown(single)
    case 'table':
      return shown.map(tableOf).join('\n\n')
  }
}

function tableOf({ result, reportPath }: Shown): string {
  return renderTable(result, { colour: wantsColour('stdout'), width: terminalWidth(), reportPath })
}

/** Columns to fill; where nobody looks, what a wide terminal has. */
export function terminalWidth(): number {
  return isTerminal('stdout') ? (process.stdout.columns ?? 100) : 120
}
