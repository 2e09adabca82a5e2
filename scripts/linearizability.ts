/**
 * Judges Jepsen's etcd logs: `npm run -s linearizability -- DIR [--explain]`. A log passes if its history is
 * linearizable. Either verdict is a finding about etcd, not an error here: exit 0. Without a verdict: 2 for a log that
 * cannot be read, 5 for one that is too hard to judge.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatProblem } from '../src/base/result.ts'
import { explainFailure, judge, readJepsenLog, registers } from '../src/observe/linearizability/index.ts'

function verdictOf(directory: string, file: string, isExplained: boolean): string | undefined {
  const history = readJepsenLog(readFileSync(join(directory, file), 'utf-8'))
  if (!history.ok) {
    for (const problem of history.problems) console.error(formatProblem({ ...problem, file: join(directory, file) }))
    return undefined
  }
  const judgement = judge(history.value, registers)
  console.log(`${file}: ${judgement.verdict}`)
  if (isExplained && judgement.verdict === 'not linearizable') {
    console.log(explainFailure(judgement.failure, registers).replace(/^/gm, '  '))
  }
  return judgement.verdict
}

const [directory] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const files = directory !== undefined && existsSync(directory) ? readdirSync(directory) : []
const logs = files.filter((file) => file.endsWith('.log')).sort()
if (directory === undefined || logs.length === 0) {
  const usage = 'usage: npm run -s linearizability -- DIR [--explain]'
  console.error(directory === undefined ? usage : `${directory}: no .log files there`)
  process.exitCode = 2
} else {
  const verdicts = logs.map((log) => verdictOf(directory, log, process.argv.includes('--explain')))
  const passed = verdicts.filter((verdict) => verdict === 'linearizable').length
  console.log(`${passed} passed, ${verdicts.length - passed} failed`)
  process.exitCode = verdicts.includes(undefined) ? 2 : verdicts.includes('undecided') ? 5 : 0
}
