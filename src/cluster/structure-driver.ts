import { listOf } from '../base/list.ts'
import { oncePer } from '../base/once-per.ts'
import type { Simulation } from '../engine/simulation.ts'
import type { ChangeReason } from '../structure/change.ts'
import type { PartSystem } from '../structure/part-system.ts'
import type { PartListener } from '../structure/published.ts'
import type { Cluster } from './cluster.ts'
import type { ClusterConfig } from './config.ts'
import { type ControlPort, PROCESS_KINDS } from './control.ts'
import type { FaultListener } from './fault-listener.ts'
import { type PartMeaning, partsOf } from './parts.ts'

/** Turns what happens to parts into what happens to the cluster: a machine that fails is switched off, and so on. */
export class StructureDriver implements PartListener {
  readonly #meanings: readonly PartMeaning[]
  readonly #cluster: Cluster
  readonly #control: ControlPort
  readonly #faults: FaultListener
  readonly #labels: readonly string[]
  readonly #up: boolean[]
  readonly #simulation: Simulation

  constructor(
    simulation: Simulation,
    meanings: readonly PartMeaning[],
    cluster: Cluster,
    control: ControlPort,
    faults: FaultListener,
  ) {
    this.#meanings = meanings
    this.#cluster = cluster
    this.#control = control
    this.#faults = faults
    this.#labels = labelsOf(cluster.config)
    this.#up = listOf(meanings.length, () => true)
    this.#simulation = simulation
  }

  /** Makes the cluster what the structure already is: some parts are down when a steady run begins. */
  begin(structure: PartSystem): void {
    const reason: ChangeReason = { kind: 'start', cause: '', graceful: false }
    for (let part = 0; part < this.#meanings.length; part++) {
      this.partChanged(part, structure.isUp(part), structure.isUsable(part), reason)
    }
  }

  /** @param up that it can be used: what needs its zone's power comes back with it */
  partChanged(part: number, _isUp: boolean, up: boolean, reason: ChangeReason): void {
    if (this.#up[part] === up) return
    this.#up[part] = up
    const meaning = this.#meanings[part]!
    const kind = this.#kind(meaning, reason)
    const label = this.#labels[part]!
    if (up) this.#faults.faultEnded(kind, label)
    else this.#faults.faultBegan(kind, label)
    this.#apply(meaning, up, reason, label)
  }

  #apply(meaning: PartMeaning, up: boolean, reason: ChangeReason, label: string): void {
    const control = this.#control
    switch (meaning.kind) {
      case 'machine':
        if (up) control.machineUp(meaning.machine)
        else control.machineDown(meaning.machine, this.#isGraceful(meaning.graceful, reason, label))
        return
      case 'process':
        if (up) control.processUp(meaning.process, meaning.machine)
        else control.processDown(meaning.process, meaning.machine, this.#isGraceful(meaning.graceful, reason, label))
        return
      case 'zone':
        this.#cutZone(meaning.zone, up)
        return
      case 'link':
        control.cutBetween([meaning.machine], control.others([meaning.machine]), up ? -1 : 1)
        return
      case 'disk-stall':
        control.stallDisk(meaning.machine, up ? -1 : 1)
        return
      case 'disk-loss':
        if (up) control.replaceDisk(meaning.machine)
        else control.loseDisk(meaning.machine)
        return
      case 'change':
        this.#change(meaning.hits, up)
        return
    }
  }

  #cutZone(zone: string, up: boolean): void {
    const { nodes } = this.#cluster.config
    const machines = [...nodes.keys()].filter((machine) => nodes[machine]!.zone === zone)
    this.#control.cutBetween(machines, this.#control.others(machines), up ? -1 : 1)
  }

  #change(hits: 'api-servers' | 'cluster', up: boolean): void {
    const { apiServer, etcd } = this.#cluster.config
    for (const kind of PROCESS_KINDS) {
      const machines =
        kind === 'api-server' ? (apiServer?.nodes ?? []) : kind === 'etcd' && hits === 'cluster' ? etcd.nodes : []
      for (const machine of machines) {
        if (up) this.#control.processUp(kind, machine)
        else this.#control.processDown(kind, machine, false)
      }
    }
  }

  /** Maintenance is announced; of other losses a share is. */
  #isGraceful(share: number, reason: ChangeReason, label: string): boolean {
    if (reason.graceful) return true
    return share > 0 && this.#simulation.streams.stream(`graceful/${label}`).next() < share
  }

  #kind(meaning: PartMeaning, reason: ChangeReason): string {
    if (meaning.kind !== 'machine')
      return meaning.kind === 'process' ? `${meaning.process} process` : KINDS[meaning.kind]
    return reason.kind === 'common-cause' ? 'common cause' : reason.kind === 'maintenance' ? 'maintenance' : 'node'
  }
}

/** Kinds of faults as results call them. */
const KINDS = {
  zone: 'zone',
  link: 'link',
  'disk-stall': 'disk stall',
  'disk-loss': 'disk loss',
  change: 'change',
} as const

/** What each part is called in a list of what is wrong; every replication of a configuration uses the same. */
const labelsOf = oncePer((config: ClusterConfig): readonly string[] =>
  partsOf(config).meanings.map((meaning) => labelOf(meaning, config)),
)

function labelOf(meaning: PartMeaning, { nodes }: ClusterConfig): string {
  switch (meaning.kind) {
    case 'machine':
      return `node ${nodes[meaning.machine]!.name}`
    case 'zone':
      return `zone ${meaning.zone}`
    case 'process':
      return `${meaning.process} on ${nodes[meaning.machine]!.name}`
    case 'link':
      return `link of ${nodes[meaning.machine]!.name}`
    case 'disk-stall':
      return `stalled disk of ${nodes[meaning.machine]!.name}`
    case 'disk-loss':
      return `lost disk of ${nodes[meaning.machine]!.name}`
    case 'change':
      return 'change'
  }
}
