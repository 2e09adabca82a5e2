import { Missing, Refusal } from '../adapter/refusal.ts'
import { formatProblem } from '../base/result.ts'
import { EnvironmentFailure, EXIT, InputFailure, ReplicationFailure } from '../host/failure.ts'
import { ReaderGone, writeErr } from '../host/terminal.ts'

/** Says on standard error what went wrong, and gives the exit code. A bare stack trace is never among it. */
export function reportFailure(error: unknown): number {
  if (error instanceof ReaderGone) return EXIT.done
  if (error instanceof InputFailure) {
    writeErr(error.problems.map((problem) => `${formatProblem(problem)}\n`).join(''))
    return EXIT.input
  }
  if (error instanceof EnvironmentFailure) {
    writeErr(`${error.message}\n`)
    return EXIT.environment
  }
  if (error instanceof Missing) {
    writeErr(`${error.message}\n`)
    return EXIT.environment
  }
  if (error instanceof Refusal) {
    writeErr(`refused: ${error.message}\n`)
    return EXIT.refused
  }
  writeErr(`hasim has a bug: ${wordsOf(error)}\n${placeOf(error)}`)
  return EXIT.bug
}

function wordsOf(error: unknown): string {
  if (error instanceof ReplicationFailure) return error.message
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

// One line of the stack tells a maintainer where to look; the rest is for a debugger (HASIM_DEBUG=1).
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  if ((process.env['HASIM_DEBUG'] ?? '') !== '') return `${stack}\n`
  const frames = [...stack.matchAll(/\/((?:dist|src)\/[^\s()]+\.[jt]s:\d+)/g)].map((match) => match[1]!)
  const place = frames.find((frame) => !frame.includes('/base/assert.'))
  return place === undefined ? '' : `  in ${place}; HASIM_DEBUG=1 shows the whole way there\n`
}
