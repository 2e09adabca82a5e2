import { assert, present } from '../../src/base/assert.ts'
import type { Arg } from './data-driven.ts'

/** The whole number a text stands for; a file that says anything else is wrong. */
export function integer(text: string | undefined): number {
  const value = Number(present(text, 'a number'))
  assert(Number.isInteger(value), `${text} is not a whole number`)
  return value
}

/** The arguments without values: ids. */
export function ids(args: readonly Arg[]): number[] {
  return args.filter((arg) => arg.values.length === 0).map((arg) => integer(arg.key))
}

/** The values of an argument, none if it is not given. */
export function options(args: readonly Arg[], key: string): readonly string[] {
  return args.find((arg) => arg.key === key && arg.values.length > 0)?.values ?? []
}

/** The one value of an argument; undefined if it is not given. */
export function option(args: readonly Arg[], key: string): string | undefined {
  return options(args, key)[0]
}
