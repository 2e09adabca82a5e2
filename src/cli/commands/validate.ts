import type { Command } from '../command.ts'

/** `hasim validate`: published tables, run again. */
export const validateCommand: Command = {
  name: 'validate',
  positionals: '[NAME…] [options]',
  describe:
    'Runs published tables again with the code that answers everything else, and says for each case what is expected, ' +
    'what came out and whether they agree. Without a NAME: all tables there are.',
  count: { min: 0, max: Number.POSITIVE_INFINITY },
  options: {
    list: { describe: 'name the tables instead' },
    fast: { describe: 'fewer trials, with limits as much wider as chance is: for every change' },
    seed: { value: 'S', describe: 'text that all chance comes from (default: the name of the table)' },
    format: { value: 'F', describe: 'form of the answer on standard output', choices: ['table', 'json'] },
  },
  examples: [
    ['hasim validate raft', "Raft's election times against the thesis and closed forms"],
    ['hasim validate --fast', 'all tables, in seconds'],
    ['hasim validate raft --format json | jq \'.[] | select(.verdict == "differs")\'', 'what disagrees'],
  ],
  epilogue: 'Exit code 5 when a case differs.',
  run: async (args) => (await import('../actions/validate.ts')).run(args),
}
