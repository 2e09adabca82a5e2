import type { Command } from './command.ts'

/** A name on the command line: what it is for, and where its code is, loaded only when it is called. */
export interface CommandEntry {
  readonly name: string
  readonly usage: string
  readonly summary: string
  readonly load: () => Promise<Command>
}

/** The commands there are, in the order in which one meets them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'run',
    usage: 'run FILE…',
    summary: 'run experiments: how available, why not more, how sure',
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  {
    name: 'trace',
    usage: 'trace FILE',
    summary: 'one replication, event by event',
    load: async () => (await import('./commands/trace.ts')).traceCommand,
  },
  {
    name: 'check',
    usage: 'check FILE',
    summary: "random faults against the protocol's invariants",
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  {
    name: 'validate',
    usage: 'validate [NAME…]',
    summary: 'published tables rerun: expected, computed, verdict',
    load: async () => (await import('./commands/validate.ts')).validateCommand,
  },
  {
    name: 'plan',
    usage: 'plan FILE',
    summary: 'a fault plan from an outage, a scenario or at random; exports to other tools',
    load: async () => (await import('./commands/plan.ts')).planCommand,
  },
  {
    name: 'replay',
    usage: 'replay PLAN --target TARGET',
    summary: 'a fault plan on a real cluster, measured and compared with its prediction',
    load: async () => (await import('./commands/replay.ts')).replayCommand,
  },
  {
    name: 'calibrate',
    usage: 'calibrate FILE…',
    summary: 'failure, repair and timing distributions from data',
    load: async () => (await import('./commands/calibrate.ts')).calibrateCommand,
  },
  {
    name: 'report',
    usage: 'report RESULT…',
    summary: 'render results again, or several side by side',
    load: async () => (await import('./commands/report.ts')).reportCommand,
  },
  {
    name: 'schema',
    usage: 'schema [FORMAT]',
    summary: 'JSON Schema of what you write and read, for editors',
    load: async () => (await import('./commands/schema.ts')).schemaCommand,
  },
]

/** Names kept for what comes next: refused, with what there is. */
export const PLANNED: readonly string[] = ['explore', 'import', 'export', 'size']
