import { listOf } from '../../base/list.ts'
import { type Ms, ms } from '../../base/units.ts'
import type { Simulation } from '../../engine/simulation.ts'
import type { HealthPort } from '../../protocol/http-health.ts'
import { type CheckSettings, ServerCheck } from './server-check.ts'

export interface BalancerSettings {
  readonly name: string
  /** Network endpoint of its machine. */
  readonly endpoint: number
  /** API servers behind it. */
  readonly servers: number
  /** null: a plain forwarder that checks nothing. */
  readonly check: CheckSettings | null
  readonly skip: boolean
}

export interface BalancerListener {
  /** A server was marked DOWN or UP by this balancer. */
  marked(balancer: Balancer, server: number, up: boolean, since: Ms): void
}

/** One balancer process and its view of the servers: which of them get new connections. */
export class Balancer {
  readonly settings: BalancerSettings
  /** The process runs (and with it, its machine). */
  running = false
  readonly #checks: readonly ServerCheck[]
  readonly #simulation: Simulation

  constructor(simulation: Simulation, settings: BalancerSettings, health: HealthPort, listener: BalancerListener) {
    this.#simulation = simulation
    this.settings = settings
    const { check, endpoint } = settings
    this.#checks =
      check === null
        ? []
        : listOf(settings.servers, (server) => {
            const world = {
              probe: () => health.probe(endpoint, server),
              roundTrip: () => health.roundTrip(endpoint, server) as Ms,
              marked: (up: boolean, since: Ms) => listener.marked(this, server, up, since),
            }
            return new ServerCheck(simulation, check, world, settings.skip)
          })
  }

  startEstablished(): void {
    this.running = true
    const random = this.#simulation.streams.stream(`balancer/${this.settings.name}/phase`)
    for (const check of this.#checks) check.startEstablished(ms(random.next() * this.settings.check!.inter))
  }

  /** A new process: the first check of server i of n comes after i/n of the interval. */
  start(): void {
    if (this.running) return
    this.running = true
    const servers = this.#checks.length
    const { check } = this.settings
    this.#checks.forEach((each, index) => {
      each.start(ms((check!.inter * index) / servers))
    })
  }

  crash(): void {
    if (!this.running) return
    this.running = false
    for (const check of this.#checks) check.stop()
  }

  /** Whether a server gets new connections. */
  inRotation(server: number): boolean {
    return this.#checks[server]?.up ?? true
  }

  /** The health answer of a server, or the way to it, may have changed. */
  serverChanged(server: number): void {
    this.#checks[server]?.serverChanged()
  }
}
