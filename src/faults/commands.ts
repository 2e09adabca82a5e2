/** What can be done to a machine or to a link between machines by a command, as targets and exports name it. */
export const COMMAND_NAMES = [
  'crash etcd',
  'stop etcd',
  'pause etcd',
  'crash api-server',
  'stop api-server',
  'pause api-server',
  'crash balancer',
  'stop balancer',
  'pause balancer',
  'crash machine',
  'stop machine',
  'reboot machine',
  'cut',
  'cut out',
  'cut clients',
  'cut clients out',
  'delay',
  'lose',
  'slow-disk',
  'lose-disk',
] as const
export type CommandName = (typeof COMMAND_NAMES)[number]

/** Begins a fault on its machine, and undoes it; without an undoing it comes back by itself. */
export interface CommandPair {
  readonly do: string
  readonly undo?: string | undefined
}

/** Where clients reach etcd, API servers and balancers, as iptables lists them. */
const PORTS_OF_CLIENTS = '2379,6443'

/** Units by the name that distributions and kubeadm's documentation give them. */
const UNITS = { etcd: 'etcd', 'api-server': 'kube-apiserver', balancer: 'haproxy' } as const

/**
 * What an operator types on a host with systemd and iptables. `{other}` is the address at the other end of a link, `{by}`
 * milliseconds, `{share}` a probability. A unit that is killed is masked first: systemd would start it again.
 */
export const SYSTEMD_COMMANDS: { readonly [name in CommandName]?: CommandPair } = {
  ...unitCommands('etcd'),
  ...unitCommands('api-server'),
  ...unitCommands('balancer'),
  'reboot machine': { do: 'systemctl reboot' },
  cut: { do: 'iptables -I INPUT -s {other} -j DROP', undo: 'iptables -D INPUT -s {other} -j DROP' },
  'cut out': { do: 'iptables -I OUTPUT -d {other} -j DROP', undo: 'iptables -D OUTPUT -d {other} -j DROP' },
  // The operator's own connection must live.
  'cut clients': {
    do: `iptables -I INPUT -p tcp -m multiport --dports ${PORTS_OF_CLIENTS} -j DROP`,
    undo: `iptables -D INPUT -p tcp -m multiport --dports ${PORTS_OF_CLIENTS} -j DROP`,
  },
  'cut clients out': {
    do: `iptables -I OUTPUT -p tcp -m multiport --sports ${PORTS_OF_CLIENTS} -j DROP`,
    undo: `iptables -D OUTPUT -p tcp -m multiport --sports ${PORTS_OF_CLIENTS} -j DROP`,
  },
  lose: {
    do: 'iptables -I INPUT -s {other} -m statistic --mode random --probability {share} -j DROP',
    undo: 'iptables -D INPUT -s {other} -m statistic --mode random --probability {share} -j DROP',
  },
  'slow-disk': {
    do: 'setsid strace -f -qq -o /dev/null -e trace=fdatasync,fsync -e inject=fdatasync,fsync:delay_exit={by}000 -p $(pidof etcd) </dev/null >/dev/null 2>&1 & echo $! > /run/hasim-strace.pid',
    undo: 'kill -INT $(cat /run/hasim-strace.pid) && rm /run/hasim-strace.pid',
  },
}

function unitCommands(kind: keyof typeof UNITS): { readonly [name in CommandName]?: CommandPair } {
  const unit = UNITS[kind]
  const back = `systemctl unmask --runtime ${unit} && systemctl start ${unit}`
  return {
    [`crash ${kind}`]: { do: `systemctl mask --runtime ${unit} && systemctl kill -s KILL ${unit}`, undo: back },
    [`stop ${kind}`]: { do: `systemctl stop ${unit}`, undo: `systemctl start ${unit}` },
    [`pause ${kind}`]: { do: `systemctl kill -s STOP ${unit}`, undo: `systemctl kill -s CONT ${unit}` },
  }
}

/** Fills in the words in braces. @throws RangeError for one that has no value here */
export function filledIn(command: string, values: { readonly [word: string]: string | number }): string {
  return command.replace(/\{([a-z]+)\}/g, (_, word: string) => {
    const value = values[word]
    if (value === undefined) throw new RangeError(`{${word}} has no value in: ${command}`)
    return String(value)
  })
}
