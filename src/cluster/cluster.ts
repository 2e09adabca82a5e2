import { listOf } from '../base/list.ts'
import { type Ms, ms } from '../base/units.ts'
import { ApiServer } from '../components/apiserver/api-server.ts'
import { type EndpointState, EtcdEndpoints } from '../components/apiserver/etcd-endpoints.ts'
import { ClientConnections, type PathState } from '../components/client/connections.ts'
import { EtcdAnswers } from '../components/etcd/answers.ts'
import { EtcdGroup } from '../components/etcd/group.ts'
import type { EtcdMember } from '../components/etcd/member.ts'
import { Balancer } from '../components/load-balancer/balancer.ts'
import { Keepalived } from '../components/load-balancer/keepalived.ts'
import type { Simulation } from '../engine/simulation.ts'
import { Network } from '../infra/network.ts'
import type { HealthAnswer } from '../protocol/http-health.ts'
import type { ClusterConfig } from './config.ts'
import { placementsOf } from './placement.ts'
import { attempt, spreadDirect, spreadNewConnections, spreadNowhere } from './routing.ts'
import {
  apiServerSettings,
  balancerSettings,
  endpointSettings,
  etcdSettings,
  keepalivedSettings,
  networkLayout,
} from './settings.ts'

/** What an outsider is told as it happens. */
export interface ClusterListener {
  /**
   * Something a client might notice may have changed; called once per instant, when all components agree again.
   * @param onlyWays nothing but which servers get connections, and where clients are connected
   */
  settled(onlyWays: boolean): void
  /**
   * A follower that its group does not need has crashed or is back, and nothing else sees it. @returns whether that may be
   * looked at with whatever happens next
   */
  passesOver(): boolean
  etcdCampaigned(): void
  etcdElected(term: number): void
  /** A balancer marked a server; `since`, for a mark UP: when the server began to answer its check again. */
  serverMarked(balancer: number, server: number, up: boolean, since: Ms): void
  addressMoved(): void
  apiServerChanged(server: number): void
}

/** Who leads, which balancer holds the address, and which share of the clients each server has, with everything up. */
export interface Standing {
  readonly leader: number
  readonly holder: number
  readonly shares: Float64Array
}

/**
 * A control plane in simulation: machines, network, etcd, API servers, balancers, address and clients, wired together.
 * Whatever happens to one of them marks the cluster as unsettled; at the end of that instant every component looks at
 * the others once more. Faults come in through {@link ControlPort}; what may be seen goes out through {@link FactsPort}.
 */
export class Cluster {
  readonly config: ClusterConfig
  readonly simulation: Simulation
  readonly network: Network
  /** Machines that answer on the network (a machine without power is silent, one that shuts down still refuses). */
  readonly answering: boolean[]
  readonly etcd: EtcdGroup
  readonly answers: EtcdAnswers
  readonly apiServers: readonly ApiServer[]
  readonly balancers: readonly Balancer[]
  readonly keepalived: Keepalived | undefined
  readonly clients: ClientConnections | undefined
  /** The clients' place in the network: outside every machine. */
  readonly outside: number
  /** Where each API server's machine is in the network. */
  readonly #serverEndpoints: readonly number[]
  readonly #endpoints: readonly EtcdEndpoints[]
  /** Per API server: how its connection to a member fares. */
  readonly #endpointStates: readonly ((member: number) => EndpointState)[]
  readonly #listener: ClusterListener
  readonly #newConnections: Float64Array
  readonly #paths: PathState[]
  /** Per balancer: how often its process ended or began. */
  readonly #incarnations: number[]
  /** Share of the clients' requests that reaches each etcd member, as last worked out. */
  readonly #requestShares: Float64Array
  /** Nothing but etcd and its clients. */
  readonly #isEtcdAlone: boolean
  #unsettled = false
  /** Whether etcd, its machines or links changed: what it answers, and how connections to it fare. */
  #etcdChanged = true
  /** Per API server: whether it changed by itself, or was connected to an etcd member. */
  readonly #serverChanged: boolean[]
  #someServerChanged = false
  #requestSharesChanged = true
  /** Whether anything but etcd and the connections to it changed: machines, links, servers, balancers. */
  #waysChanged = true
  /** Whether what decides about the address changed: machines, links, balancers. */
  #addressChanged = true
  /** Per API server: whether what a balancer's check meets there may have changed. */
  readonly #healthChanged: boolean[]

