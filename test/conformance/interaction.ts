import type { Command } from './command.ts'
import { type Directive, parseCommand } from './data-driven.ts'
import { Environment } from './environment.ts'
import { nodeCommands } from './node-commands.ts'
import { workCommands } from './work-commands.ts'

const commands = new Map<string, Command>(Object.entries({ ...nodeCommands, ...workCommands }))

/** Answers the commands of one interaction file: nodes, messages between them, and what they print. */
export function interactionHandler(): (directive: Directive) => string {
  const env = new Environment()
  return (directive) => {
    env.takeOutput()
    const error = runAll(env, directive)
    return env.takeOutput() + (error ?? '')
  }
}

export function isInteractionCommand(command: string): boolean {
  return commands.has(command)
}

/** Lines under a command are further commands, but for the one whose input they are. */
function runAll(env: Environment, { command, args, input }: Directive): string | undefined {
  const first = commands.get(command)
  if (first === undefined) return 'unknown command'
  const error = first(env, args, input)
  if (error !== undefined || command === 'propose-conf-change') return error
  for (const line of input) {
    const next = parseCommand(line)
    const failed = (commands.get(next.command) ?? (() => 'unknown command'))(env, next.args, [])
    if (failed !== undefined) return failed
  }
  return undefined
}
