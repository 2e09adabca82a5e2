import type { ClusterConfig } from '../cluster/config.ts'
import { type CommandName, filledIn, SYSTEMD_COMMANDS } from '../faults/commands.ts'
import type { FaultAction } from '../faults/plan.ts'
import { inWords, machinesNamed, targetsOf } from './exported.ts'

/** A command on a host. `machine` is a name, or, in `$(…)`, whoever has a role at that moment. */
export interface HostCommand {
  readonly machine: string
  readonly do: string
  readonly undo: string | null
  /** Not to be done where the machine turns out to be this one. */
  readonly unless: string | null
}

/** Roles as shell functions of the runbook that say who has them. */
const ROLE_FUNCTIONS: {
  readonly [role: string]: { readonly call: string; readonly process: 'etcd' | 'api-server' | null }
} = {
  'etcd-leader': { call: '$(etcd_leader)', process: 'etcd' },
  'an etcd-follower': { call: '$(etcd_follower)', process: 'etcd' },
  'the preferred api-server': { call: '$(preferred_api_server)', process: 'api-server' },
  'address-holder': { call: '$(address_holder)', process: null },
}

/**
 * The commands of an action on hosts with systemd and iptables; what has none is told to `lost`.
 * @param address how the address of a machine is written, e.g. `${ADDRESS[x]}`
 */
export function hostCommands(
  action: FaultAction,
  cluster: ClusterConfig,
  address: (machine: string) => string,
  lost: string[],
): HostCommand[] {
  const commands: HostCommand[] = []
  for (const target of targetsOf(action.on)) {
    const role = target.kind === 'role' ? ROLE_FUNCTIONS[target.role]! : null
    const process = target.kind === 'process' ? target.process : (role?.process ?? null)
    const machines = role === null ? machinesNamed(target, cluster) : [role.call]
    for (const machine of machines) {
      const others = target.kind === 'link' ? [target.to] : othersOf(action, machine, cluster)
      commands.push(...commandsOn(action, { process, machine, others }, address, lost))
    }
  }
  return commands
}

function othersOf(action: FaultAction, machine: string, cluster: ClusterConfig): string[] {
  if (action.from.length > 0) return targetsOf(action.from).flatMap((target) => machinesNamed(target, cluster))
  const side = targetsOf(action.on).flatMap((target) => machinesNamed(target, cluster))
  return cluster.nodes.map(({ name }) => name).filter((name) => name !== machine && !side.includes(name))
}

/** Where an action is done: on a machine, to a process of it or to itself, between it and others. */
interface Place {
  readonly process: 'etcd' | 'api-server' | 'balancer' | null
  readonly machine: string
  readonly others: readonly string[]
}

function commandsOn(
  action: FaultAction,
  { process, machine, others }: Place,
  address: (machine: string) => string,
  lost: string[],
): HostCommand[] {
  const of = (name: CommandName, values: { readonly [word: string]: string | number } = {}): HostCommand[] => {
    const pair = SYSTEMD_COMMANDS[name]
    if (pair === undefined) {
      lost.push(
        `${inWords(action)}: hosts have no command of their own for "${name}" (power, or a new disk, comes from outside)`,
      )
      return []
    }
    return [
      {
        machine,
        do: filledIn(pair.do, values),
        undo: pair.undo === undefined ? null : filledIn(pair.undo, values),
        unless: null,
      },
    ]
  }
  switch (action.do) {
    case 'crash':
    case 'stop':
    case 'pause':
      return of(process === null ? (`${action.do} machine` as CommandName) : `${action.do} ${process}`)
    case 'reboot':
      return of('reboot machine')
    case 'cut':
    case 'isolate':
      return cuts(action, machine, others, address)
    case 'lose':
      return others.flatMap((other) =>
        of('lose', { other: address(other), share: action.share ?? 1 }).map((one) => ({
          ...one,
          unless: unlessOf(machine, other),
        })),
      )
    case 'delay':
      return delays(machine, others, action.by ?? 0, address)
    case 'slow-disk':
      return of('slow-disk', { by: action.by ?? 0 })
    case 'lose-disk':
      return of('lose-disk')
  }
}

/** All at the machine itself: what it hears from the others, unless the cut is one-way, and what it says to them. */
function cuts(
  { oneWay, from }: FaultAction,
  machine: string,
  others: readonly string[],
  address: (machine: string) => string,
): HostCommand[] {
  const of = (name: CommandName, other: string | null): HostCommand => {
    const { do: begin, undo } = SYSTEMD_COMMANDS[name]!
    const values = other === null ? {} : { other: address(other) }
    return { machine, do: filledIn(begin, values), undo: filledIn(undo!, values), unless: unlessOf(machine, other) }
  }
  const between = others.flatMap((other) => [...(oneWay ? [] : [of('cut', other)]), of('cut out', other)])
  const clients = from.length > 0 ? [] : [...(oneWay ? [] : [of('cut clients', null)]), of('cut clients out', null)]
  return [...between, ...clients]
}

/** Who has a role is known only when it is asked. */
function unlessOf(machine: string, other: string | null): string | null {
  return machine.startsWith('$(') ? other : null
}

/** One queue for all that leaves the machine towards the others. */
function delays(
  machine: string,
  others: readonly string[],
  by: number,
  address: (machine: string) => string,
): HostCommand[] {
  const device =
    '$(ip -o route get ' +
    (others[0] === undefined ? '1.1.1.1' : address(others[0])) +
    " | sed 's/.* dev \\([^ ]*\\).*/\\1/')"
  const filters = others.map(
    (other) => `tc filter add dev "$dev" parent 1: protocol ip u32 match ip dst ${address(other)}/32 flowid 1:4`,
  )
  return [
    {
      machine,
      do: [
        `dev=${device}`,
        'tc qdisc add dev "$dev" root handle 1: prio bands 4',
        `tc qdisc add dev "$dev" parent 1:4 netem delay ${by}ms`,
        ...filters,
      ].join(' && '),
      undo: `dev=${device} && tc qdisc del dev "$dev" root`,
      unless: null,
    },
  ]
}
