/** An option as data: how it is typed and what it means. */
export interface OptionSpec {
  /** What stands for the value on the help page, such as `N`; a flag has none. */
  readonly value?: string
  readonly describe: string
  readonly choices?: readonly string[]
  /** Whether it may be given more than once. */
  readonly repeatable?: boolean
}

/** A command of `hasim`: how it is called, as data, and what it does, loaded when it does it. */
export interface Command {
  readonly name: string
  /** What stands after the name on the usage line, e.g. `FILE… [options]`. */
  readonly positionals: string
  readonly describe: string
  /** How many positional arguments there may be. */
  readonly count: { readonly min: number; readonly max: number }
  readonly options: { readonly [option: string]: OptionSpec }
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
