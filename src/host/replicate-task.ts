import type { ExperimentConfig } from '../experiment/config.ts'
import { replicate } from '../experiment/replication.ts'
import type { Task } from '../experiment/runner.ts'
import type { Sample } from '../experiment/sample.ts'

/** What came of a task. A throw is data here: a thread's boundary keeps neither the name nor the place of an error. */
export type Outcome =
  | { readonly ok: true; readonly samples: readonly Sample[] }
  | { readonly ok: false; readonly crash: Crash }

/** A replication that threw: our bug, with all that replays it. */
export interface Crash {
  readonly variantIndex: number
  readonly replication: number
  readonly name: string
  readonly message: string
  readonly stack: string
}

/** Runs one replication of a task after the other, so that who drives it can pause between them. */
export function* runTask(config: ExperimentConfig, task: Task): Generator<void, Outcome> {
  const { variantIndex, firstReplication, count } = task
  const samples: Sample[] = []
  for (let replication = firstReplication; replication < firstReplication + count; replication++) {
    try {
      samples.push(replicate(config, variantIndex, replication))
    } catch (error) {
      return { ok: false, crash: crashOf(variantIndex, replication, error) }
    }
    yield
  }
  return { ok: true, samples }
}

/** What a replication threw, as data. */
export function crashOf(variantIndex: number, replication: number, error: unknown): Crash {
  const where = { variantIndex, replication }
  if (!(error instanceof Error)) return { ...where, name: 'thrown', message: String(error), stack: '' }
  return { ...where, name: error.name, message: error.message, stack: error.stack ?? '' }
}
