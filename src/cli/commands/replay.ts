import type { Command } from '../command.ts'

/** `hasim replay`: a fault plan on a real cluster. */
export const replayCommand: Command = {
  name: 'replay',
  positionals: 'PLAN --target TARGET [options]',
  describe:
    'Plays a fault plan on a real cluster, watches it as a client would, and says whether the simulation was right. The ' +
    'plan is shown command by command first; anything but a local target needs --yes. Every fault is undone: at its end, on ' +
    'failure, on Ctrl-C, and, by --undo, after hasim itself was killed.',
  count: { min: 0, max: 1 },
  options: {
    target: { value: 'TARGET', describe: 'the real cluster: a file such as models/targets/local-3.yaml' },
    repeat: { value: 'N', describe: 'trials (default: 1)' },
    'dry-run': { describe: 'show the commands and do nothing' },
    yes: { describe: 'do it: needed for every target that is not local' },
    'allow-quorum-loss': { describe: 'play plans that take away the quorum, or data' },
    undo: { value: 'JOURNAL', describe: 'undo what a replay that was cut off had begun' },
    seed: { value: 'S', describe: "text that all chance comes from (default: the target's name)" },
    set: { value: 'PATH=VALUE', describe: 'change a value of the model', repeatable: true },
    out: {
      value: 'DIR',
      describe: 'directory of journal.jsonl, replay.json, report.html (default: results/PLAN-on-TARGET)',
    },
    format: { value: 'F', describe: 'form of the answer on standard output', choices: ['table', 'json', 'markdown'] },
    quiet: { describe: 'no plan and no progress on standard error' },
  },
  examples: [
    [
      'hasim replay experiments/plans/leader-crash.yaml --target models/targets/local-3.yaml --repeat 20',
      'twenty trials here',
    ],
    ['hasim replay plan.yaml --target lab.yaml --dry-run', 'what would be done'],
    ['hasim replay --undo results/plan-on-lab/journal.jsonl', 'after a power cut'],
  ],
  epilogue:
    'Exit code 5 when something measured disagrees with its prediction, 6 when it is refused or was aborted safely.',
  run: async (args) => (await import('../actions/replay.ts')).run(args),
}
