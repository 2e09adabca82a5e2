/** Runs etcd's data-driven Raft tests: `npm run -s conformance -- DIR`. Exit 5 if a file fails. */
import { existsSync } from 'node:fs'
import { type FileResult, runDirectory } from '../test/conformance/run.ts'

function indented(text: string): string {
  return text === '' ? '    (nothing)' : text.replace(/^/gm, '    ')
}

function explain({ file, differences }: FileResult): void {
  for (const { line, command, expected, actual } of differences) {
    console.error(`${file}:${line}: ${command}\n  expected\n${indented(expected)}\n  got\n${indented(actual)}`)
  }
}

const directory = process.argv[2]
const results = directory !== undefined && existsSync(directory) ? runDirectory(directory) : []
if (results.length === 0) {
  console.error(directory === undefined ? 'usage: npm run -s conformance -- DIR' : `${directory}: no .txt files there`)
  process.exitCode = 2
} else {
  for (const result of results) {
    console.log(`${result.file}: ${result.commands - result.differences.length} of ${result.commands}`)
    explain(result)
  }
  const failed = results.filter((result) => result.differences.length > 0).length
  console.log(`${results.length - failed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 5 : 0
}
