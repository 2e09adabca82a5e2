import { fail, ok, type Problem, type Result } from '../../base/result.ts'
import type { Comparison, RegisterOperation, RegisterValue } from './register.ts'

/** All operations of such a log are on one register. */
const KEY = 'register'
const ALLOWED = 'allowed are read, write and cas of nil and integers'

/** `INFO  jepsen.util - 3 :invoke :cas [1 2]`, the last four words apart by tabs or spaces. */
const EVENT = /\bjepsen\.util\s+(?:-\s+)?(\d+)\s+:(invoke|ok|fail|info)\s+:(\S+)\s+(.*?)\s*$/
const PAIR = /^\[(\S+) (\S+)\]$/

/** What a process has asked and was not told yet. */
type Asked = Pick<RegisterOperation, 'process' | 'key' | 'call'> &
  (
    | { readonly kind: 'read'; readonly input: null }
    | { readonly kind: 'write'; readonly input: RegisterValue }
    | { readonly kind: 'cas'; readonly input: Comparison }
  )

/**
 * Reads the history of one register out of a log of Jepsen's etcd test. Times are line numbers.
 *
 * `:info` and `:timed-out` leave open whether the operation took effect, and so does the end of the log. A `cas` that
 * fails with its values was compared and did not match; anything else that fails did not happen. Lines that are not
 * about a client's operation, such as the nemesis', are passed over.
 */
export function readJepsenLog(text: string): Result<readonly RegisterOperation[]> {
  const history: RegisterOperation[] = []
  const problems: Problem[] = []
  const open = new Map<string, Asked>()
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const event = EVENT.exec(content)
    if (event === null) continue
    const [, process = '', type = '', kind = '', value = ''] = event
    const line = index + 1
    const wrong = (message: string) => problems.push({ line, path: '', message })
    const asked = open.get(process)
    if (type === 'invoke') {
      const asks = readInvocation(process, line, kind, value)
      if (asked !== undefined) wrong(`process ${process} asks again before it was answered`)
      else if (asks === undefined) wrong(`:${kind} ${value} is not an operation on a register, ${ALLOWED}`)
      else open.set(process, asks)
    } else if (asked?.kind !== kind) {
      wrong(`process ${process} is told about a :${kind} that it did not ask for`)
    } else {
      open.delete(process)
      const told = readCompletion(asked, line, type, value)
      if (told === 'unreadable') wrong(`:${type} :${kind} ${value} does not answer a :${kind}, ${ALLOWED}`)
      else if (told !== 'did not happen') history.push(told)
    }
  }
  for (const asked of open.values()) history.push(unknown(asked))
  return problems.length > 0 ? fail(problems) : ok(history)
}

function readInvocation(process: string, call: number, kind: string, text: string): Asked | undefined {
  const asked = { process, key: KEY, call }
  if (kind === 'read') return { ...asked, kind, input: null }
  if (kind === 'write') {
    const input = readValue(text)
    return input === undefined ? undefined : { ...asked, kind, input }
  }
  const input = kind === 'cas' ? readComparison(text) : undefined
  return input === undefined ? undefined : { ...asked, kind: 'cas', input }
}

function readCompletion(
  asked: Asked,
  result: number,
  type: string,
  text: string,
): RegisterOperation | 'did not happen' | 'unreadable' {
  if (type === 'info' || text === ':timed-out') return type === 'ok' ? 'unreadable' : unknown(asked)
  if (asked.kind === 'cas') {
    const isCompared = readComparison(text) !== undefined
    if (!isCompared) return type === 'ok' ? 'unreadable' : 'did not happen'
    return { ...asked, result, output: type === 'ok', known: true }
  }
  if (type === 'fail') return 'did not happen'
  const value = readValue(text)
  if (value === undefined) return 'unreadable'
  if (asked.kind === 'read') return { ...asked, result, output: value, known: true }
  return { ...asked, result, output: null, known: true }
}

function unknown(asked: Asked): RegisterOperation {
  return { ...asked, result: Number.POSITIVE_INFINITY, output: undefined, known: false }
}

function readComparison(text: string): Comparison | undefined {
  const pair = PAIR.exec(text)
  const expected = readValue(pair?.[1] ?? '')
  const desired = readValue(pair?.[2] ?? '')
  return expected === undefined || desired === undefined ? undefined : { expected, desired }
}

function readValue(text: string): RegisterValue | undefined {
  if (text === 'nil') return null
  return /^-?\d+$/.test(text) ? Number(text) : undefined
}
