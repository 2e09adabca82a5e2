import { join } from 'node:path'
import type { QuestionOptions } from '../host/load-experiment.ts'
import { defaultDirectory } from '../host/result-files.ts'
import { defaultWorkers } from '../host/workforce.ts'
import { FORMATS, type Format, type OptionReader } from './options.ts'

/** Everything `hasim run` was told, read. */
export interface RunOptions {
  readonly question: QuestionOptions
  readonly workers: number
  readonly resume: boolean
  readonly format: Format
  readonly quiet: boolean
  readonly failOnSlo: boolean
  /** Where each file's results go, in the order of the files. */
  readonly directories: readonly string[]
}

/** More threads than any machine has cores. */
const MAX_WORKERS = 1024

/** Reads the options of `hasim run FILE…`. @throws InputFailure with every problem */
export function readRunOptions(files: readonly string[], reader: OptionReader): RunOptions {
  const read: RunOptions = {
    question: readQuestion(reader),
    workers: reader.whole('workers', 1, MAX_WORKERS) ?? defaultWorkers(),
    resume: reader.flag('resume'),
    format: readFormat(reader),
    quiet: reader.flag('quiet'),
    failOnSlo: reader.flag('fail-on-slo'),
    directories: readDirectories(reader, files),
  }
  reader.finish()
  return read
}

/** Reads the options that change the question: the same for every command. */
export function readQuestion(reader: OptionReader): QuestionOptions {
  const sets = reader.texts('set').flatMap((text) => {
    const at = text.indexOf('=')
    if (at > 0) return [{ path: text.slice(0, at).trim(), value: text.slice(at + 1) }]
    reader.refuse('set', `${text === '' ? "''" : text} is not path=value, such as nodes.control-plane.count=5`)
    return []
  })
  refuseOverwritten(sets, reader)
  return {
    sets,
    overrides: {
      ...given('seed', reader.text('seed')),
      ...given('precision', reader.text('precision')),
      ...given('maxYears', reader.text('max-years')),
      ...given('replications', reader.text('replications')),
      ...given('solver', reader.text('solver')),
      skip: !reader.flag('no-skip'),
    },
  }
}

/** Options of their own for what `--set run.…` can say too. */
const OF_RUN = ['seed', 'precision', 'max-years', 'replications', 'solver'] as const

// An edit that a later one, or an option, does away with is a mistake in one of the two.
function refuseOverwritten(sets: readonly { readonly path: string }[], reader: OptionReader): void {
  for (const [at, { path }] of sets.entries()) {
    const later = sets.slice(at + 1).find((other) => path === other.path || path.startsWith(`${other.path}.`))
    const option = reader.given(OF_RUN).find((name) => path === `run.${name}`)
    const by = later !== undefined ? `--set ${later.path}` : option === undefined ? null : `--${option}`
    if (by !== null) reader.refuse(`set ${path}`, `does nothing: ${by} overwrites it; say it once`)
  }
}

function given(key: string, value: string | null): { readonly [key: string]: string } {
  return value === null ? {} : { [key]: value }
}

/** Reads `--format`. */
export function readFormat(reader: OptionReader): Format {
  const format = reader.text('format')
  return FORMATS.find((known) => known === format) ?? 'table'
}

// One experiment fills --out itself; several have a directory each below it.
function readDirectories(reader: OptionReader, files: readonly string[]): string[] {
  const out = reader.text('out')
  const directories = files.map((file) => {
    const usual = defaultDirectory(file)
    if (out === null) return usual
    return files.length === 1 ? out : join(out, usual.slice('results/'.length))
  })
  const twice = directories.find((directory, at) => directories.indexOf(directory) !== at)
  if (twice !== undefined) reader.refuse('out', `${twice} would hold the results of two files; run them one by one`)
  return directories
}
