import type { Problem } from '../base/result.ts'
import { readDuration } from '../document/quantities.ts'
import { InputFailure } from '../host/failure.ts'
import type { OptionSpec } from './command.ts'

/** The forms of an answer on standard output. */
export const FORMATS = ['table', 'json', 'markdown', 'csv'] as const
export type Format = (typeof FORMATS)[number]

/** Options that change the question: every command that reads an experiment takes them. */
export const EXPERIMENT_OPTIONS: { readonly [option: string]: OptionSpec } = {
  seed: { value: 'S', describe: "text that all chance comes from (default: the file's, else the experiment's name)" },
  set: { value: 'PATH=VALUE', describe: 'change a value of the model or of the run section', repeatable: true },
  'no-skip': { describe: 'simulate quiet time too, event by event: slow, with the same outages' },
}

/** Options of `hasim run`. */
export const RUN_OPTIONS: { readonly [option: string]: OptionSpec } = {
  ...EXPERIMENT_OPTIONS,
  precision: { value: '5%', describe: 'stop at this relative half-width of lost time a year' },
  'max-years': { value: 'N', describe: 'stop after so many simulated years of each variant' },
  replications: { value: 'N', describe: 'stop after so many replications of each variant' },
  solver: { value: 'S', describe: 'how the answer is found: auto, simulate, exact, rare' },
  workers: { value: 'N', describe: 'threads (default: one a core); the answer does not depend on it' },
  resume: { describe: 'go on with what --out holds' },
  out: { value: 'DIR', describe: 'directory of result.json, report.html, report.md (default: results/NAME)' },
  format: { value: 'F', describe: 'form of the answer on standard output', choices: FORMATS },
  quiet: { describe: 'no progress on standard error' },
  'fail-on-slo': { describe: 'exit 3 when an objective is not met' },
}

/** Reads options one by one and keeps every problem, so that all are told at once. */
export class OptionReader {
  readonly #options: { readonly [option: string]: unknown }
  readonly #problems: Problem[] = []

  constructor(options: { readonly [option: string]: unknown }) {
    this.#options = options
  }

  flag(name: string): boolean {
    return this.#options[name] === true
  }

  /** A text that is not empty, or null when the option was not given. */
  text(name: string): string | null {
    const value = this.#options[name]
    if (typeof value !== 'string') return null
    if (value.trim() === '') this.#refuse(name, "'' is empty, a text is wanted")
    return value
  }

  texts(name: string): readonly string[] {
    const value = this.#options[name]
    return Array.isArray(value) ? value.map(String) : []
  }

  /** A whole number from `min` to `max`. */
  whole(name: string, min: number, max: number): number | null {
    const text = this.text(name)
    if (text === null || text.trim() === '') return null
    const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    return this.#refuse(name, `${text} is not a whole number from ${min} to ${max}`)
  }

  /** A duration in milliseconds. */
  duration(name: string): number | null {
    const text = this.text(name)
    if (text === null || text.trim() === '') return null
    const read = readDuration(text)
    return read.ok ? read.value : this.#refuse(name, read.message)
  }

  /** Those of `names` that were given. */
  given(names: readonly string[]): readonly string[] {
    return names.filter((name) => this.#options[name] !== undefined && this.#options[name] !== false)
  }

  /** Refuses whatever was given beside `way` and does nothing there. */
  onlyBeside(way: string, allowed: readonly string[]): void {
    const rest = allowed.length === 0 ? 'which stands alone' : `where there may be: --${allowed.join(', --')}`
    for (const name of this.given(Object.keys(this.#options))) {
      if (name !== way && !allowed.includes(name)) this.#refuse(name, `does nothing beside --${way}, ${rest}`)
    }
  }

  /** Adds a problem of the caller's. */
  refuse(name: string, message: string): void {
    this.#refuse(name, message)
  }

  /** Call when everything has been read. @throws InputFailure with every problem */
  finish(): void {
    if (this.#problems.length > 0) throw new InputFailure(this.#problems)
  }

  #refuse(name: string, message: string): null {
    this.#problems.push({ path: `--${name}`, message })
    return null
  }
}
