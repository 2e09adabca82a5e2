import { shellWord } from '../base/shell-word.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import type { FaultPlan } from '../faults/plan.ts'
import { type Exported, inWords, memberNames, stepsOf } from './exported.ts'
import { type HostCommand, hostCommands } from './host-commands.ts'

/** Who has a role, asked in a shell where the experiment runs; the answer is a host name. */
function questionOf(call: string, cluster: ClusterConfig): string | null {
  switch (call) {
    case '$(etcd_leader)':
      return statusColumn('true', cluster)
    case '$(etcd_follower)':
      return statusColumn('false', cluster)
    case '$(preferred_api_server)':
      return `echo ${cluster.nodes[cluster.apiServer?.nodes[0] ?? 0]!.name}`
    case HOLDER:
      return 'ssh "$VIRTUAL_ADDRESS" hostname'
    default:
      return null
  }
}

const HOLDER = '$(address_holder)'

function endpointsOf(cluster: ClusterConfig): string {
  return memberNames(cluster)
    .map((name) => `${name}:2379`)
    .join(',')
}

/** The host of the first endpoint whose fifth column says whether it leads. */
function statusColumn(leads: string, cluster: ClusterConfig): string {
  return `etcdctl --endpoints=${endpointsOf(cluster)} endpoint status | awk -F', ' '$5 == "${leads}" { print $1; exit }' | sed 's,^https*://,,; s,:[0-9]*$,,'`
}

/**
 * A Chaos Toolkit experiment (its open specification, version 1.0.0): processes only, so that no extension is needed. Hosts
 * are reached by the names that the model gives its machines.
 */
export function toChaosToolkit(plan: FaultPlan, cluster: ClusterConfig): Exported {
  const lost: string[] = []
  const method: object[] = []
  const rollbacks: object[] = []
  let now = 0
  const undoings = new Map<number, readonly HostCommand[]>()
  for (const { at, number, action, begins } of stepsOf(plan)) {
    const commands = begins ? hostCommands(action, cluster, (machine) => machine, lost) : (undoings.get(number) ?? [])
    if (begins) undoings.set(number, [...commands].reverse())
    for (const [k, command] of commands.entries()) {
      const words = begins ? command.do : command.undo
      if (words === null) continue
      const wait = k === 0 ? (at - now) / 1000 : 0
      const name = `${begins ? '' : 'undo '}${inWords({ ...action, at })}${commands.length > 1 ? ` (${k + 1} of ${commands.length})` : ''}`
      const remembered = `.${plan.name.replace(/[^\w-]/g, '-')}-${number}.host`
      const script = onHost(command, words, remembered, begins && k === 0, cluster)
      method.push({
        type: 'action',
        name,
        provider: processProvider('bash', ['-c', script]),
        ...(wait > 0 ? { pauses: { before: wait } } : {}),
      })
      if (begins && command.undo !== null) {
        rollbacks.unshift({
          type: 'action',
          name: `undo ${name}`,
          provider: processProvider('bash', [
            '-c',
            `${onHost(command, command.undo, remembered, false, cluster)} || true`,
          ]),
        })
      }
    }
    now = at
  }
  if (plan.actions.some(({ on }) => on.includes('address-holder'))) {
    lost.push(
      'the holder of the address is asked over ssh at VIRTUAL_ADDRESS, which must lead to a host that lets you in',
    )
  }
  const kept = [...new Set(lost)]
  const experiment = {
    version: '1.0.0',
    title: plan.name,
    description: [
      `The fault plan ${plan.name}, exported by hasim.`,
      ...kept.map((sentence) => `Not in here: ${sentence}.`),
    ].join(' '),
    tags: ['hasim', 'etcd'],
    configuration: {},
    'steady-state-hypothesis': {
      title: 'every member of etcd answers, and every node is known',
      probes: [
        {
          type: 'probe',
          name: 'etcd-answers',
          tolerance: 0,
          provider: processProvider('bash', ['-c', `etcdctl --endpoints=${endpointsOf(cluster)} endpoint health`]),
        },
        {
          type: 'probe',
          name: 'nodes-are-known',
          tolerance: 0,
          provider: processProvider('kubectl', ['get', 'nodes']),
        },
      ],
    },
    method,
    rollbacks,
    contributions: { availability: 'high' },
  }
  return { text: `${JSON.stringify(experiment, null, 2)}\n`, lost: kept }
}

function processProvider(path: string, args: readonly string[]): object {
  return { type: 'process', path, arguments: args, timeout: 60 }
}

/** Who had the role when the fault began is remembered in a file for what follows. */
function onHost(
  { machine, unless }: HostCommand,
  command: string,
  remembered: string,
  asks: boolean,
  cluster: ClusterConfig,
): string {
  const quoted = `'sudo -n sh -c '"$(printf %q ${shellWord(command)})"`
  const question = questionOf(machine, cluster)
  if (question === null) return `ssh -n ${machine} ${quoted}`
  const who = asks ? `host=$(${question}) && echo "$host" > ${remembered}` : `host=$(cat ${remembered})`
  const guard = unless === null ? '' : `[ "$host" = ${unless} ] || `
  return `${who} && { ${guard}ssh -n "$host" ${quoted}; }`
}
