import { oncePer } from '../base/once-per.ts'
import type { Distribution } from '../engine/distribution.ts'
import type { CommonCause, Condition, Maintenance, PartGroup, PartModel, PartService } from '../structure/model.ts'
import type { ClusterConfig, FailureProcess } from './config.ts'
import type { ProcessKind } from './control.ts'

/** What a part of a cluster's structure stands for. Machines are node indices. */
export type PartMeaning =
  | { readonly kind: 'machine'; readonly machine: number; readonly graceful: number }
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'process'; readonly process: ProcessKind; readonly machine: number; readonly graceful: number }
  | { readonly kind: 'link'; readonly machine: number }
  | { readonly kind: 'disk-stall'; readonly machine: number }
  | { readonly kind: 'disk-loss'; readonly machine: number }
  | { readonly kind: 'change'; readonly hits: 'api-servers' | 'cluster' }

export interface ClusterParts {
  readonly model: PartModel
  /** By part index. */
  readonly meanings: readonly PartMeaning[]
  /** Services of the model that read etcd and the API from parts alone; `api` −1 where there are no API servers. */
  readonly services: { readonly etcd: number; readonly api: number }
}

/** Parts of one kind, before they are numbered. */
interface Draft {
  readonly group: Omit<PartGroup, 'needs' | 'count'>
  readonly members: readonly PartMeaning[]
  readonly needs: readonly (Condition | null)[]
}

/**
 * The structure of a cluster: which of its machines, zones, links, disks and processes can fail, as a part model. What
 * the protocol level makes of it is not known here; the services say what would be available if every component
 * noticed and reacted at once.
 */
export const partsOf: (config: ClusterConfig) => ClusterParts = oncePer(deriveParts)

/** What a service of a cluster comes to from parts alone: a service of its structure; undefined where it has none. */
export function readingOf({ model, services }: ClusterParts, service: string): PartService | undefined {
  return model.services[service === 'etcd' ? services.etcd : services.api]
}

function deriveParts(config: ClusterConfig): ClusterParts {
  const { failures } = config
  const drafts: Draft[] = []
  const zones = new Map<string, Condition>()
  let count = 0
  const add = (draft: Draft): number => {
    if (draft.members.length === 0) return -1
    drafts.push(draft)
    const first = count
    count += draft.members.length
    return first
  }
  if (failures.zone !== null) {
    const members = config.zones.map((zone): PartMeaning => ({ kind: 'zone', zone }))
    const first = add(independent('zone', failures.zone, members))
    config.zones.forEach((zone, index) => {
      zones.set(zone, part(first + index))
    })
  }
  const machines = addMachines(config, zones, add)
  const own = addOwnParts(config, add)
  const change =
    failures.change === null
      ? -1
      : add(independent('human change', failures.change, [{ kind: 'change', hits: failures.change.hits }]))
  const runs = (machine: number, kinds: readonly (keyof OwnParts)[]): Condition => ({
    kind: 'all',
    of: [part(machines[machine]!), ...kinds.flatMap((kind) => ownPart(own[kind], machine))],
  })
  const meanings = drafts.flatMap((draft) => draft.members)
  const model: PartModel = {
    groups: drafts.map((draft) => ({ ...draft.group, count: draft.members.length, needs: draft.needs })),
    crews: [],
    commonCauses: commonCauses(config, drafts),
    maintenance: maintenance(config, drafts),
    roles: [],
    services: serviceConditions(config, { runs, zones, change }),
  }
  return { model, meanings, services: { etcd: 0, api: config.apiServer === null ? -1 : 1 } }
}

interface OwnParts {
  readonly etcd: ReadonlyMap<number, number>
  readonly apiServer: ReadonlyMap<number, number>
  readonly balancer: ReadonlyMap<number, number>
  readonly link: ReadonlyMap<number, number>
  readonly diskLoss: ReadonlyMap<number, number>
}

