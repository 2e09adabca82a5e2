import type { Problem, Result } from '../../base/result.ts'
import { EXIT, InputFailure, inputFailure } from '../../host/failure.ts'
import { readResult } from '../../host/read-result.ts'
import { isReplay, readReplay, writeReplayReports } from '../../host/replay-files.ts'
import { reportPath, writeReports } from '../../host/result-files.ts'
import type { Arguments } from '../command.ts'
import { type Format, OptionReader } from '../options.ts'
import { printReplays } from '../print-replay.ts'
import { printResults } from '../print-result.ts'
import { readFormat } from '../run-options.ts'

/** Reads results and renders them. @returns the exit code */
export async function run({ positionals, options }: Arguments): Promise<number> {
  const reader = new OptionReader(options)
  const format = readFormat(reader)
  const out = reader.text('out')
  reader.finish()
  const replays = positionals.filter(isReplay)
  if (replays.length > 0) return reportReplays(positionals, replays, format, out)
  const results = readAll(positionals, readResult)
  if (out !== null) await writeReports(out, results)
  const path = out === null ? undefined : reportPath(out)
  printResults(
    results.map((result) => ({ result, reportPath: path })),
    format,
  )
  return EXIT.done
}

async function reportReplays(
  paths: readonly string[],
  replays: readonly string[],
  format: Format,
  out: string | null,
): Promise<number> {
  const others = paths.filter((path) => !replays.includes(path))
  if (others.length > 0) throw inputFailure(others[0]!, 'is no replay: results and replays do not stand side by side')
  if (format === 'csv')
    throw inputFailure('--format', 'csv is for results; of replays there are: table, json, markdown')
  const files = readAll(replays, readReplay)
  if (out !== null) await writeReplayReports(out, files)
  printReplays(files, format)
  return EXIT.done
}

function readAll<T>(paths: readonly string[], readOne: (path: string) => Result<T>): T[] {
  const problems: Problem[] = []
  const results: T[] = []
  for (const path of paths) {
    const read = readOne(path)
    if (read.ok) results.push(read.value)
    else problems.push(...read.problems)
  }
  if (problems.length > 0) throw new InputFailure(problems)
  return results
}
