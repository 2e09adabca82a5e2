import type { Command } from '../command.ts'

/** `hasim calibrate`: distributions from data. */
export const calibrateCommand: Command = {
  name: 'calibrate',
  positionals: 'FILE… [options]',
  describe:
    'Fits exponential, Weibull and lognormal laws by maximum likelihood, with censoring and intervals, and writes a card. ' +
    'FILE is an incident list (CSV: part, failed, repaired), a column of milliseconds (CSV), a replay.json, or the text of ' +
    "etcd's /metrics.",
  count: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    from: { value: 'INSTANT', describe: 'incidents: when the watch began, such as 2025-01-01' },
    to: { value: 'INSTANT', describe: 'incidents: when it ended' },
    parts: { value: 'N', describe: 'incidents: how many parts were watched (default: those that the file names)' },
    new: { describe: 'incidents: all parts were new at --from' },
    as: {
      value: 'NAME',
      describe: 'what failed, as profiles call it (default: node), or what a column times, such as etcd.start',
    },
    column: { value: 'NAME', describe: 'the column of milliseconds' },
    name: { value: 'NAME', describe: 'of the card (default: calibrated)' },
    out: { value: 'FILE', describe: 'where to write the card, such as models/calibrations/lab.yaml' },
    format: { value: 'F', describe: 'form of the answer on standard output', choices: ['table', 'json'] },
  },
  examples: [
    ['hasim calibrate incidents.csv --from 2025-01-01 --to 2026-01-01', 'a failure profile'],
    ['hasim calibrate results/*-on-local-3/replay.json', 'how long etcd takes to start'],
    ['hasim calibrate metrics.txt --out disk.yaml', "etcd's fsync"],
  ],
  epilogue: 'docs/calibration.md tells the formats and the methods.',
  run: async (args) => (await import('../actions/calibrate.ts')).run(args),
}
