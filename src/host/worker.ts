import { workerData } from 'node:worker_threads'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import type { ExperimentConfig } from '../experiment/config.ts'
import type { Task } from '../experiment/runner.ts'
import type { Sample } from '../experiment/sample.ts'
import { type Outcome, runTask } from './replicate-task.ts'

/** What the pool calls in each worker thread; the experiment itself came once, when the thread started. */
export function work(task: Task): Outcome {
  const run = runTask(workerData as ExperimentConfig, task)
  let step = run.next()
  while (step.done !== true) step = run.next()
  const outcome = step.value
  if (!outcome.ok) return outcome
  const buffers = outcome.samples.flatMap(buffersOf)
  if (buffers.length === 0) return outcome
  // The pool unwraps this: the value arrives as it is, its arrays moved instead of copied.
  return move({ [transferableSymbol]: buffers, [valueSymbol]: outcome } as never) as unknown as Outcome
}

// Only arrays that own their memory can be moved; a view into something larger is copied.
function buffersOf(sample: Sample): ArrayBuffer[] {
  const arrays = sample.services.flatMap(({ outageMs, monthLostMs }) => [outageMs, monthLostMs])
  const owned = arrays.filter(({ length, byteLength, buffer }) => length > 0 && byteLength === buffer.byteLength)
  return [...new Set(owned.map(({ buffer }) => buffer as ArrayBuffer))]
}
