import { statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fail, ok, type Result } from '../base/result.ts'
import type { ResultFile } from '../experiment/result.ts'
import { resultSchema } from '../experiment/schema-result.ts'
import { renderMarkdown } from '../report/markdown.ts'
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
export async function writeResult(directory: string, result: ResultFile): Promise<void> {
  writeFileAtomically(join(directory, 'result.json'), resultText(result))
  await writeReports(directory, [result])
}

/** Writes `report.md` and `report.html` of one result, or of several side by side. */
export async function writeReports(directory: string, results: readonly ResultFile[]): Promise<void> {
  writeFileAtomically(join(directory, 'report.md'), renderMarkdown(results))
  // Charts are the slowest thing to load, and nothing but this needs them.
  const { renderHtml } = await import('../report/html.ts')
  writeFileAtomically(reportPath(directory), await renderHtml(results))
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
  const read = resultSchema.safeParse(value)
  if (read.success) return ok(value as ResultFile)
  const problems = read.error.issues.map(({ path, message }) => ({ file, path: path.join('.'), message }))
  return fail([{ file, path: '', message: 'is not a result of hasim (hasim/result@1)' }, ...problems.slice(0, 10)])
}
