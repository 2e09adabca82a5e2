import { join } from 'node:path'
import type { ExperimentConfig } from '../experiment/config.ts'
import { ExperimentRunner } from '../experiment/runner.ts'
import { InputFailure, inputFailure } from './failure.ts'
import { exists, readTextFile, writeFileAtomically } from './files.ts'
import { writeErr } from './terminal.ts'

const MAX_CHECKPOINT_BYTES = 500_000_000

/** Where a directory of results keeps what `--resume` goes on from. */
function checkpointPath(directory: string): string {
  return join(directory, 'checkpoint.json')
}

/** Writes all that is folded, so that a later run goes on from it to the same bytes. */
export function writeCheckpoint(directory: string, runner: ExperimentRunner, version: string): void {
  const text = JSON.stringify({ hasim: version, runner: runner.checkpoint() })
  writeFileAtomically(checkpointPath(directory), `${text}\n`)
}

/**
 * The runner that goes on with what a directory holds; a new one where it holds nothing.
 * @throws InputFailure when the checkpoint is damaged, or of another experiment or version
 */
export function resumeRunner(directory: string, config: ExperimentConfig, version: string): ExperimentRunner {
  const path = checkpointPath(directory)
  if (!exists(path)) {
    writeErr(`${path}: no such file: nothing to go on from, ${config.name} begins anew\n`)
    return new ExperimentRunner(config)
  }
  const text = readTextFile(path, MAX_CHECKPOINT_BYTES)
  if (!text.ok) throw new InputFailure(text.problems)
  const saved = parseCheckpoint(path, text.value)
  if (saved.hasim !== version) {
    throw inputFailure(path, `is of hasim ${String(saved.hasim)}, this is ${version}; start anew without --resume`)
  }
  const resumed = restore(path, config, saved.runner)
  if (resumed.ok) return resumed.value
  throw new InputFailure(resumed.problems.map(({ message }) => ({ path, message })))
}

const DAMAGED = 'is not a checkpoint of hasim, or damaged; start anew without --resume'

function restore(path: string, config: ExperimentConfig, saved: unknown): ReturnType<typeof ExperimentRunner.resume> {
  try {
    return ExperimentRunner.resume(config, saved)
  } catch {
    // The runner trusts what it once wrote; whatever it stumbles over was changed since.
    throw inputFailure(path, DAMAGED)
  }
}

function parseCheckpoint(path: string, text: string): { readonly hasim: unknown; readonly runner: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'hasim' in value && 'runner' in value) {
      return { hasim: value.hasim, runner: value.runner }
    }
  } catch {}
  throw inputFailure(path, DAMAGED)
}
