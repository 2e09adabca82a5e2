import { threadId, workerData } from 'node:worker_threads'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import type { ExperimentConfig } from '../experiment/config.ts'
import type { Task } from '../experiment/runner.ts'
import { type Packed, pack } from './packing.ts'
import { type Crash, runTask } from './replicate-task.ts'

/** An outcome on its way between threads. */
export type Answer =
  | {
      readonly ok: true
      readonly packed: Packed
      /** Wall time, for the report of cost. */
      readonly tookMs: number
      /** Who computed it. */
      readonly thread: number
    }
  | { readonly ok: false; readonly crash: Crash }

/** What the pool calls in each worker thread; the experiment itself came once, when the thread started. */
export function work(task: Task): Answer {
  const begun = performance.now()
  const run = runTask(workerData as ExperimentConfig, task)
  let step = run.next()
  while (step.done !== true) step = run.next()
  const outcome = step.value
  if (!outcome.ok) return outcome
  const packed = pack(outcome.samples)
  const answer: Answer = { ok: true, packed, tookMs: performance.now() - begun, thread: threadId }
  // The pool unwraps this: the value arrives as it is, its array moved instead of copied.
  return move({ [transferableSymbol]: packed.numbers.buffer, [valueSymbol]: answer } as never) as unknown as Answer
}
