import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { ExperimentConfig } from '../experiment/config.ts'
import type { Task } from '../experiment/runner.ts'
import { unpack } from './packing.ts'
import { type Outcome, runTask } from './replicate-task.ts'
import type { Answer } from './worker.ts'

/** Whoever runs tasks, several at a time. */
export interface Workforce {
  /** Tasks it can hold: those that run, and one waiting per thread so that none waits for the giver. */
  readonly capacity: number
  run(task: Task): Promise<Outcome>
  /** Share of its time so far in which it ran tasks, over all its threads, in [0, 1]. */
  readonly efficiency: number
  /** Ends at once; tasks still running are not answered any more. */
  close(): Promise<void>
}

/** One worker a core, of those this process may use. */
export function defaultWorkers(): number {
  return availableParallelism()
}

/** Threads for an experiment; a single worker is this thread itself, without a pool to start. */
export async function startWorkforce(config: ExperimentConfig, workers: number): Promise<Workforce> {
  return workers === 1 ? ownThread(config) : threads(config, workers)
}

/** How long this thread may be deaf to signals and timers (ms). */
const REST_EVERY_MS = 50

function ownThread(config: ExperimentConfig): Workforce {
  const busy = new BusyTime(1)
  let lastRest = performance.now()
  let closed = false
  return {
    capacity: 1,
    get efficiency() {
      return busy.share
    },
    async run(task) {
      const run = runTask(config, task)
      let step = run.next()
      while (step.done !== true && !closed) {
        if (performance.now() - lastRest > REST_EVERY_MS) {
          await new Promise((resolve) => setImmediate(resolve))
          lastRest = performance.now()
        }
        step = run.next()
      }
      return step.done === true ? busy.note(step.value) : new Promise(() => {})
    },
    async close() {
      closed = true
    },
  }
}

/** How much of their time so far some threads have spent on tasks. */
class BusyTime {
  readonly #threads: number
  readonly #since = performance.now()
  #busyMs = 0

  constructor(threads: number) {
    this.#threads = threads
  }

  note(outcome: Outcome): Outcome {
    if (outcome.ok) this.#busyMs += outcome.tookMs
    return outcome
  }

  get share(): number {
    return this.#busyMs / (this.#threads * (performance.now() - this.#since))
  }
}

async function threads(config: ExperimentConfig, workers: number): Promise<Workforce> {
  const { Piscina } = await import('piscina')
  const isSource = import.meta.url.endsWith('.ts')
  const worker = isSource ? new URL('./worker.ts', import.meta.url) : new URL('./worker.js', import.meta.url)
  const busy = new BusyTime(workers)
  const pool = new Piscina<Task, Answer>({
    filename: fileURLToPath(worker),
    name: 'work',
    workerData: config,
    minThreads: workers,
    maxThreads: workers,
    // The sources are TypeScript, which a thread of Node 20 reads only with a loader.
    execArgv: isSource ? ['--import', 'tsx'] : [],
  })
  return {
    capacity: 2 * workers,
    get efficiency() {
      return busy.share
    },
    run: async (task) => {
      const answer = await pool.run(task)
      if (!answer.ok) return answer
      return busy.note({ ok: true, samples: unpack(answer.packed), tookMs: answer.tookMs })
    },
    async close() {
      // An answer that was on its way reaches a pool that has forgotten its task, and is called an error there.
      pool.on('error', () => {})
      await pool.destroy()
    },
  }
}
