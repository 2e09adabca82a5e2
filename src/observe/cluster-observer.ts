import { assert } from '../base/assert.ts'
import { listOf } from '../base/list.ts'
import { type Ms, ms } from '../base/units.ts'
import type { Cluster, ClusterListener } from '../cluster/cluster.ts'
import type { Simulation } from '../engine/simulation.ts'
import type { MemberAnswer } from '../protocol/etcd-client.ts'
import type { PartSystem } from '../structure/part-system.ts'
import { livesOfRepairs } from '../structure/system-scores.ts'
import { BeyondScores } from './beyond-scores.ts'
import { FaultLog } from './fault-log.ts'
import { throughRatio } from './loss-scores.ts'
import { apiMechanism, etcdMechanism } from './mechanism.ts'
import { OutageRecorder } from './outage-recorder.ts'
import type { ServiceSample, WorstOutage } from './sample-types.ts'
import { type Accuser, ServiceProbe } from './service-probe.ts'
import { StructureReading } from './structure-reading.ts'
import { Transitions } from './transitions.ts'

/** The services of a control plane that can be judged. */
const CLUSTER_SERVICES = ['etcd', 'write', 'read'] as const
export type ClusterService = (typeof CLUSTER_SERVICES)[number]

export interface WatchedService {
  readonly name: string
  /** A request succeeds when it is answered within this long (ms). */
  readonly deadline: number
}

interface Watch {
  readonly service: ClusterService
  readonly probe: ServiceProbe
  readonly recorder: OutageRecorder
  readonly answers: MemberAnswer[]
  readonly deadline: number
  readonly structure: StructureReading
  /** Scores of what is lost beyond that; null: none are kept. */
  readonly beyond: BeyondScores | null
  readonly accuser: Accuser
}

/** Stands outside the cluster and watches: services, outages, transitions. The cluster knows nothing of it but its calls. */
export class ClusterObserver implements ClusterListener {
  readonly faults: FaultLog
  readonly #simulation: Simulation
  readonly #services: readonly WatchedService[]
  readonly #run: { readonly horizon: number; readonly at: readonly number[]; readonly from: Ms }
  readonly #structural: { readonly etcd: number; readonly api: number }
  /** One per service, from {@link watch} on. */
  #watches: readonly Watch[] = []
  readonly #transitions: Transitions
  readonly #horizon: { readonly from: Ms; readonly end: Ms }
  #cluster: Cluster | undefined
  #structure: PartSystem | undefined
  #all = new Float64Array(0)
  #termAtFault = 0
  #electedSinceFault = false
  #holder = -1
  /** Per API server: whether its health check would have been answered well, when it last changed. */
  readonly #ready: (boolean | undefined)[] = []

