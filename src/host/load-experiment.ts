import { join } from 'node:path'
import { fail, type Problem, type Result } from '../base/result.ts'
import type { ExperimentConfig } from '../experiment/config.ts'
import { readExperiment } from '../experiment/parse.ts'
import type { RunOverrides } from '../experiment/run-config.ts'
import { SHIPPED } from '../experiment/sources.ts'
import { InputFailure } from './failure.ts'
import { packageRoot, readTextFile } from './files.ts'

/** What the command line changes about an experiment. */
export interface QuestionOptions {
  /** `--set path=value`, in order. */
  readonly sets: readonly { readonly path: string; readonly value: string }[]
  readonly overrides: RunOverrides
}

/**
 * Reads experiments and all they name: models beside them, products and failure profiles in the package.
 * @throws InputFailure with every problem of every file at once
 */
export function loadExperiments(files: readonly string[], options: QuestionOptions): ExperimentConfig[] {
  const read = files.map((file) => load(file, options))
  const problems = read.flatMap((result) => (result.ok ? [] : result.problems))
  if (problems.length > 0) throw new InputFailure(withoutRepeats(problems))
  return read.flatMap((result) => (result.ok ? [result.value] : []))
}

function load(file: string, { sets, overrides }: QuestionOptions): Result<ExperimentConfig> {
  const text = readTextFile(file)
  return text.ok ? readExperiment(file, text.value, { readFile: readNamedFile, sets, overrides }) : fail(text.problems)
}

/** Reads a file that an experiment names: one of the package after `hasim:`, else as the path says. */
export function readNamedFile(path: string): Result<string> {
  return readTextFile(path.startsWith(SHIPPED) ? join(packageRoot, path.slice(SHIPPED.length)) : path)
}

// A wrong option is wrong for every file, and told once.
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const texts = problems.map((problem) => JSON.stringify(problem))
  return problems.filter((_, at) => texts.indexOf(texts[at]!) === at)
}
