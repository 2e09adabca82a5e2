import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { confChangeHandler, isConfChangeCommand } from './confchange.ts'
import { type Directive, parseDirectives } from './data-driven.ts'
import { interactionHandler, isInteractionCommand } from './interaction.ts'
import { isQuorumCommand, quorumHandler } from './quorum.ts'

/** One command whose output is not the expected one. */
export interface Difference {
  readonly line: number
  readonly command: string
  readonly expected: string
  readonly actual: string
}

export interface FileResult {
  /** Path below the directory that was run. */
  readonly file: string
  readonly commands: number
  readonly differences: readonly Difference[]
}

/** Runs every `.txt` file below a directory, in the order of their names. */
export function runDirectory(directory: string): FileResult[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.txt'))
    .map((name) => relative(directory, join(directory, name)))
    .sort()
    .map((file) => runFile(file, readFileSync(join(directory, file), 'utf8')))
}

/** Runs the commands of one file in turn, against the kind of harness its first command tells. */
export function runFile(file: string, text: string): FileResult {
  const directives = parseDirectives(text)
  const first = directives[0]?.command ?? ''
  const lastLineOnly = isQuorumCommand(first)
  const handle = handlerFor(first)
  const differences: Difference[] = []
  for (const directive of directives) {
    const expected = comparable(directive.expected, lastLineOnly)
    const actual = comparable(attempt(handle, directive), lastLineOnly)
    if (actual !== expected) differences.push({ line: directive.line, command: directive.command, expected, actual })
  }
  return { file, commands: directives.length, differences }
}

function handlerFor(command: string): (directive: Directive) => string {
  if (isQuorumCommand(command)) return quorumHandler()
  if (isConfChangeCommand(command)) return confChangeHandler()
  if (isInteractionCommand(command)) return interactionHandler()
  return () => `unknown command ${command}`
}

/** A broken assertion is an answer like any other: a wrong one. */
function attempt(handle: (directive: Directive) => string, directive: Directive): string {
  try {
    return handle(directive)
  } catch (error) {
    return `panic: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** What of an output counts: no diagnostics, no trailing blanks, and `ok` is as good as silence. */
function comparable(output: string, lastLineOnly: boolean): string {
  const lines = output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !/^\s*(DEBUG|INFO|WARN|ERROR)\b/.test(line))
  const counted = lastLineOnly ? lines.slice(-1) : lines
  const text = counted.join('\n')
  return text === 'ok' ? '' : text
}
