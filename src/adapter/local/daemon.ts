import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { Missing } from '../refusal.ts'

export interface DaemonSettings {
  /** For people: `etcd control-plane-1`. */
  readonly name: string
  readonly argv: readonly string[]
  readonly env: { readonly [name: string]: string }
  /** Where its output is appended. */
  readonly log: string
}

/**
 * A process that is started, killed, stopped, frozen and started again. It stands on its own: it writes to a file, is in
 * a process group of its own (Ctrl-C is not for it), and lives on if hasim is killed.
 */
export class Daemon {
  readonly settings: DaemonSettings
  #child: ChildProcess | undefined

  constructor(settings: DaemonSettings) {
    this.settings = settings
  }

  get running(): boolean {
    return this.#child !== undefined
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** @throws Missing */
  async start(): Promise<void> {
    if (this.running) return
    const { argv, env, log, name } = this.settings
    const file = openSync(log, 'a')
    try {
      const child = spawn(argv[0]!, argv.slice(1), {
        detached: true,
        stdio: ['ignore', file, file],
        env: { ...process.env, ...env },
      })
      this.#child = child
      child.once('exit', () => {
        if (this.#child === child) this.#child = undefined
      })
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve)
        child.once('error', (error) => {
          this.#child = undefined
          reject(new Missing(`${name}: ${argv[0]} cannot be started: ${error.message}`))
        })
      })
      // hasim may end before it does.
      child.unref()
    } finally {
      closeSync(file)
    }
  }

  /** Sends a signal to its whole group; nothing happens to what does not run. */
  signal(name: NodeJS.Signals): void {
    const { pid } = this
    if (pid === null) return
    try {
      process.kill(-pid, name)
    } catch {
      // It ended by itself in this instant.
    }
  }

  /** Resolves when it does not run, at the latest after `limit` ms; whether it ended. */
  ended(limit: number): Promise<boolean> {
    const child = this.#child
    if (child === undefined) return Promise.resolve(true)
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), limit)
      child.once('exit', () => {
        clearTimeout(late)
        resolve(true)
      })
    })
  }
}
