import type { Ms } from '../../base/units.ts'
import type { Simulation } from '../../engine/simulation.ts'

/**
 * How the way from clients to a server fares: `up`; `refused`: the server's machine answers that nobody listens;
 * `silent`: packets vanish or the process is frozen, and only a timeout tells.
 */
export type PathState = 'up' | 'refused' | 'silent'

export interface ConnectionSettings {
  /** `kept`: one connection per client, kept until it breaks. `new`: one per request. */
  readonly connections: 'kept' | 'new'
  /** A connection without answer is closed after this long (client-go: HTTP/2 read idle + ping timeout). */
  readonly silentTimeout: Ms
  /** A balancer that marks a server down closes its clients' connections. */
  readonly shutdownSessions: boolean
}

/**
 * Where the clients are connected, as shares of a large crowd. Kubernetes clients keep their connection through the
 * balancer as long as it lives: a server that comes back gets none of its clients back, a server that answers errors
 * keeps its own, and a machine that vanishes holds its clients until their HTTP/2 ping times out.
 */
export class ClientConnections {
  /** Share of the crowd connected to each server; what is missing to one is without a connection. */
  readonly shares: Float64Array
  readonly #settings: ConnectionSettings
  readonly #simulation: Simulation
  readonly #timeouts: Float64Array
  readonly #changed: () => void
  #route = NOWHERE
  #isPlaced = false

  constructor(simulation: Simulation, servers: number, settings: ConnectionSettings, changed: () => void) {
    this.#simulation = simulation
    this.#settings = settings
    this.shares = new Float64Array(servers).fill(1 / servers)
    this.#timeouts = new Float64Array(servers).fill(-1)
    this.#changed = changed
  }

  /** Before anything happens: the crowd is connected like this, along whatever route there is. */
  place(shares: Float64Array): void {
    this.shares.set(shares)
    this.#isPlaced = true
  }

  /**
   * Brings the crowd up to date.
   * @param route tells what the clients' packets pass through (balancer and its incarnation); −1: they get nowhere. Behind
   * another route no old connection is known: all are reset.
   * @param paths the way to each server along that route
   * @param newConnections share of new connections that end at each server
   * @param balancer tells which servers get new connections; without one all do
   */
  reconcile(
    route: number,
    paths: readonly PathState[],
    newConnections: Float64Array,
    balancer: { inRotation(server: number): boolean } | undefined,
  ): void {
    if (this.#settings.connections === 'new') {
      this.shares.set(newConnections)
      return
    }
    if (route === NOWHERE) return
    if (this.#isPlaced) {
      this.#isPlaced = false
      this.#route = route
    }
    if (route !== this.#route) {
      this.#route = route
      for (let server = 0; server < this.shares.length; server++) this.#reset(server)
    }
    for (let server = 0; server < this.shares.length; server++) {
      const shutDown = this.#settings.shutdownSessions && balancer?.inRotation(server) === false
      if (paths[server] === 'refused' || shutDown) this.#reset(server)
      else if (paths[server] === 'up') this.#stopTimeout(server)
      else if (this.shares[server]! > 0 && this.#timeouts[server] === -1) {
        this.#timeouts[server] = this.#simulation.schedule(this.#settings.silentTimeout, this, server)
      }
    }
    this.#connect(newConnections)
  }

  /** The ping of a silent connection timed out. */
  handle(server: number): void {
    this.#timeouts[server] = -1
    this.#reset(server)
    this.#changed()
  }

  #reset(server: number): void {
    this.shares[server] = 0
    this.#stopTimeout(server)
  }

  #stopTimeout(server: number): void {
    if (this.#timeouts[server] === -1) return
    this.#simulation.cancel(this.#timeouts[server]!)
    this.#timeouts[server] = -1
  }

  /** Those without a connection try until they have one: they spread as new connections do. */
  #connect(newConnections: Float64Array): void {
    let connected = 0
    let open = 0
    for (let server = 0; server < this.shares.length; server++) {
      connected += this.shares[server]!
      open += newConnections[server]!
    }
    const waiting = 1 - connected
    if (waiting <= ROUNDING || open === 0) return
    for (let server = 0; server < this.shares.length; server++) {
      this.shares[server]! += (waiting * newConnections[server]!) / open
    }
  }
}

const ROUNDING = 1e-12
const NOWHERE = -1
