import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { monotonicMs } from '../clock.ts'
import { Missing } from '../refusal.ts'
import type { MemberLook, Probe } from '../timeline.ts'
import type { ProberLine, ProberSettings } from './settings.ts'

/** A look at a member is news for so long (ms), beyond the pace of looking. */
const NEWS = 400

/** Clients in a process of their own, and what they told. */
export class ProberWatch {
  #probes: Probe[] = []
  #members: MemberLook[] = []
  readonly #latest = new Map<number, MemberLook>()
  /** Which machine has the member that calls itself so. */
  readonly #machines = new Map<string, number>()
  readonly #every: number
  #child: ChildProcess | undefined

  /** @param every between two looks at a member (ms) */
  constructor(every: number) {
    this.#every = every
  }

  /** @throws Missing */
  async start(
    argv: readonly string[],
    env: { readonly [name: string]: string },
    settings: ProberSettings,
  ): Promise<void> {
    const child = spawn(argv[0]!, argv.slice(1), {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error) => reject(new Missing(`${argv[0]}: ${error.message}`)))
    })
    child.stdin!.on('error', () => {})
    child.stdin!.end(JSON.stringify(settings))
    createInterface({ input: child.stdout! }).on('line', (line) => this.#told(JSON.parse(line) as ProberLine))
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  async stop(): Promise<void> {
    const child = this.#child
    if (child === undefined || !this.running) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }

  get probes(): readonly Probe[] {
    return this.#probes
  }

  get members(): readonly MemberLook[] {
    return this.#members
  }

  forget(before: number): void {
    this.#probes = this.#probes.filter(({ at }) => at >= before)
    this.#members = this.#members.filter(({ at }) => at >= before)
  }

  /** The latest news of each machine's member; one that has not been heard of lately is not among them. */
  news(): MemberLook[] {
    const since = monotonicMs() - this.#every - NEWS
    return [...this.#latest.values()].filter(({ at, term }) => at >= since && term > 0)
  }

  #told(line: ProberLine): void {
    if (line[0] === 'probe') {
      const [, series, at, outcome, latency] = line
      this.#probes.push({ series, at, outcome, latency })
      return
    }
    const [, at, machine, id, leader, term, healthy] = line
    if (id !== '') this.#machines.set(id, machine)
    const look = { at, machine, leader: this.#machines.get(leader) ?? null, term, healthy }
    this.#members.push(look)
    this.#latest.set(machine, look)
  }
}
