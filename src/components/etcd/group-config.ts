import { oncePer } from '../../base/once-per.ts'
import { ms } from '../../base/units.ts'
import type { Sampler } from '../../engine/distribution.ts'
import { MemoryStorage } from '../../raft/storage.ts'
import type { Snapshot } from '../../raft/types.ts'
import type { MemberConfig } from './member-world.ts'

export interface EtcdGroupConfig {
  /** Network endpoint and name of each member's machine; member m has Raft id m + 1. */
  readonly members: readonly { readonly endpoint: number; readonly name: string }[]
  readonly version: '3.4' | '3.5' | '3.6'
  readonly heartbeatInterval: number
  readonly electionTimeout: number
  readonly preVote: boolean
  readonly initialElectionTickAdvance: boolean
  readonly fsync: Sampler
  readonly processStart: Sampler
  readonly processStop: Sampler
  readonly writesPerSecond: number
  readonly skip: boolean
}

/** What all replications share: the members' settings, and the snapshot that every log begins after. */
export const derived = oncePer((config: EtcdGroupConfig) => {
  const members = config.members.map(
    ({ endpoint, name }, index): MemberConfig => ({
      id: index + 1,
      name,
      endpoint,
      electionTicks: Math.floor(config.electionTimeout / config.heartbeatInterval),
      tickInterval: ms(config.heartbeatInterval),
      preVote: config.preVote,
      version: config.version,
      initialElectionTickAdvance: config.initialElectionTickAdvance,
      members: config.members.length,
      streams: {
        process: `etcd/${name}/process`,
        election: `etcd/${name}/election`,
        fsync: `etcd/${name}/fsync`,
        phase: `etcd/${name}/phase`,
      },
    }),
  )
  const voters = members.map(({ id }) => id)
  const confState = { voters, learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false }
  const snapshot: Snapshot = { index: 1, term: 1, confState, data: undefined }
  return { members, snapshot }
})

/** A log that begins after a snapshot. */
export function newStorage(snapshot: Snapshot): MemoryStorage {
  const storage = new MemoryStorage()
  storage.applySnapshot(snapshot)
  storage.setHardState({ term: snapshot.term, vote: 0, commit: snapshot.index })
  return storage
}
