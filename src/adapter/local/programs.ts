import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeepalivedConfig } from '../../cluster/config.ts'
import type { ProcessKind } from '../../cluster/control.ts'
import { scriptCommand } from '../script.ts'
import type { DaemonSettings } from './daemon.ts'
import { apiServerCommand, companionCommand, isRealApi } from './kubernetes.ts'
import { type Place, PORTS, placeOf } from './layout.ts'
import { at } from './namespaces.ts'
import { clientUrl, MARK, peerUrl, type Site } from './site.ts'

export type DaemonKind = ProcessKind | 'keepalived' | 'controller-manager' | 'scheduler'

/** The command line, environment and log of a process of the cluster. */
export function daemonSettings(site: Site, kind: DaemonKind, machine: number): DaemonSettings {
  const place = placeOf(site.layout, machine)
  return {
    name: `${kind} ${place.name}`,
    argv: [...at(place), ...COMMANDS[kind](site, place)],
    // Logs tell wall-clock times without a zone.
    env: { [MARK]: site.run, TZ: 'UTC' },
    log: logOf(site, kind, machine),
  }
}

export function logOf({ directory, layout }: Site, kind: DaemonKind, machine: number): string {
  return join(directory, `${kind}-${placeOf(layout, machine).name}.log`)
}

export function dataOf({ directory, layout }: Site, machine: number): string {
  return join(directory, `data-${placeOf(layout, machine).name}`)
}

/** The socket that HAProxy tells of its servers on. */
export function statsSocket({ directory, layout }: Site, machine: number): string {
  return join(directory, `${placeOf(layout, machine).name}.sock`)
}

/** Where keepalived's notifications are appended: `seconds.nanoseconds STATE`. */
export function statesOf({ directory, layout }: Site, machine: number): string {
  return join(directory, `${placeOf(layout, machine).name}.states`)
}

/** Writes what the processes are told in files. */
export function writeConfigs(site: Site): void {
  const { directory, config } = site
  for (const machine of config.loadBalancer?.nodes ?? []) {
    const place = placeOf(site.layout, machine)
    writeFileSync(join(directory, `${place.name}.cfg`), haproxyConfig(site, place))
    const address = config.loadBalancer!.address
    if (address === null) continue
    const notify = join(directory, `${place.name}-notify.sh`)
    writeFileSync(notify, `#!/bin/sh\necho "$(date +%s.%N) $3" >> '${statesOf(site, machine)}'\n`, { mode: 0o755 })
    writeFileSync(join(directory, `${place.name}-keepalived.conf`), keepalivedConfig(site, place, address, notify))
  }
}

const COMMANDS: { readonly [kind in DaemonKind]: (site: Site, place: Place) => string[] } = {
  etcd: etcdCommand,
  'api-server': (site, place) => (isRealApi(site) ? apiServerCommand(site, place) : gatewayCommand(site, place)),
  'controller-manager': (site, place) => companionCommand(site, site.spec.binaries['kube-controller-manager']!, place),
  scheduler: (site, place) => companionCommand(site, site.spec.binaries['kube-scheduler']!, place),
  balancer: haproxyCommand,
  keepalived: keepalivedCommand,
}

function etcdCommand(site: Site, place: Place): string[] {
  const { etcd } = site.config
  const members = etcd.nodes.map((node) => placeOf(site.layout, node))
  return [
    site.spec.binaries.etcd,
    `--name=${place.name}`,
    `--data-dir=${dataOf(site, place.machine)}`,
    `--listen-client-urls=${clientUrl(place)}${site.layout.network === 'namespaces' ? `,http://127.0.0.1:${PORTS.client}` : ''}`,
    `--advertise-client-urls=${clientUrl(place)}`,
    `--listen-peer-urls=${peerUrl(place)}`,
    `--initial-advertise-peer-urls=${peerUrl(place)}`,
    `--initial-cluster=${members.map((one) => `${one.name}=${peerUrl(one)}`).join(',')}`,
    `--initial-cluster-token=${site.run}`,
    `--initial-cluster-state=${site.rejoined.has(place.machine) ? 'existing' : 'new'}`,
    `--heartbeat-interval=${etcd.heartbeatInterval}`,
    `--election-timeout=${etcd.electionTimeout}`,
    `--pre-vote=${etcd.preVote}`,
    `--initial-election-tick-advance=${etcd.initialElectionTickAdvance}`,
    '--logger=zap',
    '--log-outputs=stderr',
    ...site.spec['etcd-flags'],
  ]
}

function gatewayCommand(site: Site, place: Place): string[] {
  const { apiServer, etcd } = site.config
  const endpoints = apiServer?.etcd === 'all' ? etcd.nodes.map((node) => placeOf(site.layout, node)) : [place]
  return [
    ...scriptCommand(new URL('./gateway.ts', import.meta.url)),
    place.address,
    String(PORTS.api),
    ...endpoints.map(clientUrl),
  ]
}

