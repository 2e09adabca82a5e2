import { EXIT, inputFailure } from '../host/failure.ts'
import { packageVersion } from '../host/files.ts'
import { writeOut } from '../host/terminal.ts'
import { COMMANDS, type CommandEntry, PLANNED } from './commands.ts'
import { commandHelp, topHelp } from './help.ts'
import { reportFailure } from './report-failure.ts'
import { didYouMean } from './suggest.ts'

/** The command line: runs the command that was typed and leaves its exit code with the process. */
export async function main(argv: readonly string[]): Promise<void> {
  // What is thrown in a timer has no caller to catch it.
  process.on('uncaughtException', (error) => process.exit(reportFailure(error)))
  try {
    process.exitCode = await dispatch(argv)
  } catch (error) {
    process.exitCode = reportFailure(error)
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const names = COMMANDS.map(({ name }) => name)
  // Options may stand before the command: `hasim --quiet run x.yaml`.
  const at = argv.findIndex((word) => names.includes(word))
  const first = argv[0]
  if (at > 0 && first !== undefined && !first.startsWith('-')) return refuse(first)
  if (at >= 0) return runCommand(COMMANDS[names.indexOf(argv[at]!)]!, argv.toSpliced(at, 1))
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    writeOut(topHelp(packageVersion()))
    return first === undefined ? EXIT.input : EXIT.done
  }
  if (first === '--version') {
    writeOut(`${packageVersion()}\n`)
    return EXIT.done
  }
  return refuse(first)
}

async function runCommand(entry: CommandEntry, argv: readonly string[]): Promise<number> {
  const command = await entry.load()
  if (asksForHelp(argv)) {
    writeOut(commandHelp(command))
    return EXIT.done
  }
  const { parseArguments } = await import('./arguments.ts')
  return command.run(await parseArguments(command, argv))
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  return words.includes('--help') || words.includes('-h')
}

function refuse(word: string): never {
  const names = COMMANDS.map(({ name }) => name)
  const there = `there are: ${names.join(', ')}`
  if (word.startsWith('-')) {
    throw inputFailure(word, `a command is missing${didYouMean(word, ['--help', '--version'])}; ${there}`)
  }
  const what = PLANNED.includes(word) ? 'is not built yet' : `unknown command${didYouMean(word, names)}`
  throw inputFailure(word, `${what}; ${there}`)
}
