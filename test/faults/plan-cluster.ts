import type { Ms } from '../../src/base/units.ts'
import { ms } from '../../src/base/units.ts'
import { Cluster, type ClusterListener } from '../../src/cluster/cluster.ts'
import { ControlPort } from '../../src/cluster/control.ts'
import { RandomStreams } from '../../src/engine/random.ts'
import { Simulation } from '../../src/engine/simulation.ts'
import { readModel } from '../../src/experiment/parse.ts'
import { readPlan } from '../../src/experiment/plan.ts'
import { FaultPlayer } from '../../src/faults/player.ts'
import { assertOk, readFrom } from '../experiment/files.ts'

const MODEL = `
zones: [a, b, c]
nodes: { server: { count: 3 }, balancer: { count: 2, zones: [a, b] } }
etcd: { on: server, version: "3.5", fsync: fixed(2ms), start: fixed(1s), stop: fixed(200ms) }
api-server: { on: server, start: fixed(5s) }
load-balancer: { on: balancer, kind: haproxy, address: { kind: keepalived } }
network: { within-zone: fixed(0.25ms), between-zones: fixed(0.5ms) }
`

const DEAF: ClusterListener = {
  settled: () => undefined,
  passesOver: () => false,
  etcdCampaigned: () => undefined,
  etcdElected: () => undefined,
  serverMarked: () => undefined,
  addressMoved: () => undefined,
  apiServerChanged: () => undefined,
}

/** Machines by their place: three servers, two balancers, the world outside. */
export const [S1, S2, S3, B1, B2, OUTSIDE] = [0, 1, 2, 3, 4, 5] as const

/** A cluster that plays a plan, and can be looked at in between. */
export class PlanCluster {
  readonly simulation = new Simulation(new RandomStreams('plan', 1))
  readonly cluster: Cluster
  /** What began (+) and ended (−), as told to whoever keeps the record. */
  readonly told: string[] = []

  constructor(...actions: readonly string[]) {
    const { model } = assertOk(readModel('model.yaml', MODEL, { readFile: readFrom() }))
    if (model.kind !== 'cluster') throw new Error('a cluster')
    this.cluster = new Cluster(this.simulation, model.cluster, true, DEAF)
    const control = new ControlPort(this.cluster)
    this.cluster.startEstablished()
    const listener = {
      faultBegan: (_: string, label: string) => this.told.push(`+ ${label}`),
      faultEnded: (_: string, label: string) => this.told.push(`- ${label}`),
    }
    if (actions.length === 0) return
    const text = ['plan: test', 'actions:', ...actions.map((action) => `  - ${action}`)].join('\n')
    const plan = assertOk(readPlan('plan.yaml', text))
    new FaultPlayer(this.simulation, this.cluster, control, listener).play(plan, ms(0))
  }

  /** Lets time pass until `seconds`. */
  at(seconds: number): this {
    this.simulation.run(ms(seconds * 1_000))
    return this
  }

  etcd(machine: number) {
    return this.cluster.etcd.members[machine]!
  }

  api(machine: number) {
    return this.cluster.apiServers[machine]!
  }

  balancer(machine: number) {
    return this.cluster.balancers[machine - B1]!
  }

  /** Machine of the etcd leader, or −1. */
  get leader(): number {
    const leader = this.cluster.etcd.leader()
    return leader === undefined ? -1 : leader.config.id - 1
  }

  /** Which directed links are cut, as `from>to`. */
  get cuts(): string[] {
    return this.links((from, to) => !this.cluster.network.reaches(from, to))
  }

  /** Which directed links are slower than they should be, by how much. */
  get delays(): { readonly [link: string]: number } {
    const plain = new PlanCluster().cluster.network
    const by = (from: number, to: number): Ms =>
      (this.cluster.network.meanDelay(from, to) - plain.meanDelay(from, to)) as Ms
    const links = this.links((from, to) => by(from, to) !== 0)
    return Object.fromEntries(links.map((link) => [link, by(Number(link[0]), Number(link[2]))]))
  }

  links(which: (from: number, to: number) => boolean): string[] {
    const found: string[] = []
    for (let from = 0; from <= OUTSIDE; from++) {
      for (let to = 0; to <= OUTSIDE; to++) if (from !== to && which(from, to)) found.push(`${from}>${to}`)
    }
    return found
  }
}
