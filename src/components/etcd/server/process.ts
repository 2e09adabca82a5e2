import { ms } from '../../../base/units.ts'
import { ApplyQueue } from './apply-queue.ts'
import { electionTicks } from './config.ts'
import { type LeaseHost, LeaseKeeper } from './lease-keeper.ts'
import { guardsLeases, Lessor, minimumTtl, waitsForApply } from './lessor.ts'
import { type ProposalHost, Proposals } from './proposals.ts'
import { RaftLoop } from './raft-loop.ts'
import { ReadLoop } from './read-loop.ts'
import type { EtcdServer } from './server.ts'
import { ReplicatedState } from './state.ts'

/** Everything of an etcd process that is gone with it. */
export interface EtcdProcess {
  readonly loop: RaftLoop
  readonly queue: ApplyQueue
  readonly proposals: Proposals
  readonly reads: ReadLoop
  readonly lessor: Lessor
  readonly keeper: LeaseKeeper
  /** Replaced when a snapshot arrives. */
  state: ReplicatedState
}

/** Builds a process from what its data directory holds. Nothing moves before `loop.start`. */
export function newProcess(server: EtcdServer): EtcdProcess {
  const { config, directory, simulation, requestTimeout } = server
  const ticks = electionTicks(config)
  const random = simulation.streams.stream(`etcd/${config.name}/election`)
  const lessor = new Lessor(minimumTtl(ticks, config.heartbeatInterval))
  const loopConfig = {
    id: config.id,
    version: config.version,
    tickInterval: config.heartbeatInterval,
    electionTicks: ticks,
    preVote: config.preVote,
    random: () => random.next(),
  }
  const loop = new RaftLoop(simulation, loopConfig, server, directory.disk, directory.storage)
  const source = {
    readIndex: (context: string) => {
      loop.raft.readIndex(context)
      loop.work()
    },
    applied: () => server.appliedIndex(),
    runs: (event: () => void) => server.runs(event),
  }
  return {
    loop,
    queue: new ApplyQueue(simulation, server, config.applyTime),
    // Requests of an earlier life never share a number with those of this one.
    proposals: new Proposals(simulation, proposalHost(server, loop), requestTimeout, server.generation * LIFE),
    reads: new ReadLoop(simulation, source, `${config.id}.${server.generation}`, requestTimeout, config.version),
    lessor,
    keeper: new LeaseKeeper(simulation, leaseHost(server, loop, lessor)),
    state: directory.backend?.clone() ?? new ReplicatedState(directory.clusterId, (ttl) => lessor.granted(ttl)),
  }
}

/** Requests that one life of a process may number. */
const LIFE = 1_000_000_000

/** The first tick comes within one interval of the start. */
export function firstTick(server: EtcdServer): ReturnType<typeof ms> {
  const { name, heartbeatInterval } = server.config
  return ms(server.simulation.streams.stream(`etcd/${name}/phase`).next() * heartbeatInterval)
}

function proposalHost(server: EtcdServer, loop: RaftLoop): ProposalHost {
  return {
    id: server.id,
    raft: loop.raft,
    appliedIndex: () => server.appliedIndex(),
    timeoutFacts: (startedAt) => server.timeoutFacts(startedAt),
    work: () => loop.work(),
    runs: (event) => server.runs(event),
  }
}

function leaseHost(server: EtcdServer, loop: RaftLoop, lessor: Lessor): LeaseHost {
  const guarded = guardsLeases(server.config.version)
  const waits = waitsForApply(server.config.version)
  return {
    id: server.id,
    lessor,
    lease: (id) => server.process.state.leases.get(id),
    get lead() {
      return server.lead
    },
    electionTimeout: server.config.electionTimeout,
    requestTimeout: server.requestTimeout,
    get mustEnsureLeadership() {
      return guarded && !loop.active
    },
    get lags() {
      return waits && loop.raft.committed > server.appliedIndex()
    },
    read: (done) => server.process.reads.add(done),
    propose: (command, done) => server.process.proposals.propose(command, done),
    forward: (member, request, done) => server.world.forward(server, member, request, done),
    runs: (event) => server.runs(event),
  }
}
