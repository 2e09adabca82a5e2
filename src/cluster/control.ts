import { listOf } from '../base/list.ts'
import { type Ms, ms } from '../base/units.ts'
import type { EtcdMember } from '../components/etcd/member.ts'
import { refill } from '../components/etcd/refill.ts'
import type { Sampler } from '../engine/distribution.ts'
import type { Random } from '../engine/random.ts'
import type { Cluster } from './cluster.ts'
import { DownCounts } from './down-counts.ts'
import { type Placement, placementsOf } from './placement.ts'
import { samplerFor } from './settings.ts'

export const PROCESS_KINDS = ['etcd', 'api-server', 'balancer'] as const
export type ProcessKind = (typeof PROCESS_KINDS)[number]

type ControlEvent =
  | { readonly kind: 'silent'; readonly machine: number }
  | { readonly kind: 'replace'; readonly member: number }
  /** A balancer process that was started takes connections; one that was ended since then is of another generation. */
  | { readonly kind: 'balancer'; readonly router: number; readonly generation: number }

/** An empty etcd member asks this often whether there is a leader to send it a snapshot (member add retries). */
const REPLACE_RETRY = ms(1_000)

/**
 * The `control` port: what can be done to a cluster from outside. Every fault has its undoing, and both are counted:
 * a process runs when its machine does and nobody holds it down.
 */
