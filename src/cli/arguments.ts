import yargs, { type Argv, type Options } from 'yargs'
import type { Problem } from '../base/result.ts'
import { InputFailure } from '../host/failure.ts'
import type { Arguments, Command } from './command.ts'
import { didYouMean } from './suggest.ts'

/** Either what was typed, or the help text that was asked for. */
export type Parsed =
  | { readonly kind: 'arguments'; readonly value: Arguments }
  | { readonly kind: 'help'; readonly text: string }

/**
 * Reads what was typed after a command's name.
 * @throws InputFailure with every unknown option, missing value and surplus argument at once
 */
export async function parseArguments(command: Command, argv: readonly string[], width: number): Promise<Parsed> {
  const parser = buildParser(command, width)
  const parsed: { [key: string]: unknown } = await parser.parseAsync([...argv])
  if (parsed['help'] === true) return { kind: 'help', text: `${await parser.getHelp()}\n` }
  const { _: loose, $0: _script, help: _help, '--': rest, ...options } = parsed
  const positionals = [...asTexts(loose), ...asTexts(rest)]
  const problems = [...optionProblems(command, options), ...countProblems(command, positionals)]
  if (problems.length > 0) throw new InputFailure(problems)
  return { kind: 'arguments', value: { positionals, options: given(options) } }
}

function buildParser(command: Command, width: number): Argv<object> {
  const parser = yargs([])
    .scriptName(`hasim ${command.name}`)
    .usage(`hasim ${command.name} ${command.positionals}\n\n${command.describe}`)
    .options({ ...command.options, help: { type: 'boolean', describe: 'this text' } })
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
    .wrap(width)
    .fail((message) => {
      throw new InputFailure([
        { path: '', message: message.replace('Not enough arguments following: ', 'a value is missing after --') },
      ])
    })
  for (const [line, does] of command.examples) parser.example(line, does)
  return command.epilogue === undefined ? parser : parser.epilogue(command.epilogue)
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
    if (Array.isArray(value) && spec.array !== true) return [{ path, message: 'is given more than once' }]
    return choiceProblems(path, value, spec)
  })
}

function choiceProblems(path: string, value: unknown, spec: Options): Problem[] {
  if (value === undefined || spec.choices === undefined || spec.choices.includes(value as string)) return []
  const names = spec.choices.map(String)
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
