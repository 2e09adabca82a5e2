import type { ExperimentConfig } from '../experiment/config.ts'
import type { Task } from '../experiment/runner.ts'
import { type Outcome, runTask } from './replicate-task.ts'
import type { Workforce } from './workforce.ts'

/** How long this thread may be deaf to signals and timers (ms). */
const REST_EVERY_MS = 50
/** How long it may leave other threads' answers lying (ms): they have one more task each meanwhile. */
const REST_AMONG_OTHERS_MS = 2

/** This thread as a worker: it computes one replication after the other and listens in between. */
export class OwnThread implements Workforce {
  readonly #config: ExperimentConfig
  readonly capacity = 1
  readonly threads = 1
  /** Whether no other thread waits for this one to hand out tasks. */
  isAlone = true
  isIdle = true
  busyMs = 0
  /** The longest replication so far (ms). */
  longestMs = 0
  #lastRest = performance.now()
  #isClosed = false

  constructor(config: ExperimentConfig) {
    this.#config = config
  }

  async run(task: Task): Promise<Outcome> {
    this.isIdle = false
    const run = runTask(this.#config, task)
    let begun = performance.now()
    for (;;) {
      const step = run.next()
      const now = performance.now()
      this.busyMs += now - begun
      this.longestMs = Math.max(this.longestMs, now - begun)
      begun = now
      if (step.done === true) {
        this.isIdle = true
        return step.value
      }
      if (now - this.#lastRest > (this.isAlone ? REST_EVERY_MS : REST_AMONG_OTHERS_MS)) {
        await new Promise((resolve) => setImmediate(resolve))
        begun = performance.now()
        this.#lastRest = begun
        if (this.#isClosed) return new Promise(() => {})
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }
}
