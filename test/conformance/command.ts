import type { Arg } from './data-driven.ts'
import type { Environment } from './environment.ts'

/** A command of an interaction file; returns an error text, or undefined if all went well. */
export type Command = (env: Environment, args: readonly Arg[], input: readonly string[]) => string | undefined

/** Commands by name. */
export type Commands = Readonly<Record<string, Command>>
