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

const isSource = import.meta.url.endsWith('.ts')
const WORKER = isSource ? new URL('./worker.ts', import.meta.url) : new URL('./worker.js', import.meta.url)

/** Worker threads, each with the experiment. When one of them dies all are given up: a machine that lost one loses more. */
export class ThreadPool implements Workforce {
  readonly #pool: Piscina<Task, Answer>
  readonly #room: number
  readonly #onLoss: (error: unknown) => void
  #ending: Promise<void> | undefined
  #held = 0
  readonly #answered = new Set<number>()
  busyMs = 0

  private constructor(pool: Piscina<Task, Answer>, room: number, onLoss: (error: unknown) => void) {
    this.#pool = pool
    this.#room = room
    this.#onLoss = onLoss
    // A thread that dies before it was given a task leaves those that wait for it waiting.
    pool.on('error', (error) => this.#lose(error))
  }

  /**
   * @param onLoss told once why the threads are gone, if they die before they are closed
   * @param worker the module that each thread loads
   * @throws when the threads cannot even be begun
   */
  static async start(
    config: ExperimentConfig,
    threads: number,
    onLoss: (error: unknown) => void,
    worker: URL = WORKER,
  ): Promise<ThreadPool> {
    // Loaded only when threads are wanted: short runs need none.
    const { Piscina } = await import('piscina')
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
    return new ThreadPool(pool, PER_THREAD * threads, onLoss)
  }

  get capacity(): number {
    return this.#ending === undefined ? this.#room : 0
  }

  get threads(): number {
    return this.#answered.size
  }

  get hasRoom(): boolean {
    return this.#held < this.capacity
  }

  async run(task: Task): Promise<Outcome | null> {
    this.#held++
    try {
      const answer = await this.#pool.run(task)
      if (!answer.ok) return answer
      this.busyMs += answer.tookMs
      this.#answered.add(answer.thread)
      return { ok: true, samples: unpack(answer.packed) }
    } catch (error) {
      this.#lose(error)
      return null
    } finally {
      this.#held--
    }
  }

  #lose(error: unknown): void {
    // An answer that was on its way when the pool was closed is called an error as well.
    if (this.#ending !== undefined) return
    this.#ending = this.#pool.destroy()
    this.#onLoss(error)
  }

  close(): Promise<void> {
    this.#ending ??= this.#pool.destroy()
    return this.#ending
  }
}
