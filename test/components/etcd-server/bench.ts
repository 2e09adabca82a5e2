import { present } from '../../../src/base/assert.ts'
import { listOf } from '../../../src/base/list.ts'
import { ms } from '../../../src/base/units.ts'
import { EtcdClient } from '../../../src/components/etcd/server/client.ts'
import { type ServerConfig, serverConfig } from '../../../src/components/etcd/server/config.ts'
import { type DataDirectory, newClusterDirectory } from '../../../src/components/etcd/server/durable.ts'
import type { EtcdServer } from '../../../src/components/etcd/server/server.ts'
import { EtcdServers } from '../../../src/components/etcd/server/servers.ts'
import { etcdVersion } from '../../../src/components/etcd/server/version.ts'
import { fixed, samplerOf } from '../../../src/engine/distribution.ts'
import { RandomStreams } from '../../../src/engine/random.ts'
import { Simulation } from '../../../src/engine/simulation.ts'
import { Disk } from '../../../src/infra/disk.ts'
import { Network } from '../../../src/infra/network.ts'

export interface BenchOptions {
  readonly members?: number
  /** Endpoints beyond the first members, for those that join later. */
  readonly spare?: number
  readonly version?: string
  readonly seed?: string
  readonly server?: Partial<ServerConfig>
}

/** A few members on a quiet network: 0.5 ms one way, 2 ms to write the log. */
export class Bench {
  readonly simulation: Simulation
  readonly network: Network
  readonly cluster: EtcdServers
  readonly servers: EtcdServer[]
  readonly #options: BenchOptions

  constructor(options: BenchOptions = {}) {
    this.#options = options
    const count = options.members ?? 3
    this.simulation = new Simulation(new RandomStreams(options.seed ?? 'bench', 0))
    const size = count + (options.spare ?? 0)
    const { streams } = this.simulation
    const layout = { size, latency: () => fixed(0.5) }
    this.network = new Network(layout, streams.stream('latency'), streams.stream('loss'))
    this.cluster = new EtcdServers(this.simulation, this.network)
    const members = listOf(count, (index) => ({ id: index + 1, name: `m${index + 1}` }))
    this.servers = members.map(({ id }) => this.add(id, newClusterDirectory(this.disk(id), members)))
  }

  /** A disk for a member's log. */
  disk(id: number): Disk {
    return new Disk(this.simulation, samplerOf(fixed(2)), this.simulation.streams.stream(`disk/${id}`))
  }

  /** A machine with etcd on it, at endpoint id − 1. */
  add(id: number, directory: DataDirectory): EtcdServer {
    const version = present(etcdVersion(this.#options.version ?? '3.6'), 'a version')
    return this.cluster.add(serverConfig({ id, endpoint: id - 1, version, ...this.#options.server }), directory)
  }

  /** Starts everybody and waits for a leader that serves; the clock then shows at least 10 s. */
  established(): this {
    for (const server of this.servers) server.start()
    this.run(10_000)
    present(this.cluster.leader(), 'a leader')
    return this
  }

  run(duration: number): void {
    this.simulation.run(ms(this.simulation.now + duration))
  }

  get leader(): EtcdServer {
    return present(this.cluster.leader(), 'a leader')
  }

  get followers(): EtcdServer[] {
    const { leader } = this
    return this.servers.filter((server) => server !== leader && server.alive)
  }

  client(...servers: EtcdServer[]): EtcdClient {
    return new EtcdClient(this.simulation, servers, servers.map(({ id }) => id).join('+'))
  }

  /** Cuts (1) or mends (−1) every link of a member. */
  isolate(server: EtcdServer, by: 1 | -1): void {
    for (const other of this.cluster.all) if (other !== server) this.cut(server, other, by)
  }

  cut(a: EtcdServer, b: EtcdServer, by: 1 | -1): void {
    this.network.cut(a.config.endpoint, b.config.endpoint, by)
    this.network.cut(b.config.endpoint, a.config.endpoint, by)
  }
}

/** A put of a value of its own. */
export const put = (key: string, value = key) => ({ kind: 'put', key, value }) as const
export const get = (key: string) => ({ kind: 'get', key }) as const
export const serializable = (key: string) => ({ kind: 'get', key, serializable: true }) as const
