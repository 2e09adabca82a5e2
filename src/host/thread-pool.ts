import { fileURLToPath } from 'node:url'
import type { Piscina } from 'piscina'
import type { ExperimentConfig } from '../experiment/config.ts'
import type { Task } from '../experiment/runner.ts'
import { unpack } from './packing.ts'
import type { Outcome } from './replicate-task.ts'
import type { Answer } from './worker.ts'
import type { Workforce } from './workforce.ts'

/** Tasks of a thread: one that runs, and one that lies ready so that it need not wait for the giver. */
const PER_THREAD = 2

/** Worker threads, each with the experiment. */
export class ThreadPool implements Workforce {
  readonly #pool: Piscina<Task, Answer>
  readonly capacity: number
  #held = 0
  busyMs = 0

  private constructor(pool: Piscina<Task, Answer>, threads: number) {
    this.#pool = pool
    this.capacity = PER_THREAD * threads
  }

  static async start(config: ExperimentConfig, threads: number): Promise<ThreadPool> {
    // Loaded only when threads are wanted: short runs need none.
    const { Piscina } = await import('piscina')
    const isSource = import.meta.url.endsWith('.ts')
    const worker = isSource ? new URL('./worker.ts', import.meta.url) : new URL('./worker.js', import.meta.url)
    const pool = new Piscina<Task, Answer>({
      filename: fileURLToPath(worker),
      name: 'work',
      workerData: config,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: PER_THREAD,
      // The sources are TypeScript, which a thread of Node 20 reads only with a loader.
      execArgv: isSource ? ['--import', 'tsx'] : [],
    })
    return new ThreadPool(pool, threads)
  }

  get hasRoom(): boolean {
    return this.#held < this.capacity
  }

  async run(task: Task): Promise<Outcome> {
    this.#held++
    const answer = await this.#pool.run(task)
    this.#held--
    if (!answer.ok) return answer
    this.busyMs += answer.tookMs
    return { ok: true, samples: unpack(answer.packed) }
  }

  async close(): Promise<void> {
    // An answer that was on its way reaches a pool that has forgotten its task, and is called an error there.
    this.#pool.on('error', () => {})
    await this.#pool.destroy()
  }
}
