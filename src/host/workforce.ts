import { availableParallelism } from 'node:os'
import type { ExperimentConfig } from '../experiment/config.ts'
import type { Task } from '../experiment/runner.ts'
import { OwnThread } from './own-thread.ts'
import type { Outcome } from './replicate-task.ts'
import { ThreadPool } from './thread-pool.ts'

/** Whoever runs tasks, several at a time. */
export interface Workforce {
  /** Tasks it can hold now; it may grow. */
  readonly capacity: number
  run(task: Task): Promise<Outcome>
  /** Time that its threads have spent on tasks so far, added up (ms). */
  readonly busyMs: number
  /** Ends at once; tasks still running are not answered any more. */
  close(): Promise<void>
}

/** One worker a core, of those this process may use. */
export function defaultWorkers(): number {
  return availableParallelism()
}

/**
 * A run this old (ms) is joined by threads. Each of them compiles for itself what this thread has compiled, some CPU seconds
 * long, and pays for that only in a run that goes on.
 */
const JOIN_AFTER_MS = 500

/** A replication this long (ms) would keep this thread from Ctrl-C and its progress: then it only hands out. */
const DEAF_MS = 250

/**
 * The threads of an experiment: this one works at once, and alone if it is the only one; the others join when the run turns
 * out to be long.
 * @param joinAfterMs age of the run from which others join
 */
export function startWorkforce(config: ExperimentConfig, workers: number, joinAfterMs = JOIN_AFTER_MS): Workforce {
  const own = new OwnThread(config)
  return workers === 1 ? own : new GrowingWorkforce(config, workers, own, joinAfterMs)
}

class GrowingWorkforce implements Workforce {
  readonly #own: OwnThread
  #pool: ThreadPool | undefined
  #ownWorks = true
  #isClosed = false
  readonly #join: NodeJS.Timeout
  #joining: Promise<void> | undefined

  constructor(config: ExperimentConfig, workers: number, own: OwnThread, joinAfterMs: number) {
    this.#own = own
    this.#join = setTimeout(() => {
      this.#joining = this.#grow(config, workers)
    }, joinAfterMs)
  }

  async #grow(config: ExperimentConfig, workers: number): Promise<void> {
    this.#ownWorks = this.#own.longestMs < DEAF_MS
    const pool = await ThreadPool.start(config, this.#ownWorks ? workers - 1 : workers)
    if (this.#isClosed) return pool.close()
    this.#pool = pool
    this.#own.isAlone = false
  }

  get capacity(): number {
    if (this.#pool === undefined) return 1
    return this.#pool.capacity + (this.#ownWorks || !this.#own.isIdle ? 1 : 0)
  }

  get busyMs(): number {
    return this.#own.busyMs + (this.#pool?.busyMs ?? 0)
  }

  /** To the threads first: they begin while this one is still handing out, and this one is deaf when it has begun. */
  run(task: Task): Promise<Outcome> {
    return this.#pool?.hasRoom === true ? this.#pool.run(task) : this.#own.run(task)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#join)
    await this.#own.close()
    await this.#joining
    await this.#pool?.close()
  }
}
