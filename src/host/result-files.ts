import { basename, extname, join } from 'node:path'
import type { ResultFile } from '../experiment/result.ts'
import { renderMarkdown } from '../report/markdown.ts'
import { writeFileAtomically } from './files.ts'

/** Where a run's results go without `--out`: `experiments/3v5.yaml` → `results/3v5`. */
export function defaultDirectory(experimentFile: string): string {
  return join('results', basename(experimentFile, extname(experimentFile)))
}

/** Where the report of a directory of results is. */
export function reportPath(directory: string): string {
  return join(directory, 'report.html')
}

/** A result as text, as it is written and as `--format json` prints it; several are an array. */
export function resultText(result: ResultFile | readonly ResultFile[]): string {
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
