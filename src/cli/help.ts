import type { Command, OptionSpec } from './command.ts'
import { COMMANDS } from './commands.ts'

/** What `hasim --help` says. Plain text: printing it needs no parser and starts as fast as node does. */
export function topHelp(version: string): string {
  const width = Math.max(...COMMANDS.map(({ usage }) => usage.length))
  return `hasim ${version}: how available is this cluster, why not more, how sure are we?

Usage: hasim COMMAND [options]

Commands:
${COMMANDS.map(({ usage, summary }) => `  hasim ${usage.padEnd(width)}  ${summary}`).join('\n')}

Options:
  --help       this text; hasim COMMAND --help tells all of one command, with examples
  --version    the version

Example: are five control-plane nodes worth it over three?
  hasim run experiments/3v5.yaml
prints a table and one sentence to decide by, and writes results/3v5/report.html. Then look at the worst outage:
  hasim trace experiments/3v5.yaml --outage three/17/3

Exit codes: 0 done, 1 a bug of hasim, 2 something in your input, 3 an objective is missed (--fail-on-slo),
4 an invariant of the modelled system is broken, 5 a check failed (validate, or a replay that disagrees),
6 refused or aborted safely, 7 the disk, a permission or a missing program, 130 interrupted (what was
finished is kept).
`
}

const WIDTH = 100

/** What `hasim COMMAND --help` says. */
export function commandHelp(command: Command): string {
  const options = { ...command.options, help: { describe: 'this text' } }
  const names = Object.entries(options).map(([name, spec]) => [optionForm(name, spec), wordsOf(spec)] as const)
  return `${[
    `Usage: hasim ${command.name} ${command.positionals}`,
    wrapped(command.describe, '', ''),
    `Options:\n${columns(names)}`,
    `Examples:\n${command.examples.map(([line, does]) => `  ${line}\n      ${does}`).join('\n')}`,
    ...(command.epilogue === undefined ? [] : [wrapped(command.epilogue, '', '')]),
  ].join('\n\n')}\n`
}

function optionForm(name: string, spec: OptionSpec): string {
  return spec.value === undefined ? `--${name}` : `--${name} ${spec.value}`
}

function wordsOf({ describe, choices, repeatable }: OptionSpec): string {
  const among = choices === undefined ? '' : `: ${choices.join(', ')}`
  return `${describe}${among}${repeatable === true ? '; repeatable' : ''}`
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  const indent = ' '.repeat(width + 4)
  return rows.map(([name, words]) => wrapped(words, `  ${name.padEnd(width)}  `, indent)).join('\n')
}

function wrapped(text: string, first: string, indent: string): string {
  const lines: string[] = []
  let line = first
  for (const word of text.split(' ')) {
    const isStart = line === first || line === indent
    if (!isStart && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = indent
    }
    line += line === first || line === indent ? word : ` ${word}`
  }
  return [...lines, line].join('\n')
}
