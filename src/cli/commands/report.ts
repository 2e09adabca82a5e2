import type { Problem } from '../../base/result.ts'
import type { ResultFile } from '../../experiment/result.ts'
import { EXIT, InputFailure } from '../../host/failure.ts'
import { readResult, reportPath, writeReports } from '../../host/result-files.ts'
import type { Arguments, Command } from '../command.ts'
import { FORMATS, OptionReader } from '../options.ts'
import { printResults } from '../print-result.ts'
import { readFormat } from '../run-options.ts'

/** `hasim report`: results again, in any form. */
export const reportCommand: Command = {
  name: 'report',
  positionals: 'RESULT… [options]',
  describe:
    'Renders results again, or several side by side. RESULT is a result.json or the directory that holds it;\n' +
    'with --out, report.html and report.md are written there.',
  count: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    format: { type: 'string', choices: FORMATS, requiresArg: true, describe: 'form of the answer on standard output' },
    out: { type: 'string', requiresArg: true, describe: 'directory for report.html and report.md [DIR]' },
  },
  examples: [
    ['hasim report results/3v5', 'the table again'],
    ['hasim report results/*/result.json --format csv', 'everything, for a spreadsheet'],
    ['hasim report results/monday results/friday --out compared', 'one page with both'],
  ],
  run,
}

async function run({ positionals, options }: Arguments): Promise<number> {
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
