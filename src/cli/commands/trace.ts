import { replicationFailure } from '../../host/crash.ts'
import { EnvironmentFailure, EXIT } from '../../host/failure.ts'
import { loadExperiments } from '../../host/load-experiment.ts'
import { crashOf } from '../../host/replicate-task.ts'
import { ReaderGone, writeOut } from '../../host/terminal.ts'
import { traceJson, traceText } from '../../host/trace-lines.ts'
import { traceReplication, type Window, worstOutages } from '../../host/trace-replication.ts'
import type { Arguments, Command } from '../command.ts'
import { EXPERIMENT_OPTIONS, OptionReader } from '../options.ts'
import { replayCommand } from '../replay-command.ts'
import { readQuestion } from '../run-options.ts'
import { readPlace, WHOLE, windowOf } from '../trace-place.ts'

/** `hasim trace`: one replication, event by event. */
export const traceCommand: Command = {
  name: 'trace',
  positionals: 'FILE [--variant V --replication K | --outage ID] [options]',
  describe:
    'Plays one replication again and prints its events, one a line: when (simulated time), who, what.\n' +
    'An outage of a result is found by its id; the events around it are shown.',
  count: { min: 1, max: 1 },
  options: {
    variant: { type: 'string', requiresArg: true, describe: 'the variant; may be left out where there is one [V]' },
    replication: { type: 'string', requiresArg: true, describe: 'the replication, from 0 (default: 0) [K]' },
    outage: { type: 'string', requiresArg: true, describe: 'an outage of a result, such as three/17/3 [ID]' },
    from: { type: 'string', requiresArg: true, describe: 'only from this simulated time on, such as 12d3h [T]' },
    to: { type: 'string', requiresArg: true, describe: 'only up to this simulated time [T]' },
    format: { type: 'string', choices: ['text', 'json'], requiresArg: true, describe: 'lines of text, or of JSON' },
    ...EXPERIMENT_OPTIONS,
  },
  examples: [
    ['hasim trace experiments/3v5.yaml --outage three/17/3', 'what happened in the worst outage'],
    ['hasim trace experiments/3v5.yaml --variant five --replication 2 --from 30d --to 31d', 'a day'],
    ['hasim trace experiments/3v5.yaml --variant three --format json | jq -r .what | sort | uniq -c', 'a count'],
  ],
  run,
}

async function run({ positionals, options }: Arguments): Promise<number> {
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
