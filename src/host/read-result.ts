import { statSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../base/reason.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { ResultFile } from '../experiment/result.ts'
import { resultSchema } from '../experiment/schema-result.ts'
import { readTextFile } from './files.ts'

/** Results grow with their variants and services, not with years: far more than any has. */
const MAX_RESULT_BYTES = 200_000_000

const SCHEMA: ResultFile['schema'] = 'hasim/result@1'

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
    return wrong('', `is not JSON (${reasonOf(error)}), a result.json is wanted`)
  }
  const schema = (value as { schema?: unknown } | null)?.schema
  if (schema !== SCHEMA) {
    const there = schema === undefined ? 'names no schema' : `is ${JSON.stringify(schema).slice(0, 60)}`
    return wrong('schema', `${there}: a result of hasim (${SCHEMA}) is wanted`)
  }
  const read = resultSchema.safeParse(value)
  if (read.success) return ok(value as ResultFile)
  const problems = read.error.issues.map(({ path, message }) => ({ file, path: path.join('.'), message }))
  return fail([{ file, path: '', message: `is not a result of hasim (${SCHEMA})` }, ...problems.slice(0, 10)])
}
