import type { Argv, Options } from 'yargs'

/** A command of `hasim`: its options as data, and what it does with them. */
export interface Command {
  readonly name: string
  /** What stands after the name on the usage line, e.g. `FILE… [options]`. */
  readonly positionals: string
  readonly describe: string
  /** How many positional arguments there may be. */
  readonly count: { readonly min: number; readonly max: number }
  readonly options: { readonly [option: string]: Options }
  /** Command line and what it does. */
  readonly examples: readonly (readonly [string, string])[]
  /** Closing words of the help text. */
  readonly epilogue?: string
  /** @returns the exit code */
  readonly run: (args: Arguments) => Promise<number>
}

/** What was typed after the command's name: texts, not yet read. */
export interface Arguments {
  readonly positionals: readonly string[]
  /** By option; what was not given is not there. */
  readonly options: { readonly [option: string]: unknown }
}

/** The parser of one command. */
export type Parser = Argv<object>
