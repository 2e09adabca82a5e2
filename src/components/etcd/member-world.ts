import type { Ms } from '../../base/units.ts'
import type { Sampler } from '../../engine/distribution.ts'
import type { Disk } from '../../infra/disk.ts'
import type { MemoryStorage } from '../../raft/storage.ts'
import type { Message } from '../../raft/types.ts'
import type { EtcdMember } from './member.ts'

/** How one member is set up; times in ms. */
export interface MemberConfig {
  readonly id: number
  readonly name: string
  /** Of its machine in the network. */
  readonly endpoint: number
  readonly electionTicks: number
  readonly tickInterval: Ms
  readonly preVote: boolean
  readonly version: '3.4' | '3.5' | '3.6'
  readonly initialElectionTickAdvance: boolean
  readonly members: number
  /** Names of its streams of chance. */
  readonly streams: {
    readonly process: string
    readonly election: string
    readonly fsync: string
    readonly phase: string
  }
}

/** What happens to a member. Every event carries the generation of the process it was meant for. */
export type MemberEvent =
  | { readonly kind: 'started'; readonly generation: number }
  | { readonly kind: 'tick'; readonly generation: number }
  | { readonly kind: 'synced'; readonly generation: number }
  | { readonly kind: 'advance-ticks'; readonly generation: number; readonly attempt: number }
  | { readonly kind: 'hand-over'; readonly generation: number; readonly attempt: number }
  | { readonly kind: 'stopped'; readonly generation: number }

export type ProcessState = 'down' | 'starting' | 'running' | 'stopping'

/**
 * A message on its way. `epoch` tells the periodic ones that were sent before a sleep: a group that wakes sends those again; `data`
 * those of a member that has lost its data since: to the others it is another one now.
 */
export interface Arrival {
  readonly to: EtcdMember
  readonly generation: number
  readonly data: MemoryStorage
  readonly message: Message
  readonly epoch: number
}

/** What a member runs on: its disk with what is on it, and how long its process takes to start and to stop. */
export interface MemberMachine {
  readonly disk: Disk
  readonly storage: MemoryStorage
  readonly start: Sampler
  readonly stop: Sampler
}

/** What a member needs of the world around it. */
export interface MemberWorld {
  send(from: EtcdMember, message: Message): void
  /** Remote peers that this member has a working connection to. */
  activePeers(member: EtcdMember): number
  /** The peer to hand leadership to, or 0: none is connected. */
  transferTarget(member: EtcdMember): number
  /** The soft state (leader, role, term), commit or liveness of a member may have changed. */
  memberChanged(member: EtcdMember): void
  /** A (pre-)campaign starts; `again`: the member has been a (pre-)candidate already. */
  campaigned(member: EtcdMember, again: boolean): void
  /** A tick is done; the world may find that nothing more will happen for a while. */
  ticked(member: EtcdMember): void
  /**
   * A process is about to run. @returns whether others tick at this instant and do so first, since they planned it before the
   * start was: they have been woken for it, and the process has to come again after them
   */
  ticksFirst(member: EtcdMember): boolean
  /** A process runs from now on. @returns whether the group goes on sleeping, and the member with it */
  beforeStart(member: EtcdMember): boolean
  /** A member is about to skip ticks: everybody's timers must be up to date. */
  beforeAdvance(): void
  /** A process that was told to stop is about to be gone. */
  beforeEnd(member: EtcdMember): void
}