type Add = (draft: Draft) => number

/** One part group per node group, so that machine `control-plane-2` is part `control-plane-2`. */
function addMachines(config: ClusterConfig, zones: ReadonlyMap<string, Condition>, add: Add): number[] {
  const { failures } = config
  const parts = new Array<number>(config.nodes.length).fill(-1)
  for (const name of new Set(config.nodes.map((node) => node.group))) {
    const machines = [...config.nodes.keys()].filter((machine) => config.nodes[machine]!.group === name)
    const process = failures.node[name] ?? null
    const graceful = process?.graceful ?? 0
    const first = add({
      group: {
        name,
        every: process?.every ?? null,
        modes: process?.modes ?? [],
        ages: 'always',
        // A machine that never fails by itself has no repair either: it is off with its zone, and back with it.
        onLoss: process === null ? 'unreachable' : (failures.zone?.onLoss ?? 'unreachable'),
      },
      members: machines.map((machine) => ({ kind: 'machine', machine, graceful })),
      // In a zone that is merely cut off machines run on.
      needs: machines.map((machine) =>
        failures.zone?.onLoss === 'crash' ? (zones.get(config.nodes[machine]!.zone) ?? null) : null,
      ),
    })
    machines.forEach((machine, index) => {
      parts[machine] = first + index
    })
  }
  return parts
}

function addOwnParts(config: ClusterConfig, add: Add): OwnParts {
  const { failures, etcd } = config
  const each = (
    name: string,
    process: FailureProcess | null,
    machines: readonly number[],
    meaning: (machine: number, graceful: number) => PartMeaning,
  ): Map<number, number> => {
    if (process === null) return new Map()
    const first = add(
      independent(
        name,
        process,
        machines.map((machine) => meaning(machine, process.graceful)),
      ),
    )
    return new Map(machines.map((machine, index) => [machine, first + index]))
  }
  const processOf =
    (process: ProcessKind) =>
    (machine: number, graceful: number): PartMeaning => ({ kind: 'process', process, machine, graceful })
  const all = [...config.nodes.keys()]
  each('disk stall', failures.diskStall, etcd.nodes, (machine) => ({ kind: 'disk-stall', machine }))
  return {
    etcd: each('etcd', failures.etcdProcess, etcd.nodes, processOf('etcd')),
    apiServer: each('api-server', failures.apiServerProcess, config.apiServer?.nodes ?? [], processOf('api-server')),
    balancer: each(
      'balancer process',
      failures.balancerProcess,
      config.loadBalancer?.nodes ?? [],
      processOf('balancer'),
    ),
    link: each('link', failures.link, all, (machine) => ({ kind: 'link', machine })),
    diskLoss: each('disk loss', failures.diskLoss, etcd.nodes, (machine) => ({ kind: 'disk-loss', machine })),
  }
}

/** What services are made of. */
interface Makings {
  /** That a machine runs, and what of it is named. */
  readonly runs: (machine: number, kinds: readonly (keyof OwnParts)[]) => Condition
  /** That a zone is there and can be reached; none: zones do not fail. */
  readonly zones: ReadonlyMap<string, Condition>
  /** The part that is a change; −1: there are none. */
  readonly change: number
}

