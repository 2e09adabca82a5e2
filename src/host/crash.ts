import { shellWord } from '../base/shell-word.ts'
import { RingTracer } from '../engine/trace.ts'
import type { ExperimentConfig } from '../experiment/config.ts'
import { replicate } from '../experiment/replication.ts'
import { ReplicationFailure } from './failure.ts'
import type { Crash } from './replicate-task.ts'
import { formatTraceTime, traceText } from './trace-lines.ts'

const TRACE_LINES_SHOWN = 20

/**
 * What to print when a replication threw. The replication is run once more with a tracer, so that a run without
 * trouble pays nothing for it.
 * @param replay the `hasim trace` command line up to and including the file and what changes the question
 */
export function replicationFailure(config: ExperimentConfig, crash: Crash, replay: string): ReplicationFailure {
  const variant = config.variants[crash.variantIndex]?.id ?? String(crash.variantIndex)
  const tracer = new RingTracer(TRACE_LINES_SHOWN)
  const again = throwsAgain(() => replicate(config, crash.variantIndex, crash.replication, tracer))
  const last = tracer.last()
  const at = last.at(-1)?.at
  const lines = [
    `${crash.name}: ${crash.message}`,
    `  seed ${config.seed}, variant ${variant}, replication ${crash.replication}, simulated time ${at === undefined ? 'unknown' : formatTraceTime(at).trim()}`,
    last.length === 0 ? '  no event was traced before it' : `  the last ${last.length} events:`,
    ...last.map((entry) => `    ${traceText(entry).trimEnd()}`),
    again ? '' : '  it did not happen again when the replication was repeated: chance from outside got in',
    `  replay: ${replay} --variant ${shellWord(variant)} --replication ${crash.replication}`,
  ]
  const failure = new ReplicationFailure(lines.filter((line) => line !== '').join('\n'))
  failure.stack = crash.stack
  return failure
}

function throwsAgain(run: () => unknown): boolean {
  try {
    run()
    return false
  } catch {
    return true
  }
}
