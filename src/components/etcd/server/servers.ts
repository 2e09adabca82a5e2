import { ms, ZERO } from '../../../base/units.ts'
import type { Simulation } from '../../../engine/simulation.ts'
import type { Network } from '../../../infra/network.ts'
import type { Message } from '../../../raft/types.ts'
import type { ServerConfig } from './config.ts'
import type { DataDirectory } from './durable.ts'
import type { Outcome, Request } from './requests.ts'
import { EtcdServer } from './server.ts'
import type { ServerWorld } from './server-world.ts'

/** A stream without a word is given up after this long (rafthttp, read and write timeout); ms. */
const STREAM_TIMEOUT = 5_000
/** Streams are looked after this often, which is also the pace of redialling (rafthttp); ms. */
const STREAM_PERIOD = ms(100)

/** The streams of one member to another, as the sender sees them. */
interface Stream {
  upSince: number | undefined
  lastSeen: number
  lastArrival: number
}

type Delivery =
  | { readonly kind: 'message'; readonly to: EtcdServer; readonly generation: number; readonly message: Message }
  | { readonly kind: 'call'; readonly run: () => void }
  | { readonly kind: 'look' }

/** Members of one cluster, or of several that know of each other, and the streams between them. */
export class EtcdServers implements ServerWorld {
  readonly #simulation: Simulation
  readonly #network: Network
  readonly #servers = new Map<number, EtcdServer>()
  readonly #streams = new Map<string, Stream>()

  constructor(simulation: Simulation, network: Network) {
    this.#simulation = simulation
    this.#network = network
    simulation.schedule(ZERO, this, { kind: 'look' } satisfies Delivery)
  }

  /** Adds a machine with etcd on it; its process is not started. */
  add(config: ServerConfig, directory: DataDirectory): EtcdServer {
    const server = new EtcdServer(this.#simulation, config, this, directory)
    this.#servers.set(config.id, server)
    return server
  }

  server(id: number): EtcdServer | undefined {
    return this.#servers.get(id)
  }

  get all(): readonly EtcdServer[] {
    return [...this.#servers.values()]
  }

  /** The running leader of the highest term, as Raft knows it. */
  leader(): EtcdServer | undefined {
    return this.all
      .filter((server) => server.alive && server.raft?.state === 'StateLeader')
      .reduce<EtcdServer | undefined>(
        (best, server) => (best === undefined || server.raft!.term > best.raft!.term ? server : best),
        undefined,
      )
  }

  /** Whether two processes answer each other. */
  connected(a: EtcdServer, b: EtcdServer): boolean {
    return a.alive && b.alive && this.#network.connected(a.config.endpoint, b.config.endpoint)
  }

  send(from: EtcdServer, message: Message): void {
    const to = this.#servers.get(message.to)
    const a = from.config.endpoint
    const b = to?.config.endpoint ?? a
    const closed = to === undefined || to.status === 'down' || to.status === 'starting'
    if (closed || !this.#network.connected(a, b)) {
      from.raft?.reportUnreachable(message.to)
      if (message.type === 'MsgSnap') from.raft?.reportSnapshot(message.to, false)
      return
    }
    if (this.#isRefused(from, to)) return
    if (this.#network.loses(a, b)) return
    const stream = this.#stream(from, message.to)
    // What a frozen process does not read is kept for it until the stream's timeout.
    if (to.paused && this.#simulation.now - stream.lastSeen > STREAM_TIMEOUT) return
    const at = Math.max(this.#simulation.now + this.#network.delay(a, b), stream.lastArrival)
    stream.lastArrival = at
    const delivery: Delivery = { kind: 'message', to, generation: to.generation, message }
    this.#simulation.scheduleAt(ms(at), this, delivery)
    if (message.type === 'MsgSnap') this.#later(at, () => from.snapshotSent(message.to, true))
  }

  connectedSince(from: EtcdServer, member: number): number | undefined {
    const stream = this.#stream(from, member)
    this.#look(from, member, stream)
    return stream.upSince
  }

  forward(from: EtcdServer, member: number, request: Request, done: (outcome: Outcome | undefined) => void): void {
    const to = this.#servers.get(member)
    const now = this.#simulation.now
    const { generation } = from
    const answer = (outcome: Outcome | undefined): void => {
      if (from.generation === generation && from.runs(() => done(outcome))) done(outcome)
    }
    if (to === undefined || to.status === 'down' || to.status === 'starting') {
      this.#later(now, () => answer(undefined))
      return
    }
    const a = from.config.endpoint
    const b = to.config.endpoint
    if (!this.#network.connected(a, b)) return
    const back = (outcome: Outcome): void => {
      if (!this.#network.connected(a, b)) return
      this.#later(this.#simulation.now + this.#network.delay(b, a), () => answer(outcome))
    }
    this.#later(now + this.#network.delay(a, b), () => {
      if (!to.alive) return
      to.forwarded(request, back)
    })
  }

  handle(event: Delivery): void {
    if (event.kind === 'call') event.run()
    else if (event.kind === 'look') {
      for (const from of this.#servers.values()) {
        for (const member of this.#servers.keys()) {
          if (member !== from.id) this.#look(from, member, this.#stream(from, member))
        }
      }
      this.#simulation.schedule(STREAM_PERIOD, this, event)
    } else {
      const from = this.#servers.get(event.message.from)
      const open = from !== undefined && this.#network.connected(from.config.endpoint, event.to.config.endpoint)
      if (open && event.generation === event.to.generation) event.to.receive(event.message)
    }
  }

  /** A member that the other one has seen removed is turned away for good: it ends (HTTP 410, rafthttp). */
  #isRefused(from: EtcdServer, to: EtcdServer): boolean {
    if (to.state?.members.removed.has(from.id) === true) {
      this.#later(this.#simulation.now, () => from.crash('stopped'))
      return true
    }
    // Another cluster's members are not listened to.
    return from.state?.clusterId !== to.state?.clusterId
  }

  /**
   * A stream comes up when both processes run and the links are open. It ends at once when the other process ends, for
   * its kernel says so; when the link is cut or the process frozen, only by the timeout.
   */
  #look(from: EtcdServer, member: number, stream: Stream): void {
    const now = this.#simulation.now
    const to = this.#servers.get(member)
    if (from.status === 'down' || to === undefined || to.status === 'down' || to.status === 'starting') {
      stream.upSince = undefined
      return
    }
    if (!to.paused && this.#network.connected(from.config.endpoint, to.config.endpoint)) {
      stream.upSince ??= now
      stream.lastSeen = now
    } else if (now - stream.lastSeen > STREAM_TIMEOUT) stream.upSince = undefined
  }

  #stream(from: EtcdServer, member: number): Stream {
    const key = `${from.id}/${member}`
    let stream = this.#streams.get(key)
    if (stream === undefined) {
      stream = { upSince: undefined, lastSeen: Number.NEGATIVE_INFINITY, lastArrival: 0 }
      this.#streams.set(key, stream)
    }
    return stream
  }

  #later(at: number, run: () => void): void {
    this.#simulation.scheduleAt(ms(at), this, { kind: 'call', run } satisfies Delivery)
  }
}