function serviceConditions(config: ClusterConfig, { runs, zones, change }: Makings): PartModel['services'] {
  const { etcd, apiServer, loadBalancer, failures } = config
  const breaks = (what: 'api-servers' | 'cluster'): Condition[] =>
    change !== -1 && (what === 'api-servers' || failures.change?.hits === 'cluster') ? [part(change)] : []
  const usable = (machine: number, kinds: readonly (keyof OwnParts)[]): Condition => {
    const zone = zones.get(config.nodes[machine]!.zone)
    const here = runs(machine, [...kinds, 'link'])
    return zone === undefined ? here : { kind: 'all', of: [here, zone] }
  }
  const majority = Math.floor(etcd.nodes.length / 2) + 1
  const members = etcd.nodes.map((machine) => usable(machine, ['etcd', 'diskLoss']))
  const quorum: Condition = { kind: 'at-least', count: majority, of: members }
  const apart = quorumsApart(config, majority, runs)
  const etcdHolds: Condition = { kind: 'all', of: [anyOf([quorum, ...apart]), ...breaks('cluster')] }
  const services = [{ name: 'etcd', condition: etcdHolds }]
  if (apiServer === null) return services
  const servers = apiServer.nodes.map((machine): Condition => {
    const local = apiServer.etcd === 'local'
    return usable(machine, local ? ['apiServer', 'etcd', 'diskLoss'] : ['apiServer'])
  })
  const balancers = loadBalancer?.nodes.map((machine) => usable(machine, ['balancer'])) ?? []
  // Without an address over them the clients know the first balancer only.
  const entrances = loadBalancer?.address === null ? balancers.slice(0, 1) : balancers
  // A quorum that clients cannot reach is none to them.
  const answers: Condition = apart.length === 0 ? { kind: 'service', service: 0 } : quorum
  const all: Condition[] = [answers, { kind: 'any', of: servers }, ...breaks('api-servers')]
  if (entrances.length > 0) all.push({ kind: 'any', of: entrances })
  services.push({ name: 'api', condition: { kind: 'all', of: all } })
  return services
}

/**
 * Majorities that stand although they are cut off from everybody else: in one zone, or on the one machine that is all.
 */
function quorumsApart({ etcd, nodes, failures }: ClusterConfig, majority: number, runs: Makings['runs']): Condition[] {
  const kinds: readonly (keyof OwnParts)[] = ['etcd', 'diskLoss']
  if (etcd.nodes.length === 1) return [runs(etcd.nodes[0]!, kinds)]
  if (failures.zone === null) return []
  return [...new Set(etcd.nodes.map((machine) => nodes[machine]!.zone))].flatMap((zone): Condition[] => {
    const within = etcd.nodes.filter((machine) => nodes[machine]!.zone === zone)
    if (within.length < majority) return []
    return [{ kind: 'at-least', count: majority, of: within.map((machine) => runs(machine, [...kinds, 'link'])) }]
  })
}

function anyOf(of: readonly Condition[]): Condition {
  return of.length === 1 ? of[0]! : { kind: 'any', of }
}

function commonCauses(config: ClusterConfig, drafts: readonly Draft[]): CommonCause[] {
  const { commonCause } = config.failures
  const group = drafts.findIndex((draft) => draft.group.name === controlPlane(config))
  if (commonCause === null || group === -1 || drafts[group]!.group.every === null) return []
  return [{ name: 'common cause', group, ...commonCause }]
}

function maintenance(config: ClusterConfig, drafts: readonly Draft[]): Maintenance[] {
  const calendar = config.failures.maintenance
  const group = drafts.findIndex((draft) => draft.group.name === controlPlane(config))
  return calendar === null || group === -1 ? [] : [{ name: 'maintenance', group, ...calendar }]
}

/** The node group that carries the API servers, or, without any, etcd. */
function controlPlane(config: ClusterConfig): string {
  return config.nodes[(config.apiServer?.nodes ?? config.etcd.nodes)[0]!]!.group
}

function independent(
  name: string,
  process: { readonly every: Distribution; readonly modes: PartGroup['modes'] },
  members: readonly PartMeaning[],
): Draft {
  const group = { name, every: process.every, modes: process.modes, ages: 'always', onLoss: 'unreachable' } as const
  return { group, members, needs: members.map(() => null) }
}

function ownPart(parts: ReadonlyMap<number, number>, machine: number): Condition[] {
  const index = parts.get(machine)
  return index === undefined ? [] : [part(index)]
}

function part(index: number): Condition {
  return { kind: 'part', part: index }
}
