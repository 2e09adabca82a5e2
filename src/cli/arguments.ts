import yargs, { type Argv, type Options } from 'yargs'
import type { Problem } from '../base/result.ts'
import { InputFailure } from '../host/failure.ts'
import type { Arguments, Command, OptionSpec } from './command.ts'
import { didYouMean } from './suggest.ts'

/**
 * Reads what was typed after a command's name.
 * @throws InputFailure with every unknown option, missing value and surplus argument at once
 */
export async function parseArguments(command: Command, argv: readonly string[]): Promise<Arguments> {
  const parsed: { [key: string]: unknown } = await parserOf(command).parseAsync([...argv])
  const { _: loose, $0: _script, '--': rest, ...options } = parsed
  const positionals = [...asTexts(loose), ...asTexts(rest)]
  const problems = [...optionProblems(command, options), ...countProblems(command, positionals)]
  if (problems.length > 0) throw new InputFailure(problems)
  return { positionals, options: given(options) }
}

function parserOf(command: Command): Argv<object> {
  const options = Object.entries(command.options).map(([name, spec]) => [name, yargsOption(spec)] as const)
  return yargs([])
    .options(Object.fromEntries(options))
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      // `--no-skip` is an option of its own, not the absence of another.
      'boolean-negation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
      'populate--': true,
    })
    .help(false)
    .version(false)
    .exitProcess(false)
    .showHelpOnFail(false)
    .strict(false)
    .fail((message) => {
      const words = message.replace(/^Not enough arguments following: (.*)$/, 'a value is missing after --$1')
      throw new InputFailure([{ path: '', message: words }])
    })
}

function yargsOption({ value, repeatable }: OptionSpec): Options {
  if (value === undefined) return { type: 'boolean' }
  return { type: 'string', requiresArg: true, ...(repeatable === true ? { array: true } : {}) }
}

function optionProblems(command: Command, options: { readonly [key: string]: unknown }): Problem[] {
  const known = [...Object.keys(command.options), 'help']
  return Object.entries(options).flatMap(([name, value]): Problem[] => {
    const path = name.length === 1 ? `-${name}` : `--${name}`
    const spec = command.options[name]
    if (spec === undefined) {
      const message = `unknown option of hasim ${command.name}${didYouMean(name, known, '--')}`
      return [{ path, message }]
    }
    if (Array.isArray(value) && spec.repeatable !== true) return [{ path, message: 'is given more than once' }]
    return choiceProblems(path, value, spec)
  })
}

function choiceProblems(path: string, value: unknown, spec: OptionSpec): Problem[] {
  if (value === undefined || spec.choices === undefined || spec.choices.includes(value as string)) return []
  const names = spec.choices
  return [{ path, message: `${String(value)} is not one of ${names.join(', ')}${didYouMean(String(value), names)}` }]
}

function countProblems(command: Command, positionals: readonly string[]): Problem[] {
  const { min, max } = command.count
  const usage = `usage: hasim ${command.name} ${command.positionals}`
  if (positionals.length < min) return [{ path: '', message: `something is missing; ${usage}` }]
  if (positionals.length > max) return [{ path: positionals[max] ?? '', message: `is one argument too many; ${usage}` }]
  return positionals.includes('') ? [{ path: '', message: `an argument is empty; ${usage}` }] : []
}

function given(options: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function asTexts(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : []
}
