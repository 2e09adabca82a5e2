import type { Command } from '../command.ts'

/** `hasim check`: random faults against the invariants. */
export const checkCommand: Command = {
  name: 'check',
  positionals: 'FILE [options]',
  describe:
    'Puts the etcd members of a model or an experiment through random schedules of crashes, partitions, lost and late ' +
    'messages, slow disks, drifting clocks and membership changes, and checks the invariants of Raft after every step. ' +
    'The first violation is shrunk to a small fault plan, saved, and printed with the command that replays it.',
  count: { min: 1, max: 1 },
  options: {
    runs: { value: 'N', describe: 'stop after so many runs (default: 1000, or no limit with --max-time)' },
    'max-time': { value: 'T', describe: 'stop after so long, such as 5m' },
    replay: { value: 'PLAN', describe: 'run a saved plan instead' },
    seed: { value: 'S', describe: "text that all chance comes from (default: the file's)" },
    set: { value: 'PATH=VALUE', describe: 'change a value of the model', repeatable: true },
    out: { value: 'DIR', describe: 'directory of a plan that is found (default: results/NAME)' },
    quiet: { describe: 'no progress on standard error' },
  },
  examples: [
    ['hasim check models/clusters/stacked-3.yaml --max-time 5m', 'search for five minutes'],
    ['hasim check experiments/3v5.yaml --runs 200 --seed 7', 'the same 200 runs each time'],
  ],
  epilogue: 'Exit code 4 when an invariant is broken.',
  run: async (args) => (await import('../actions/check.ts')).run(args),
}