  constructor(
    simulation: Simulation,
    services: readonly WatchedService[],
    run: { readonly horizon: number; readonly at: readonly number[]; readonly from: Ms },
    structural: { readonly etcd: number; readonly api: number },
  ) {
    this.#simulation = simulation
    this.#horizon = { from: run.from, end: ms(run.from + run.horizon) }
    this.#transitions = new Transitions(run.from)
    this.faults = new FaultLog((begins) => this.#faultChanged(begins))
    this.#services = services
    this.#run = run
    this.#structural = structural
  }

  /** Begins to watch; everything is up at this moment. */
  watch(cluster: Cluster, structure: PartSystem): void {
    this.#cluster = cluster
    this.#structure = structure
    const members = cluster.etcd.members.length
    this.#all = new Float64Array(members).fill(1)
    this.#holder = cluster.keepalived?.holder ?? -1
    this.#watches = listOf(this.#services.length, (index) => this.#makeWatch(index, cluster, structure))
  }

  settled(onlyWays: boolean): void {
    const cluster = this.#cluster
    if (cluster === undefined) return
    const { now } = this.#simulation
    const requests = cluster.requestShares()
    let answered = false
    const awaited = this.#electedSinceFault
    for (const watch of this.#watches) {
      if (!onlyWays) this.#ask(cluster, watch)
      if (awaited && watch.answers.includes('ok')) answered = true
      const shares = watch.service === 'etcd' ? this.#all : requests
      watch.probe.update(now, watch.answers, cluster.etcd.highestTermLed, shares, watch.accuser)
      watch.structure.update(now, this.#structure!)
    }
    if (answered) {
      this.#electedSinceFault = false
      this.#transitions.happened('etcd.recovered', now)
    }
  }

  /** To a client that may ask any member it is all one, as long as another one answers. What is decided by now is entered. */
  passesOver(): boolean {
    const cluster = this.#cluster
    if (cluster === undefined) return false
    for (const { service, deadline } of this.#watches) {
      if (service !== 'etcd' || !cluster.answers.areNear(deadline)) return false
    }
    const { now } = this.#simulation
    for (const { probe, deadline, structure } of this.#watches) {
      if (probe.undecided) probe.settle((now - deadline) as Ms)
      structure.update(now, this.#structure!)
    }
    return true
  }

  etcdCampaigned(): void {
    this.#transitions.happened('etcd.detected', this.#simulation.now)
  }

  etcdElected(term: number): void {
    this.#electedSinceFault = true
    this.#transitions.happened('etcd.elected', this.#simulation.now)
    this.#transitions.happened('etcd.terms', this.#simulation.now, term - this.#termAtFault)
  }

  serverMarked(balancer: number, _server: number, up: boolean, since: Ms): void {
    const { now } = this.#simulation
    if (this.#cluster === undefined || balancer !== Math.max(0, this.#cluster.entrance())) return
    if (up) this.#transitions.took('lb.markedUp', since, now)
    else this.#transitions.happened('lb.markedDown', now)
  }

  addressMoved(): void {
    const holder = this.#cluster?.keepalived?.holder ?? -1
    if (holder !== -1 && holder !== this.#holder) this.#transitions.happened('address.moved', this.#simulation.now)
    if (holder !== -1) this.#holder = holder
  }

  apiServerChanged(server: number): void {
    const of = this.#cluster?.apiServers[server]
    if (of === undefined) return
    const answers = of.healthy && !of.paused
    if (answers && this.#ready[server] === false) this.#transitions.happened('api.ready', this.#simulation.now)
    this.#ready[server] = answers
  }

  get transitions(): { readonly [name: string]: readonly number[] } {
    return this.#transitions.samples
  }

  get longestDeadline(): number {
    return Math.max(...this.#watches.map((watch) => watch.deadline))
  }

  /** Whether an outage that began within the horizon still runs. */
  openOutage(): boolean {
    const { now } = this.#simulation
    for (const { probe, recorder, deadline } of this.#watches) {
      probe.settle((now - deadline) as Ms)
      if (recorder.openOutage()) return true
    }
    return false
  }

  /** What each service was like, in their order. */
  finish(): ServiceSample[] {
    const { now } = this.#simulation
    // The horizon itself need not lie on the grid of simulated time.
    const end = this.#run.from + this.#run.horizon
    return this.#watches.map(({ probe, recorder, deadline, structure, beyond }) => {
      const decided = (now - deadline) as Ms
      probe.settle(decided)
      const structureLostMs = structure.finish(this.#structure!)
      const sample = { ...recorder.finish(Math.max(decided, end) as Ms), structureLostMs }
      if (beyond === null) return sample
      const { products: beyondScores, partsProducts } = beyond
      const ofLives = livesOfRepairs(this.#structure!.model)
      return { ...sample, lostScores: throughRatio(ofLives, beyondScores, partsProducts), beyondScores }
    })
  }

  /** The longest outages of each service, one service after the other. */
  worst(): WorstOutage[] {
    const all: WorstOutage[] = []
    for (const { recorder } of this.#watches) for (const outage of recorder.worst()) all.push(outage)
    return all
  }

  #makeWatch(index: number, cluster: Cluster, { scores }: PartSystem): Watch {
    const { name, deadline } = this.#services[index]!
    const { horizon, at, from } = this.#run
    const service = name as ClusterService
    assert(CLUSTER_SERVICES.includes(service), `${name} is a service of a cluster`)
    const beyond = scores === null ? null : new BeyondScores(this.#simulation, scores)
    const recorder = new OutageRecorder({
      horizonMs: horizon,
      at,
      from,
      service: index,
      scores: beyond?.ofService,
    })
    const onEtcd = service === 'etcd'
    const members = cluster.etcd.members.length
    const answers = listOf(members, (): MemberAnswer => 'ok')
    const structural = onEtcd ? this.#structural.etcd : this.#structural.api
    return {
      service,
      recorder,
      deadline,
      structure: new StructureReading(structural, this.#horizon, beyond?.ofParts),
      beyond,
      answers,
      probe: new ServiceProbe(members, deadline, recorder, onEtcd ? anyMember : sumOfShares),
      accuser: {
        mechanism: () => (onEtcd ? etcdMechanism(cluster) : apiMechanism(cluster, answers)),
        cause: () => this.faults.lastKind,
        detail: () => this.faults.describe(),
      },
    }
  }

  #ask(cluster: Cluster, watch: Watch): void {
    const { members } = cluster.etcd
    const { answers, deadline } = watch
    const reads = watch.service === 'read'
    for (let member = 0; member < members.length; member++) {
      const asked = members[member]!
      answers[member] = reads ? cluster.answers.read(asked, deadline) : cluster.answers.write(asked, deadline)
    }
  }

  #faultChanged(begins: boolean): void {
    const { now } = this.#simulation
    if (begins) {
      this.#termAtFault = this.#cluster?.etcd.highestTermLed ?? 0
      this.#electedSinceFault = false
    }
    this.#transitions.origin(now, begins)
  }
}

/** `etcd`: a client that may ask any live member. */
function anyMember(_shares: Float64Array, succeeds: readonly boolean[]): number {
  return succeeds.includes(true) ? 1 : 0
}

function sumOfShares(shares: Float64Array, succeeds: readonly boolean[]): number {
  let sum = 0
  for (let member = 0; member < shares.length; member++) if (succeeds[member]) sum += shares[member]!
  return sum
}
