import { availableParallelism } from 'node:os'
import { reasonOf } from '../base/reason.ts'
import type { ExperimentConfig } from '../experiment/config.ts'
import type { Task } from '../experiment/runner.ts'
import { OwnThread } from './own-thread.ts'
import type { Outcome } from './replicate-task.ts'
import { writeErr } from './terminal.ts'
import { ThreadPool } from './thread-pool.ts'

/** Whoever runs tasks, several at a time. */
export interface Workforce {
  /** Tasks it can hold now; it may grow. */
  readonly capacity: number
  /** @returns what came of the task, or null: whoever had it is gone, somebody else may do it */
  run(task: Task): Promise<Outcome | null>
  /** Threads that have computed something of it, the most at one time: those that never came, or died at once, are none. */
  readonly threads: number
  /** Time that its threads have spent on tasks so far, added up (ms). */
  readonly busyMs: number
  /** Ends at once; tasks still running are not answered any more, or with null. */
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
 * out to be long. Threads that cannot be had cost a warning, not the run: this one goes on alone.
 * @param joinAfterMs age of the run from which others join
 * @param worker the module that each thread loads, where it is not the usual one
 */
export function startWorkforce(
  config: ExperimentConfig,
  workers: number,
  joinAfterMs: number = JOIN_AFTER_MS,
  worker?: URL,
): Workforce {
  const own = new OwnThread(config)
  if (workers === 1) return own
  const startPool: StartPool = (threads, onLoss) => ThreadPool.start(config, threads, onLoss, worker)
  return new GrowingWorkforce(own, workers, joinAfterMs, startPool)
}

type StartPool = (threads: number, onLoss: (error: unknown) => void) => Promise<ThreadPool>

class GrowingWorkforce implements Workforce {
  readonly #own: OwnThread
  #pool: ThreadPool | undefined
  #ownWorks = true
  /** Whether this thread computed beside the others, before any of them was lost. */
  #ownJoins = true
  #isClosed = false
  readonly #join: NodeJS.Timeout
  #joining: Promise<void> | undefined

  constructor(own: OwnThread, workers: number, joinAfterMs: number, startPool: StartPool) {
    this.#own = own
    this.#join = setTimeout(() => {
      this.#joining = this.#grow(workers, startPool).catch((error) => this.#goOnAlone(error))
    }, joinAfterMs)
  }

  async #grow(workers: number, startPool: StartPool): Promise<void> {
    this.#ownWorks = this.#own.longestMs < DEAF_MS
    this.#ownJoins = this.#ownWorks
    const pool = await startPool(this.#ownWorks ? workers - 1 : workers, (error) => this.#goOnAlone(error))
    if (this.#isClosed) return pool.close()
    this.#pool = pool
    this.#own.isAlone = false
  }

  /** The answer is the same, whoever computes it: it only takes longer. */
  #goOnAlone(error: unknown): void {
    this.#ownWorks = true
    this.#own.isAlone = true
    writeErr(`worker threads cannot be had (${reasonOf(error)}); going on with one thread\n`)
  }

  get capacity(): number {
    if (this.#pool === undefined) return 1
    return this.#pool.capacity + (this.#ownWorks || !this.#own.isIdle ? 1 : 0)
  }

  get threads(): number {
    return Math.max(1, (this.#pool?.threads ?? 0) + (this.#ownJoins ? 1 : 0))
  }

  get busyMs(): number {
    return this.#own.busyMs + (this.#pool?.busyMs ?? 0)
  }

  /** To the threads first: they begin while this one is still handing out, and this one is deaf when it has begun. */
  run(task: Task): Promise<Outcome | null> {
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
