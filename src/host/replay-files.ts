import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../base/reason.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { type ReplayFile, replayFileSchema } from '../experiment/replay.ts'
import { renderReplayMarkdown } from '../report/replay-markdown.ts'
import { readTextFile, writeFileAtomically } from './files.ts'
import { reportPath } from './result-files.ts'

/** Timelines of many trials: some megabytes each. */
const MAX_REPLAY_BYTES = 500_000_000

/** A replay as text, as it is written and as `--format json` prints it; several are an array. */
export function replayText(file: ReplayFile | readonly ReplayFile[]): string {
  return `${JSON.stringify(file)}\n`
}

/** Writes `replay.json`, then what is drawn from it. */
export async function writeReplay(directory: string, file: ReplayFile): Promise<void> {
  writeFileAtomically(join(directory, 'replay.json'), replayText(file))
  await writeReplayReports(directory, [file])
}

/** Writes `report.md` and `report.html` of one replay, or of several side by side. */
export async function writeReplayReports(directory: string, files: readonly ReplayFile[]): Promise<void> {
  writeFileAtomically(join(directory, 'report.md'), renderReplayMarkdown(files))
  const { renderReplayHtml } = await import('../report/replay-html.ts')
  writeFileAtomically(reportPath(directory), await renderReplayHtml(files))
}

/** Whether a path is a replay: its file, or the directory that holds one and no result. */
export function isReplay(path: string): boolean {
  return replayAt(path) !== null
}

function replayAt(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory() === true) {
    const isThere = (name: string) => statSync(join(path, name), { throwIfNoEntry: false })?.isFile() === true
    return isThere('replay.json') && !isThere('result.json') ? join(path, 'replay.json') : null
  }
  return stat?.isFile() === true && BEGINNING.test(beginningOf(path)) ? path : null
}

const BEGINNING = /^\s*\{\s*"schema"\s*:\s*"hasim\/replay@/
const BEGINNING_BYTES = 200

/** The first bytes of a file; nothing of one that cannot be read, which whoever reads it whole will tell. */
function beginningOf(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(BEGINNING_BYTES)
      return bytes.toString('utf-8', 0, readSync(file, bytes))
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}

/** Reads a replay: its file, or the directory that holds it. */
export function readReplay(path: string): Result<ReplayFile> {
  const file = replayAt(path) ?? path
  const text = readTextFile(file, MAX_REPLAY_BYTES)
  if (!text.ok) return text
  try {
    const value: unknown = JSON.parse(text.value)
    const read = replayFileSchema.safeParse(value)
    if (read.success) return ok(value as ReplayFile)
    return fail(read.error.issues.slice(0, 10).map(({ path: at, message }) => ({ file, path: at.join('.'), message })))
  } catch (error) {
    return fail([{ file, path: '', message: `is not JSON (${reasonOf(error)})` }])
  }
}
