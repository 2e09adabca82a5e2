import { type ChildProcess, spawn } from 'node:child_process'
import type { Operation } from '../../faults/operation.ts'
import { sleep } from '../clock.ts'
import { Refusal } from '../refusal.ts'
import { isTraced } from './proc.ts'
import { MARK, type Site } from './site.ts'

type SlowDisk = Extract<Operation, { kind: 'slow-disk' }>

/** A tracer is attached when the kernel says so; looked at this often (ms), for at most this long (ms). */
const LOOK_EVERY = 5
const ATTACH_LIMIT = 5_000

/** Makes each fsync of a process take longer: strace holds the call back before it returns. */
export class SlowDisks {
  readonly #site: Site
  readonly #tracers = new Map<number, ChildProcess>()

  constructor(site: Site) {
    this.#site = site
  }

  /** @param pid of the member on the machine */
  says({ by }: SlowDisk, pid: number | null, undoes: boolean): string {
    const words = `strace ${traceArguments(by).join(' ')} -p ${pid ?? '(etcd)'}`
    return undoes ? `kill -INT (${words})` : words
  }

  /** @throws Refusal when the tracer cannot be attached */
  async begin({ machine, by }: SlowDisk, pid: number | null): Promise<void> {
    if (pid === null) return
    const tracer = spawn('strace', [...traceArguments(by), '-p', String(pid)], {
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, [MARK]: this.#site.run },
    })
    let failed = false
    tracer.once('error', () => (failed = true))
    tracer.once('exit', () => (failed = true))
    this.#tracers.set(machine, tracer)
    for (let waited = 0; !isTraced(pid); waited += LOOK_EVERY) {
      if (failed || waited > ATTACH_LIMIT) throw new Refusal(`strace cannot be attached to etcd (pid ${pid})`)
      await sleep(LOOK_EVERY)
    }
  }

  async undo({ machine }: SlowDisk): Promise<void> {
    const tracer = this.#tracers.get(machine)
    this.#tracers.delete(machine)
    if (tracer === undefined || tracer.exitCode !== null || tracer.signalCode !== null) return
    const ended = new Promise((resolve) => tracer.once('exit', resolve))
    tracer.kill('SIGINT')
    await ended
  }

  async end(): Promise<void> {
    for (const machine of [...this.#tracers.keys()]) await this.undo({ kind: 'slow-disk', machine, by: 0 })
  }
}

function traceArguments(by: number): string[] {
  const calls = 'fdatasync,fsync'
  const microseconds = Math.round(by * 1000)
  return ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${calls}:delay_exit=${microseconds}`]
}
