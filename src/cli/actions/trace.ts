import { replicationFailure } from '../../host/crash.ts'
import { EnvironmentFailure, EXIT } from '../../host/failure.ts'
import { loadExperiments } from '../../host/load-experiment.ts'
import { crashOf } from '../../host/replicate-task.ts'
import { ReaderGone, writeOut } from '../../host/terminal.ts'
import { traceJson, traceText } from '../../host/trace-lines.ts'
import { traceReplication, type Window, worstOutages } from '../../host/trace-replication.ts'
import type { Arguments } from '../command.ts'
import { OptionReader } from '../options.ts'
import { replayCommand } from '../replay-command.ts'
import { readQuestion } from '../run-options.ts'
import { readPlace, WHOLE, windowOf } from '../trace-place.ts'

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
  const worst = place.ordinal === null ? [] : guard(() => worstOutages(config, variantIndex, replication))
  const around = place.ordinal === null ? WHOLE : windowOf(config, place, worst)
  const window = windowFrom(around, from, to)
  const line = isJson ? traceJson : traceText
  guard(() => traceReplication(config, variantIndex, replication, window, (entry) => writeOut(line(entry))))
  return EXIT.done
}

function windowFrom(around: Window, from: number | null, to: number | null): Window {
  return {
    fromMs: from ?? around.fromMs,
    toMs: to ?? around.toMs,
    eventsBefore: from === null ? around.eventsBefore : 0,
  }
}
