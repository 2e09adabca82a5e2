import type { TraceEntry } from '../../engine/trace.ts'
import { replicationFailure } from '../../host/crash.ts'
import { EnvironmentFailure, EXIT } from '../../host/failure.ts'
import { loadExperiments } from '../../host/load-experiment.ts'
import { storyHeader, storyLine } from '../../host/outage-story.ts'
import { crashOf } from '../../host/replicate-task.ts'
import { ReaderGone, writeErr, writeOut } from '../../host/terminal.ts'
import { traceJson, traceText } from '../../host/trace-lines.ts'
import { traceOutage, traceReplication, windowAround, worstOutages } from '../../host/trace-replication.ts'
import type { Arguments } from '../command.ts'
import { sayIdleOptions } from '../idle-options.ts'
import { OptionReader } from '../options.ts'
import { replayCommand } from '../replay-command.ts'
import { readQuestion } from '../run-options.ts'
import { outageAt, readPlace, WHOLE } from '../trace-place.ts'

/** Plays one replication again and prints what happens in it. @returns the exit code */
export async function run({ positionals, options }: Arguments): Promise<number> {
  const reader = new OptionReader(options)
  const question = readQuestion(reader)
  const isJson = reader.text('format') === 'json'
  const from = reader.duration('from')
  const to = reader.duration('to')
  if (from !== null && to !== null && to < from) reader.refuse('to', `${reader.text('to')} is before --from`)
  reader.finish()
  const file = positionals[0]!
  const config = loadExperiments([file], question)[0]!
  sayIdleOptions(config, reader)
  const replay = replayCommand(file, config.seed, question)
  const place = readPlace(config, reader)
  const { variantIndex, replication } = place
  const guard = <T>(act: () => T): T => {
    try {
      return act()
    } catch (error) {
      if (error instanceof ReaderGone || error instanceof EnvironmentFailure) throw error
      throw replicationFailure(config, crashOf(variantIndex, replication, error), replay)
    }
  }
  const told =
    place.outage === null
      ? null
      : outageAt(
          config,
          place,
          guard(() => worstOutages(config, variantIndex, replication)),
        )
  const around = told === null ? WHOLE : windowAround(told.outage)
  const window = { fromMs: from ?? around.fromMs, toMs: to ?? around.toMs }
  const text = told === null ? traceText : (entry: TraceEntry) => storyLine(told.outage, entry)
  const line = isJson ? traceJson : text
  let lines = 0
  const show = (entry: TraceEntry) => {
    lines++
    writeOut(line(entry))
  }
  if (told !== null && !isJson) writeOut(storyHeader(told))
  if (told === null) guard(() => traceReplication(config, variantIndex, replication, window, show))
  else guard(() => traceOutage(config, place, told, window, show))
  if (lines === 0) writeErr('nothing happened in this stretch of time\n')
  return EXIT.done
}
