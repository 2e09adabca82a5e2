import { statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fail, ok, type Result } from '../base/result.ts'
import type { ResultFile } from '../experiment/result.ts'
import { renderCsv, renderHtml, renderMarkdown, renderTable } from '../report/index.ts'
import { readTextFile, writeFileAtomically } from './files.ts'

/** Results grow with their variants and services, not with years: far more than any has. */
const MAX_RESULT_BYTES = 200_000_000

/** Where a run's results go without `--out`: `experiments/3v5.yaml` → `results/3v5`. */
export function defaultDirectory(experimentFile: string): string {
  return join('results', basename(experimentFile, extname(experimentFile)))
}

/** Where the report of a directory of results is. */
export function reportPath(directory: string): string {
  return join(directory, 'report.html')
}

/** The result as text, as it is written and as `--format json` prints it. */
export function resultText(result: ResultFile): string {
  return `${JSON.stringify(result, null, 2)}\n`
}

/** Writes `result.json`, the thing that matters, first, then what is drawn from it. */
export function writeResult(directory: string, result: ResultFile): void {
  writeFileAtomically(join(directory, 'result.json'), resultText(result))
  writeReports(directory, result)
}

/** Writes `report.md` and `report.html`. */
export function writeReports(directory: string, result: ResultFile): void {
  writeFileAtomically(join(directory, 'report.md'), renderMarkdown(result))
  writeFileAtomically(reportPath(directory), renderHtml(result))
}

/** Reads a result: its file, or the directory that holds it. */
export function readResult(path: string): Result<ResultFile> {
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  const file = isDirectory ? join(path, 'result.json') : path
  const text = readTextFile(file, MAX_RESULT_BYTES)
  return text.ok ? parseResult(file, text.value) : text
}

function parseResult(file: string, text: string): Result<ResultFile> {
  const wrong = (path: string, message: string) => fail<ResultFile>([{ file, path, message }])
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return wrong('', `is not JSON (${error instanceof Error ? error.message : String(error)}), a result.json is wanted`)
  }
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined
  if (schema === 'hasim/result@1') return ok(value as ResultFile)
  return wrong('schema', `${JSON.stringify(schema) ?? 'nothing'} is not known, "hasim/result@1" is wanted`)
}
