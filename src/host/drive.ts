import type { ExperimentRunner, Task } from '../experiment/runner.ts'
import type { Interrupt } from './interrupt.ts'
import type { Crash, Outcome } from './replicate-task.ts'
import type { Workforce } from './workforce.ts'

/**
 * Keeps a workforce busy until the runner has enough, the user wants to stop, or a replication throws.
 * @returns the replication that threw, if one did
 */
export async function drive(
  runner: ExperimentRunner,
  workforce: Workforce,
  interrupt: Interrupt,
): Promise<Crash | undefined> {
  const answers = new Inbox<Answer>()
  interrupt.onRequest(() => answers.wake())
  let running = 0
  while (runner.done() === undefined) {
    for (const task of runner.nextTasks(workforce.capacity - running)) {
      running++
      workforce.run(task).then(
        (outcome) => answers.put({ task, outcome }),
        (error) => answers.fail(error),
      )
    }
    const answer = await answers.next()
    if (interrupt.requested || answer === undefined) return undefined
    running--
    const { task, outcome } = answer
    if (outcome === null) runner.giveBack(task.taskId)
    else if (outcome.ok) runner.accept(task.taskId, outcome.samples)
    else return outcome.crash
  }
  return undefined
}

interface Answer {
  readonly task: Task
  readonly outcome: Outcome | null
}

/** Answers in the order of their arrival. A race of promises would keep a note of every task in the one that waits longest. */
class Inbox<T> {
  readonly #items: T[] = []
  #failure: { readonly error: unknown } | undefined
  #notify = () => {}

  put(item: T): void {
    this.#items.push(item)
    this.#notify()
  }

  fail(error: unknown): void {
    this.#failure = { error }
    this.#notify()
  }

  /** Lets whoever waits go on without an item. */
  wake(): void {
    this.#notify()
  }

  async next(): Promise<T | undefined> {
    if (this.#items.length === 0 && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#notify = resolve
      })
    }
    if (this.#failure !== undefined) throw this.#failure.error
    return this.#items.shift()
  }
}
