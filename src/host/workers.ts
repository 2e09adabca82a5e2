import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { ExperimentConfig } from '../experiment/config.ts'
import type { Task } from '../experiment/runner.ts'
import { type Outcome, runTask } from './replicate-task.ts'

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
  const begun = performance.now()
  let lastRest = begun
  let busy = 0
  let closed = false
  return {
    capacity: 1,
    get efficiency() {
      return busy / (performance.now() - begun)
    },
    async run(task) {
      const since = performance.now()
      const run = runTask(config, task)
      let step = run.next()
      while (step.done !== true && !closed) {
        if (performance.now() - lastRest > REST_EVERY_MS) {
          await new Promise((resolve) => setImmediate(resolve))
          lastRest = performance.now()
        }
        step = run.next()
      }
      busy += performance.now() - since
      return step.done === true ? step.value : new Promise(() => {})
    },
    async close() {
      closed = true
    },
  }
}

async function threads(config: ExperimentConfig, workers: number): Promise<Workforce> {
  const { Piscina } = await import('piscina')
  const isSource = import.meta.url.endsWith('.ts')
  const worker = isSource ? new URL('./worker.ts', import.meta.url) : new URL('./worker.js', import.meta.url)
  const pool = new Piscina<Task, Outcome>({
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
      // A mean of run times times their number: an estimate.
      return Math.min(1, pool.utilization)
    },
    run: (task) => pool.run(task),
    async close() {
      // An answer that was on its way reaches a pool that has forgotten its task, and is called an error there.
      pool.on('error', () => {})
      await pool.destroy()
    },
  }
}
