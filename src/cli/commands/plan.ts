import type { Command } from '../command.ts'

/** `hasim plan`: fault plans, written and exported. */
export const planCommand: Command = {
  name: 'plan',
  positionals: 'FILE [options]',
  describe:
    'Writes a fault plan: from an outage of an experiment, from a scenario, or at random; FILE is an experiment or a model. ' +
    'With --as the plan is exported to another tool; FILE may then be a plan, and --model says for which cluster.',
  count: { min: 0, max: 1 },
  options: {
    outage: { value: 'ID', describe: 'the outage of a result, such as three/17/3' },
    scenario: { value: 'NAME', describe: 'one of --list, fitted to the cluster' },
    list: { describe: 'the scenarios there are' },
    shorten: { value: 'T', describe: 'with --outage: cut waits that are longer than this' },
    seed: { value: 'S', describe: 'with --outage the seed of the run; alone: a random plan' },
    model: { value: 'FILE', describe: 'the model (or experiment) for a FILE that is a plan' },
    variant: { value: 'V', describe: 'the variant of the experiment (default: the first)' },
    set: { value: 'PATH=VALUE', describe: 'change a value of the model', repeatable: true },
    as: { value: 'FORM', describe: 'export', choices: ['chaos-toolkit', 'litmus', 'chaos-mesh', 'shell'] },
    out: { value: 'FILE', describe: 'where to write it (default: standard output)' },
  },
  examples: [
    ['hasim plan experiments/3v5.yaml --scenario leader-crash', "etcd's leader is killed"],
    ['hasim plan experiments/3v5.yaml --outage three/17/3 --shorten 1m', 'what led to an outage, without the waiting'],
    ['hasim plan models/clusters/stacked-3.yaml --seed 7 --out plan.yaml', 'a random plan'],
    ['hasim plan plan.yaml --model models/clusters/stacked-3.yaml --as shell', 'a runbook'],
  ],
  run: async (args) => (await import('../actions/plan.ts')).run(args),
}
