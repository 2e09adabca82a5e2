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
4 an invariant of the modelled system is broken, 7 the disk or a permission, 130 interrupted (what was finished is kept).
`
}
