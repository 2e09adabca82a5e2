import { type Ms, ms } from '../../../base/units.ts'
import { DEFAULT_DEFRAGMENT_RATE } from './defragment.ts'
import { DEFAULT_QUOTA } from './space.ts'
import { type EtcdVersion, isSince } from './version.ts'

/** One etcd process. Times in ms. Defaults are etcd's own (server/embed/config.go). */
export interface ServerConfig {
  readonly id: number
  readonly name: string
  /** Of its machine in the network. */
  readonly endpoint: number
  readonly version: EtcdVersion
  readonly heartbeatInterval: number
  readonly electionTimeout: number
  /** Off in 3.4. */
  readonly preVote: boolean
  readonly initialElectionTickAdvance: boolean
  readonly strictReconfigCheck: boolean
  readonly quotaBytes: number
  /** Applied entries between two snapshots and compactions of the log: 100 000; from 3.6 in memory, every 100. */
  readonly snapshotCount: number
  /** Entries that a compaction leaves for slow followers. */
  readonly catchUpEntries: number
  /** How long one entry takes to apply. */
  readonly applyTime: Ms
  /** Bytes a second. */
  readonly defragmentRate: number
  readonly startTime: Ms
  readonly stopTime: Ms
}

/** Fills in what etcd of this version does by default. */
export function serverConfig(
  given: Partial<ServerConfig> & Pick<ServerConfig, 'id' | 'endpoint' | 'version'>,
): ServerConfig {
  const { version } = given
  return {
    name: `m${given.id}`,
    heartbeatInterval: 100,
    electionTimeout: 1000,
    preVote: isSince(version, { '3.5': 0 }),
    initialElectionTickAdvance: true,
    strictReconfigCheck: true,
    quotaBytes: DEFAULT_QUOTA,
    snapshotCount: isSince(version, { '3.6': 0 }) ? 100 : 100_000,
    catchUpEntries: 5_000,
    applyTime: ms(0),
    defragmentRate: DEFAULT_DEFRAGMENT_RATE,
    startTime: ms(50),
    stopTime: ms(20),
    ...given,
  }
}

/** Ticks of an election timeout: an integer division, as in etcd. */
export function electionTicks(config: ServerConfig): number {
  return Math.floor(config.electionTimeout / config.heartbeatInterval)
}