function haproxyCommand(site: Site, place: Place): string[] {
  return [site.spec.binaries.haproxy, '-db', '-f', join(site.directory, `${place.name}.cfg`)]
}

/** As the model says: what it leaves unset stays unset. */
function haproxyConfig(site: Site, place: Place): string {
  const { config } = site
  const { check, timeoutConnect, retries, redispatch, onMarkedDown } = config.loadBalancer!
  const isHttp = check?.kind === 'http'
  const servers = config.apiServer?.nodes.map((node) => placeOf(site.layout, node)) ?? []
  // Its certificate is its own: nobody has signed it.
  const secured = isHttp && isRealApi(site) ? ' check check-ssl verify none' : ' check'
  const paced = (name: string, value: number): string => (value === check?.inter ? '' : ` ${name} ${value}ms`)
  return [
    'global',
    `  stats socket ${statsSocket(site, place.machine)} mode 600 level user`,
    'defaults',
    '  mode tcp',
    `  retries ${retries}`,
    ...(redispatch ? ['  option redispatch'] : ['  no option redispatch']),
    `  timeout connect ${timeoutConnect ?? 3_600_000}ms`,
    '  timeout client 1h',
    '  timeout server 1h',
    ...(check?.timeoutCheck == null ? [] : [`  timeout check ${check.timeoutCheck}ms`]),
    'frontend entrance',
    `  bind ${site.layout.network === 'namespaces' ? '*' : place.address}:${PORTS.api}`,
    '  default_backend api-servers',
    'backend api-servers',
    '  balance roundrobin',
    ...(isHttp ? [`  option httpchk GET ${check.path}`, '  http-check expect status 200'] : []),
    ...(check === null
      ? []
      : [
          `  default-server inter ${check.inter}ms${paced('fastinter', check.fastinter)}${paced('downinter', check.downinter)} fall ${check.fall} rise ${check.rise}${onMarkedDown === 'none' ? '' : ' on-marked-down shutdown-sessions'}`,
        ]),
    ...servers.map(({ name, address }) => `  server ${name} ${address}:${PORTS.api}${check === null ? '' : secured}`),
    '',
  ].join('\n')
}

function keepalivedCommand(site: Site, place: Place): string[] {
  const pid = (name: string): string => join(site.directory, `${place.name}-${name}.pid`)
  return [
    site.spec.binaries.keepalived,
    '--dont-fork',
    '--log-console',
    '--vrrp',
    `--use-file=${join(site.directory, `${place.name}-keepalived.conf`)}`,
    `--pid=${pid('keepalived')}`,
    `--vrrp_pid=${pid('vrrp')}`,
  ]
}

function keepalivedConfig(site: Site, place: Place, address: KeepalivedConfig, notify: string): string {
  const { nodes } = site.config.loadBalancer!
  const peers = nodes.filter((node) => node !== place.machine).map((node) => placeOf(site.layout, node).address)
  const { script } = address
  return [
    'global_defs {',
    `  vrrp_version ${address.version}`,
    '  script_user root',
    '}',
    ...(script === null ? [] : checkScript(script)),
    'vrrp_instance entrance {',
    '  state BACKUP',
    '  interface eth0',
    '  virtual_router_id 51',
    `  priority ${address.priorities[nodes.indexOf(place.machine)]}`,
    `  advert_int ${address.advertInt / 1000}`,
    `  down_timer_adverts ${address.downTimerAdverts}`,
    ...(address.nopreempt ? ['  nopreempt'] : []),
    ...(address.preemptDelay > 0 ? [`  preempt_delay ${address.preemptDelay / 1000}`] : []),
    `  unicast_src_ip ${place.address}`,
    `  unicast_peer { ${peers.join(' ')} }`,
    `  virtual_ipaddress { ${site.layout.entrance}/24 }`,
    ...(script === null ? [] : ['  track_script { balancer-answers }']),
    `  notify ${notify}`,
    '}',
    '',
  ].join('\n')
}

function checkScript(script: NonNullable<KeepalivedConfig['script']>): string[] {
  return [
    'vrrp_script balancer-answers {',
    // A socket file outlives a killed process; an open port does not.
    `  script "/bin/bash -c '</dev/tcp/127.0.0.1/${PORTS.api}'"`,
    `  interval ${Math.max(1, Math.round(script.interval / 1000))}`,
    `  timeout ${Math.max(1, Math.round(script.timeout / 1000))}`,
    `  fall ${script.fall}`,
    `  rise ${script.rise}`,
    `  weight ${script.weight}`,
    '}',
  ]
}