  constructor(simulation: Simulation, config: ClusterConfig, skip: boolean, listener: ClusterListener) {
    this.simulation = simulation
    this.config = config
    this.#listener = listener
    this.outside = config.nodes.length
    const { streams } = simulation
    this.network = new Network(networkLayout(config), streams.stream('network/latency'), streams.stream('network/loss'))
    this.answering = listOf(config.nodes.length, () => true)
    this.etcd = new EtcdGroup(simulation, this.network, etcdSettings(config, skip), {
      etcdChanged: () => this.unsettleEtcd(),
      etcdCampaigned: () => listener.etcdCampaigned(),
      etcdElected: (term) => listener.etcdElected(term),
    })
    this.answers = new EtcdAnswers(this.etcd, this.network)
    this.#serverEndpoints = config.apiServer?.nodes ?? []
    const servers = this.#serverEndpoints.length
    this.#requestShares = new Float64Array(this.etcd.members.length)
    this.#serverChanged = listOf(servers, () => false)
    this.#healthChanged = listOf(servers, () => true)
    this.apiServers = listOf(servers, (index) => this.#makeApiServer(index))
    this.#endpoints = listOf(servers, (index) => this.#makeEndpoints(index))
    this.#endpointStates = listOf(servers, (index) => (member: number) => this.#endpointState(index, member))
    const balancers = balancerSettings(config, skip)
    this.balancers = listOf(balancers.length, (index) => this.#makeBalancer(balancers[index]!))
    this.#incarnations = listOf(balancers.length, () => 0)
    const vrrp = keepalivedSettings(config)
    this.keepalived = vrrp === undefined ? undefined : this.#makeKeepalived(vrrp)
    this.#isEtcdAlone = servers === 0 && this.balancers.length === 0
    this.#newConnections = new Float64Array(servers)
    this.#paths = listOf(servers, (): PathState => 'silent')
    this.clients = servers === 0 ? undefined : this.#makeClients(servers)
  }

  /**
   * Begins in the middle of life: everything is up, a leader is elected, every timer has a random phase.
   * @param as who leads, who holds the address, where the clients are. Default: by chance, by priority, everywhere alike
   */
  startEstablished(as?: Standing): void {
    this.etcd.startEstablished(as?.leader)
    for (const server of this.apiServers) server.startEstablished()
    for (const balancer of this.balancers) balancer.startEstablished()
    this.keepalived?.startEstablished(as?.holder)
    if (as !== undefined) this.clients?.place(as.shares)
    this.unsettle()
  }

  /** Plans a look round at the end of this instant, at everything. */
  unsettle(): void {
    this.#healthChanged.fill(true)
    this.unsettleEtcd()
    this.unsettleAddress()
  }

  /** As {@link unsettle}, after a machine went or came: at what sees something of that one. */
  unsettleMachine(machine: number): void {
    const { member, server } = placementsOf(this.config)[machine]!
    if (server !== -1) this.#healthChanged[server] = true
    if (member !== -1) this.unsettleEtcd()
    if (!this.#isEtcdAlone) this.unsettleAddress()
  }

  /** As {@link unsettle}, after something that only balancers, the address and clients have to do with. */
  unsettleAddress(): void {
    this.#addressChanged = true
    this.#unsettleWays()
  }

  #unsettleServer(server: number): void {
    this.#serverChanged[server] = true
    this.#someServerChanged = true
    this.#planLook()
  }

  #unsettleWays(): void {
    this.#waysChanged = true
    this.#planLook()
  }

  /** As {@link unsettle}, after something that only etcd and the API servers see. */
  unsettleEtcd(): void {
    this.#etcdChanged = true
    this.answers.forget()
    if (!this.#isEtcdAlone || !this.etcd.sleepsPlainly || !this.#listener.passesOver()) this.#planLook()
  }

  #planLook(): void {
    if (this.#unsettled) return
    this.#unsettled = true
    this.simulation.schedule(INSTANT, this, undefined)
  }

  /** Every component sees the others as they are now. */
  handle(): void {
    this.#unsettled = false
    const onlyWays = !this.answers.mayDiffer() && !this.#etcdChanged
    this.#etcdChanged = false
    this.answers.standStill(true)
    if (!onlyWays || this.#someServerChanged) this.#reconcileServers(!onlyWays)
    // Most changes are etcd's alone. What they mean to the API servers has just been told: the rest sees these only.
    if (this.#waysChanged) this.#reconcileWays()
    this.#listener.settled(onlyWays)
    this.answers.standStill(false)
  }

  /** @param all whether etcd changed, which concerns every server; otherwise those that changed themselves look at it */
  #reconcileServers(all: boolean): void {
    this.#someServerChanged = false
    for (let server = 0; server < this.apiServers.length; server++) {
      const changed = this.#serverChanged[server]!
      if (!all && !changed) continue
      this.#serverChanged[server] = false
      const moved = all && this.#endpoints[server]!.reconcile(this.#endpointStates[server]!)
      if (changed || moved) this.#requestSharesChanged = true
      this.apiServers[server]!.reconcile()
    }
  }

  #reconcileWays(): void {
    this.#waysChanged = false
    this.#requestSharesChanged = true
    this.#tellBalancers()
    if (this.#addressChanged) {
      this.#addressChanged = false
      this.keepalived?.reconcile()
    }
    this.#reconcileClients()
  }

  #tellBalancers(): void {
    for (let server = 0; server < this.apiServers.length; server++) {
      if (!this.#healthChanged[server]) continue
      this.#healthChanged[server] = false
      for (const balancer of this.balancers) balancer.serverChanged(server)
    }
  }

  /** A balancer process ended or began: connections through it are gone, those through another are not. */
  balancerRestarted(balancer: number): void {
    this.#incarnations[balancer]!++
  }

  /** The balancer that clients reach, or −1: none (then the API servers are meant, if there is no balancer at all). */
  entrance(): number {
    const index = this.keepalived === undefined ? (this.balancers.length > 0 ? 0 : -1) : this.keepalived.holder
    if (index === -1) return -1
    const balancer = this.balancers[index]!
    const { endpoint } = balancer.settings
    return balancer.running && this.network.connected(this.outside, endpoint) ? index : -1
  }

  /** Share of the clients' requests that reaches each etcd member through a serving API server. */
  requestShares(): Float64Array {
    if (this.#requestSharesChanged) this.#shareRequests()
    return this.#requestShares
  }

  #shareRequests(): void {
    this.#requestSharesChanged = false
    // A handful of numbers: a loop, where fill would be a call into the engine.
    for (let member = 0; member < this.#requestShares.length; member++) this.#requestShares[member] = 0
    if (this.clients === undefined) return
    for (let server = 0; server < this.apiServers.length; server++) {
      const weight = this.clients.shares[server]!
      if (weight === 0 || this.#paths[server] !== 'up' || !this.apiServers[server]!.serves) continue
      this.#endpoints[server]!.addShares(weight, this.#requestShares)
    }
  }

  /** Whether clients' packets reach a server's listening process, along the way they take now. */
  isReached(server: number): boolean {
    return this.#paths[server] === 'up'
  }

  /** What a health check from an endpoint meets at a server now. */
  probe(from: number, server: number): HealthAnswer {
    const each = this.apiServers[server]!
    const endpoint = this.#serverEndpoints[server]!
    const how = attempt(this.network, from, each, endpoint, this.answering[endpoint]!)
    if (how === 'silent') return each.paused ? 'hangs' : 'unreachable'
    if (how === 'refused') return 'refused'
    return each.healthy ? 'ok' : 'error'
  }

  #endpointState(server: number, index: number): EndpointState {
    const from = this.#serverEndpoints[server]!
    const member = this.etcd.members[index]!
    const to = this.etcd.endpointOf(member)
    if (from !== to && (!this.answering[to] || !this.network.connected(from, to))) return 'silent'
    if (member.paused) return 'hung'
    return member.takesRequests ? 'up' : 'refused'
  }

  #reconcileClients(): void {
    if (this.clients === undefined) return
    const entrance = this.entrance()
    const direct = this.balancers.length === 0
    const from = direct ? this.outside : entrance === -1 ? -1 : this.balancers[entrance]!.settings.endpoint
    for (let server = 0; server < this.apiServers.length; server++) {
      const endpoint = this.#serverEndpoints[server]!
      const each = this.apiServers[server]!
      this.#paths[server] =
        from === -1 ? 'silent' : attempt(this.network, from, each, endpoint, this.answering[endpoint]!)
    }
    const balancer = entrance === -1 ? undefined : this.balancers[entrance]
    if (balancer !== undefined) {
      spreadNewConnections(balancer, this.#paths, this.config.loadBalancer!.redispatch, this.#newConnections)
    } else if (direct) spreadDirect(this.#paths, this.#newConnections)
    else spreadNowhere(this.#newConnections)
    const route = direct ? 0 : entrance === -1 ? -1 : this.#incarnations[entrance]! * this.balancers.length + entrance
    this.clients.reconcile(route, this.#paths, this.#newConnections, balancer)
  }

  #makeApiServer(index: number): ApiServer {
    const settings = apiServerSettings(this.config)[index]!
    const { etcdHealthcheckTimeout } = settings
    const answer = (member: number) =>
      this.answers.read(this.etcd.members[member] as EtcdMember, etcdHealthcheckTimeout)
    return new ApiServer(this.simulation, index, settings, {
      etcdUsable: (server) => this.#endpoints[server.index]!.usable(answer),
      apiServerChanged: (server) => {
        if (server.state === 'starting') this.#endpoints[server.index]!.dialAnew()
        this.#listener.apiServerChanged(server.index)
        this.#healthChanged[server.index] = true
        this.#unsettleServer(server.index)
        this.#unsettleWays()
      },
    })
  }

  #makeEndpoints(index: number): EtcdEndpoints {
    const { members, timers } = endpointSettings(this.config)[index]!
    const random = this.simulation.streams.stream(`api-server/${index}/dial`)
    return new EtcdEndpoints(this.simulation, members, timers, random, () => this.#unsettleServer(index))
  }

  #makeBalancer(settings: ConstructorParameters<typeof Balancer>[1]): Balancer {
    const health = {
      probe: (from: number, server: number) => this.probe(from, server),
      roundTrip: (from: number, server: number) => {
        const to = this.#serverEndpoints[server]!
        return this.network.meanDelay(from, to) + this.network.meanDelay(to, from)
      },
    }
    const marked = (balancer: Balancer, server: number, up: boolean, since: Ms): void => {
      this.simulation.tracer?.record(
        this.simulation.now,
        balancer.settings.name,
        `marks ${this.apiServers[server]!.settings.name} ${up ? 'UP' : 'DOWN'}`,
      )
      const index = this.balancers.indexOf(balancer)
      this.#listener.serverMarked(index, server, up, since)
      // What a backup marks matters when clients come to it, and then everything is looked at anyway.
      if (index === this.entrance()) this.#unsettleWays()
    }
    return new Balancer(this.simulation, settings, health, { marked })
  }

  #makeKeepalived(settings: ConstructorParameters<typeof Keepalived>[1]): Keepalived {
    const endpoint = (router: number): number => this.balancers[router]!.settings.endpoint
    return new Keepalived(this.simulation, settings, {
      hears: (listener, speaker) => this.network.reaches(endpoint(speaker), endpoint(listener)),
      heardOutside: (router) => this.network.connected(endpoint(router), this.outside),
      balancerRuns: (router) => this.balancers[router]!.running,
      addressMoved: () => {
        this.#listener.addressMoved()
        this.unsettleAddress()
      },
    })
  }

  #makeClients(servers: number): ClientConnections {
    const { clients, loadBalancer } = this.config
    const settings = {
      connections: clients.connections,
      silentTimeout: ms(clients.http2ReadIdle + clients.http2PingTimeout),
      shutdownSessions: loadBalancer?.onMarkedDown === 'shutdown-sessions',
    }
    return new ClientConnections(this.simulation, servers, settings, () => this.#unsettleWays())
  }
}

const INSTANT = 0 as Ms
