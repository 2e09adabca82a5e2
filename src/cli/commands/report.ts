import type { Command } from '../command.ts'
import { FORMATS } from '../options.ts'

/** `hasim report`: results again, in any form. */
export const reportCommand: Command = {
  name: 'report',
  positionals: 'RESULT… [options]',
  describe:
    'Renders results or replays again, or several side by side. RESULT is a result.json, a replay.json, or the directory that holds it; ' +
    'with --out, report.html and report.md are written there.',
  count: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    format: { value: 'F', describe: 'form of the answer on standard output', choices: FORMATS },
    out: { value: 'DIR', describe: 'directory for report.html and report.md' },
  },
  examples: [
    ['hasim report results/3v5', 'the table again'],
    ['hasim report results/*/result.json --format csv', 'everything, for a spreadsheet'],
    ['hasim report results/monday results/friday --out compared', 'one page with both'],
  ],
  run: async (args) => (await import('../actions/report.ts')).run(args),
}