export class ControlPort {
  readonly #cluster: Cluster
  readonly #placements: readonly Placement[]
  readonly #machines: DownCounts
  readonly #held: { readonly [kind in ProcessKind]: DownCounts }
  /** A disk may be lost again while its member still waits to be filled. */
  readonly #lostDisks: DownCounts
  readonly #balancerStart: Sampler | undefined
  /** How long each balancer process takes to start. */
  readonly #startStreams: readonly Random[]
  /** Starts and ends of each balancer process. */
  readonly #balancerGenerations: number[]

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#placements = placementsOf(cluster.config)
    const { length } = cluster.config.nodes
    this.#machines = new DownCounts(length)
    this.#held = {
      etcd: new DownCounts(length),
      'api-server': new DownCounts(length),
      balancer: new DownCounts(length),
    }
    this.#lostDisks = new DownCounts(length)
    const balancer = cluster.config.loadBalancer
    this.#balancerStart = balancer === null ? undefined : samplerFor(balancer.processStart)
    const { streams } = cluster.simulation
    this.#startStreams = listOf(cluster.balancers.length, (router) => streams.stream(`balancer/${router}/start`))
    this.#balancerGenerations = listOf(cluster.balancers.length, () => 0)
  }

  /** A machine loses power, or shuts down in good order (its processes get SIGTERM first). */
  machineDown(machine: number, graceful: boolean): void {
    if (!this.#machines.change(machine, 1)) return
    for (const kind of PROCESS_KINDS) this.#endProcess(kind, machine, graceful)
    this.#leaveAddress(machine, graceful)
    if (graceful) {
      // What it refuses now breaks connections in good order; only then is it silent.
      this.#cluster.unsettleMachine(machine)
      this.#cluster.simulation.schedule(ms(0), this, { kind: 'silent', machine })
    } else this.#cluster.answering[machine] = false
    this.#cluster.unsettleMachine(machine)
  }

  /** A machine has booted: its processes start. */
  machineUp(machine: number): void {
    if (!this.#machines.change(machine, -1)) return
    this.#cluster.answering[machine] = true
    for (const kind of PROCESS_KINDS) this.#beginProcess(kind, machine)
    const router = this.#router(machine)
    if (router !== -1) this.#cluster.keepalived?.start(router)
    this.#cluster.unsettleMachine(machine)
  }

  /** A process is killed (or, graceful, stopped) and held down until {@link processUp}. */
  processDown(kind: ProcessKind, machine: number, graceful: boolean): void {
    if (this.#held[kind].change(machine, 1)) this.#endProcess(kind, machine, graceful)
    this.#unsettleBy(kind)
  }

  processUp(kind: ProcessKind, machine: number): void {
    if (this.#held[kind].change(machine, -1)) this.#beginProcess(kind, machine)
    this.#unsettleBy(kind)
  }

  /** SIGSTOP and SIGCONT. A frozen balancer's kernel accepts and nothing moves: as if it were gone. */
  pause(kind: ProcessKind, machine: number): void {
    this.#cluster.etcd.disturb()
    if (kind === 'etcd') this.#member(machine)?.pause()
    else if (kind === 'api-server') this.#apiServer(machine)?.pause()
    else this.processDown(kind, machine, false)
    this.#cluster.unsettle()
  }

  resume(kind: ProcessKind, machine: number): void {
    this.#cluster.etcd.disturb()
    if (kind === 'etcd') this.#resumeMember(this.#member(machine))
    else if (kind === 'api-server') this.#apiServer(machine)?.resume()
    else this.processUp(kind, machine)
    this.#cluster.unsettle()
  }

  #resumeMember(member: EtcdMember | undefined): void {
    if (member !== undefined) this.#cluster.etcd.resume(member)
  }

  /** Cuts (1) or restores (−1) what is sent from one endpoint to another. */
  cut(from: number, to: number, by: 1 | -1): void {
    this.#cluster.etcd.disturb()
    this.#cluster.network.cut(from, to, by)
    this.#cluster.unsettle()
  }

  /** Cuts or restores both directions between two sets of endpoints. */
  cutBetween(some: readonly number[], others: readonly number[], by: 1 | -1): void {
    for (const a of some) {
      for (const b of others) {
        if (a === b) continue
        this.cut(a, b, by)
        this.cut(b, a, by)
      }
    }
  }

  /** Everyone but these endpoints; the world outside is one of them. */
  others(machines: readonly number[]): number[] {
    const all = Array.from({ length: this.#cluster.outside + 1 }, (_, endpoint) => endpoint)
    return all.filter((endpoint) => !machines.includes(endpoint))
  }

  slowLink(from: number, to: number, by: Ms): void {
    this.#cluster.etcd.disturb()
    this.#cluster.network.slow(from, to, by, this.#cluster.simulation.now)
    this.#cluster.unsettle()
  }

  /** Loses a share of the messages on a link (1) or takes that loss back (−1). */
  loseOnLink(from: number, to: number, share: number, by: 1 | -1): void {
    this.#cluster.etcd.disturb()
    this.#cluster.network.lose(from, to, share, by)
    this.#cluster.unsettle()
  }

  /** The disk under a member's log answers nothing (1) until released (−1). */
  stallDisk(machine: number, by: 1 | -1): void {
    const member = this.#member(machine)
    if (member !== undefined) this.#cluster.etcd.stallDisk(member, by)
    this.#cluster.unsettleEtcd()
  }

  slowDisk(machine: number, by: Ms): void {
    this.#cluster.etcd.disturb()
    this.#member(machine)?.disk.slow(by)
    this.#cluster.unsettleEtcd()
  }

  /** A member's data are gone; it stays away until {@link replaceDisk}. */
  loseDisk(machine: number): void {
    this.#lostDisks.change(machine, 1)
    this.processDown('etcd', machine, false)
  }

  /** A new disk: the member comes back empty and is filled from the leader, as soon as there is one. */
  replaceDisk(machine: number): void {
    const { member } = this.#placements[machine]!
    if (member !== -1) this.handle({ kind: 'replace', member })
  }

  handle(event: ControlEvent): void {
    if (event.kind === 'balancer') {
      if (this.#balancerGenerations[event.router] === event.generation) this.#balancerUp(event.router)
      return
    }
    if (event.kind === 'silent') {
      this.#cluster.answering[event.machine] = this.#machines.up(event.machine)
      this.#cluster.unsettleMachine(event.machine)
      return
    }
    const machine = this.#cluster.config.etcd.nodes[event.member]!
    this.#cluster.etcd.disturb()
    const { nodes } = this.#cluster.config.etcd
    const lost = [...nodes.keys()].filter((member) => !this.#lostDisks.up(nodes[member]!))
    // Of several losses the last one's replacement is filled.
    if (this.#lostDisks.hasOne(machine) && !refill(this.#cluster.etcd, event.member, lost)) {
      this.#cluster.etcd.expectDisturbance(event.member, this.#cluster.simulation.now + REPLACE_RETRY)
      this.#cluster.simulation.schedule(REPLACE_RETRY, this, event)
      return
    }
    this.#lostDisks.change(machine, -1)
    this.processUp('etcd', machine)
  }

  #endProcess(kind: ProcessKind, machine: number, graceful: boolean): void {
    if (kind === 'etcd') {
      const member = this.#member(machine)
      if (member === undefined) return
      if (graceful) this.#cluster.etcd.stop(member)
      else this.#cluster.etcd.crash(member)
    } else if (kind === 'api-server') this.#apiServer(machine)?.crash()
    else {
      const router = this.#router(machine)
      if (router === -1) return
      this.#balancerGenerations[router]!++
      this.#cluster.balancers[router]!.crash()
      this.#cluster.balancerRestarted(router)
    }
  }

  #beginProcess(kind: ProcessKind, machine: number): void {
    if (!this.#machines.up(machine) || !this.#held[kind].up(machine)) return
    if (kind === 'etcd') this.#member(machine)?.startWhenDown()
    else if (kind === 'api-server') this.#apiServer(machine)?.start()
    else {
      const router = this.#router(machine)
      if (router === -1) return
      const generation = ++this.#balancerGenerations[router]!
      const takes = ms(this.#balancerStart!(this.#startStreams[router]!))
      if (takes === 0) this.#balancerUp(router)
      else this.#cluster.simulation.schedule(takes, this, { kind: 'balancer', router, generation })
    }
  }

  #balancerUp(router: number): void {
    this.#cluster.balancers[router]!.start()
    this.#cluster.balancerRestarted(router)
    this.#unsettleBy('balancer')
  }

  /** API servers tell themselves what happens to them. */
  #unsettleBy(kind: ProcessKind): void {
    if (kind === 'etcd') this.#cluster.unsettleEtcd()
    else this.#cluster.unsettleAddress()
  }

  /** keepalived runs beside the balancer and ends with its machine. */
  #leaveAddress(machine: number, graceful: boolean): void {
    const router = this.#router(machine)
    if (router !== -1) this.#cluster.keepalived?.leave(router, graceful)
  }

  #member(machine: number): EtcdMember | undefined {
    const { member } = this.#placements[machine]!
    return member === -1 ? undefined : this.#cluster.etcd.members[member]
  }

  #apiServer(machine: number) {
    const { server } = this.#placements[machine]!
    return server === -1 ? undefined : this.#cluster.apiServers[server]
  }

  #router(machine: number): number {
    return this.#placements[machine]!.balancer
  }
}
