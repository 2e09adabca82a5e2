import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail, ok, type Result } from '../base/result.ts'
import { codeOf, EnvironmentFailure } from './failure.ts'

/** Larger files are refused: no experiment, model or list of measured values comes near. */
const MAX_INPUT_BYTES = 10_000_000

/** The directory of the package: two above this file, in `src/` as in `dist/`. */
export const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The version of the package. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf-8')).version
}

/**
 * A text file of the user, whole.
 * @returns a problem for what the user can mend (missing, a directory, empty, too large, not text)
 * @throws EnvironmentFailure when the machine does not let us read it
 */
export function readTextFile(path: string, maxBytes: number = MAX_INPUT_BYTES): Result<string> {
  const wrong = (message: string) => fail<string>([{ file: path, path: '', message }])
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return wrong('no such file')
    throw new EnvironmentFailure(path, 'cannot be read', error)
  }
  try {
    const stat = fstatSync(file)
    if (stat.isDirectory()) return wrong('is a directory, a file is wanted')
    if (stat.isFile() && stat.size > maxBytes) return wrong(tooLarge(stat.size, maxBytes))
    const bytes = readAtMost(file, maxBytes + 1)
    if (bytes.length > maxBytes) return wrong(tooLarge(bytes.length, maxBytes))
    return decode(bytes, wrong)
  } catch (error) {
    throw new EnvironmentFailure(path, 'cannot be read', error)
  } finally {
    closeSync(file)
  }
}

function decode(bytes: Uint8Array, wrong: (message: string) => Result<string>): Result<string> {
  const zero = bytes.indexOf(0)
  if (zero >= 0) return wrong(`is not text: a zero byte at offset ${zero}; a UTF-8 text file is wanted`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return wrong('is not text: not valid UTF-8; a UTF-8 text file is wanted')
  }
  return text.trim() === '' ? wrong('is empty') : ok(text)
}

// A pipe or a growing file tells no honest size: reading stops at the limit whatever stat said.
function readAtMost(file: number, limit: number): Uint8Array {
  const chunks: Uint8Array[] = []
  let total = 0
  while (total < limit) {
    const chunk = new Uint8Array(Math.min(65_536, limit - total))
    const count = readSync(file, chunk, 0, chunk.length, null)
    if (count === 0) break
    chunks.push(chunk.subarray(0, count))
    total += count
  }
  return Buffer.concat(chunks)
}

function tooLarge(bytes: number, limit: number): string {
  const megabytes = (n: number) => `${(n / 1e6).toFixed(0)} MB`
  return `is too large (${bytes > limit + 1 ? megabytes(bytes) : `over ${megabytes(limit)}`}), at most ${megabytes(limit)} are read`
}

/**
 * Writes a file so that whoever reads it sees the old or the new content, never a half: a temporary file beside it, then a rename.
 * @throws EnvironmentFailure naming the path and the reason; the old file is as it was
 */
export function writeFileAtomically(path: string, content: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    makeDirectory(dirname(path))
    const file = openSync(temporary, 'w')
    try {
      writeAll(file, Buffer.from(content, 'utf-8'))
      // A full disk may show itself only here (delayed allocation).
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    removeQuietly(temporary)
    throw new EnvironmentFailure(path, 'cannot be written', error)
  }
}

// What is left behind matters less than the reason it is left: that one is being reported.
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {}
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

/** Makes a directory and those above it, one by one: Node's own way tries for ever where a file system knows no new names (/proc). */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) return
  const above = dirname(path)
  if (above !== path) makeDirectory(above)
  try {
    mkdirSync(path)
  } catch (error) {
    // Somebody else may have been quicker.
    if (!isDirectory(path)) throw error
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/**
 * Makes the directory of results and tries a small write in it, so that a run of an hour does not end at a closed door.
 * @throws EnvironmentFailure
 */
export function prepareDirectory(path: string): void {
  const probe = join(path, `.hasim-${process.pid}.tmp`)
  try {
    makeDirectory(path)
    const file = openSync(probe, 'w')
    try {
      writeAll(file, Buffer.alloc(4096))
      fsyncSync(file)
    } finally {
      closeSync(file)
      removeQuietly(probe)
    }
  } catch (error) {
    throw new EnvironmentFailure(path, 'cannot be written to', error)
  }
}

/** Whether something of this name exists. */
export function exists(path: string): boolean {
  return existsSync(path)
}
