import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { codeOf, EnvironmentFailure } from './failure.ts'

const STDOUT = 1
const STDERR = 2

/** Whoever read our output went away (`hasim … | head -1`): the command ends quietly. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

/**
 * Writes to standard output, at once and whole: a long answer survives a slow reader, and a reader that left is noticed.
 * @throws ReaderGone, EnvironmentFailure
 */
export function writeOut(text: string): void {
  try {
    writeWhole(STDOUT, text)
  } catch (error) {
    if (codeOf(error) === 'EPIPE') throw new ReaderGone()
    throw new EnvironmentFailure('standard output', 'cannot be written', error)
  }
}

/** Writes to standard error; nobody can be told when that fails. */
export function writeErr(text: string): void {
  try {
    writeWhole(STDERR, text)
  } catch {}
}

/** Whether a person looks at standard output, and how wide the window is. */
export function isTerminal(stream: 'stdout' | 'stderr'): boolean {
  return isatty(stream === 'stdout' ? STDOUT : STDERR)
}

/** Colour is for people: only on a terminal, and not where `NO_COLOR` (any value but empty) or a dumb terminal says no. */
export function wantsColour(stream: 'stdout' | 'stderr'): boolean {
  const refused = (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb'
  return isTerminal(stream) && !refused
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf-8')
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(file, bytes, at)
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error
      pause()
    }
  }
}

// A pipe that another program made non-blocking is full: its reader needs a moment.
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
}
