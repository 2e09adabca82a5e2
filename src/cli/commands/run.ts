import type { Command } from '../command.ts'
import { RUN_OPTIONS } from '../options.ts'

/** `hasim run`: experiments, from their files to an answer. */
export const runCommand: Command = {
  name: 'run',
  positionals: 'FILE… [options]',
  describe:
    'Runs experiments: a table on standard output, progress on standard error, and result.json, report.html and ' +
    'report.md in --out. FILE is an experiment, or a model to be looked at as it is.',
  count: { min: 1, max: Number.POSITIVE_INFINITY },
  options: RUN_OPTIONS,
  examples: [
    ['hasim run experiments/3v5.yaml', 'are five control-plane nodes worth it over three?'],
    ['hasim run experiments/3v5.yaml --set etcd.election-timeout=5s', 'the same with other timers'],
    ['hasim run experiments/3v5.yaml --precision 5% --resume', 'go on until it is surer'],
    ['hasim run models/clusters/stacked-3.yaml --format json | jq .verdict', 'for programs'],
  ],
  epilogue:
    'The answer depends on the file, the options that change it and --seed; never on --workers. ' +
    'Ctrl-C keeps what is finished, marked partial; --resume goes on from there to the same bytes.',
  run: async (args) => (await import('../actions/run.ts')).run(args),
}
