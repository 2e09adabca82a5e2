import type { Problem } from '../../base/result.ts'
import type { ResultFile } from '../../experiment/result.ts'
import { EXIT, InputFailure } from '../../host/failure.ts'
import { readResult, reportPath, writeReports } from '../../host/result-files.ts'
import type { Arguments } from '../command.ts'
import { OptionReader } from '../options.ts'
import { printResults } from '../print-result.ts'
import { readFormat } from '../run-options.ts'

/** Reads results and renders them. @returns the exit code */
export async function run({ positionals, options }: Arguments): Promise<number> {
  const reader = new OptionReader(options)
  const format = readFormat(reader)
  const out = reader.text('out')
  reader.finish()
  const results = readAll(positionals)
  if (out !== null) await writeReports(out, results)
  const path = out === null ? undefined : reportPath(out)
  printResults(
    results.map((result) => ({ result, reportPath: path })),
    format,
  )
  return EXIT.done
}

function readAll(paths: readonly string[]): ResultFile[] {
  const problems: Problem[] = []
  const results: ResultFile[] = []
  for (const path of paths) {
    const read = readResult(path)
    if (read.ok) results.push(read.value)
    else problems.push(...read.problems)
  }
  if (problems.length > 0) throw new InputFailure(problems)
  return results
}
