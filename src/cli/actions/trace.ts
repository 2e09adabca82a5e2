import type { TraceEntry } from '../../engine/trace.ts'
import { replicationFailure } from '../../host/crash.ts'
import { EnvironmentFailure, EXIT } from '../../host/failure.ts'
import { loadExperiments } from '../../host/load-experiment.ts'
import { storyHeader, storyLine } from '../../host/outage-story.ts'
import { crashOf } from '../../host/replicate-task.ts'
import { ReaderGone, writeOut } from '../../host/terminal.ts'
import { traceJson, traceText } from '../../host/trace-lines.ts'
import { traceOutage, traceReplication, windowAround, worstOutages } from '../../host/trace-replication.ts'
import type { Arguments } from '../command.ts'
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
  if (told === null) {
    const line = isJson ? traceJson : traceText
    guard(() => traceReplication(config, variantIndex, replication, window, (entry) => writeOut(line(entry))))
    return EXIT.done
  }
  if (!isJson) writeOut(storyHeader(told))
  const line = isJson ? traceJson : (entry: TraceEntry) => storyLine(told.outage, entry)
  guard(() => traceOutage(config, place, told, window, (entry) => writeOut(line(entry))))
  return EXIT.done
}
