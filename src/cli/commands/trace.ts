import type { Command } from '../command.ts'
import { EXPERIMENT_OPTIONS } from '../options.ts'

/** `hasim trace`: one replication, event by event. */
export const traceCommand: Command = {
  name: 'trace',
  positionals: 'FILE [--variant V --replication K | --outage ID] [options]',
  describe:
    'Plays one replication again and prints its events, one a line: when (simulated time), who, what. ' +
    'An outage of a result is found by its id; the events around it are shown.',
  count: { min: 1, max: 1 },
  options: {
    variant: { value: 'V', describe: 'the variant; may be left out where there is but one' },
    replication: { value: 'K', describe: 'the replication, from 0 (default: 0)' },
    outage: { value: 'ID', describe: 'an outage of a result instead, such as three/17/3, and what led to it' },
    from: { value: 'T', describe: 'only from this simulated time on, such as 12d3h' },
    to: { value: 'T', describe: 'only up to this simulated time' },
    format: { value: 'F', describe: 'lines', choices: ['text', 'json'] },
    ...EXPERIMENT_OPTIONS,
  },
  examples: [
    ['hasim trace experiments/3v5.yaml --outage three/17/3', 'what happened in the worst outage'],
    ['hasim trace experiments/3v5.yaml --variant five --replication 2 --from 30d --to 31d', 'a day'],
    ['hasim trace experiments/3v5.yaml --variant three --format json | jq -r .what | sort | uniq -c', 'a count'],
  ],
  run: async (args) => (await import('../actions/trace.ts')).run(args),
}
