import type { RawNode } from '../raft/raw-node.ts'
import type { ConfChange, HardState, Message, Snapshot } from '../raft/types.ts'
import type { MachineState } from './machine.ts'

/** Decisions of the host around Raft that are easily made wrong, one function each. */
export interface HostRules {
  /** Whether a message of a member that does not lead may leave before what it promises is written. */
  sendsBeforeWrite(message: Message): boolean
  /** Hard state with which a process starts; `older` is what was on its disk before the last change of term or vote. */
  recovers(durable: HardState, older: HardState): HardState
  /** State machine with which a process starts; `older` is an earlier state on its disk. */
  recoversMachine(durable: MachineState, older: MachineState): MachineState
  /** Applies a membership change to Raft. */
  appliesChange(node: RawNode, change: ConfChange): void
  /** Whether a read may be served in the state after `applied`. */
  servesRead(index: number, applied: number): boolean
  /** Whether an answered read index is meant for this attempt of a read. */
  answersRead(context: string, attempt: string): boolean
  /** What a read's `attempt` (from 1) is called in messages. */
  readContext(read: string, attempt: number): string
  /** The snapshot that leaves instead of the one Raft chose, which may be old. */
  sendsSnapshot(chosen: Snapshot, fresh: Snapshot | undefined): Snapshot
  /** Tick interval as a multiple of the true one. */
  clock(id: number, factor: number): number
}

/** The host as it should be. */
export const SOUND_HOST: HostRules = Object.freeze({
  sendsBeforeWrite: () => false,
  recovers: (durable: HardState) => durable,
  recoversMachine: (durable: MachineState) => durable,
  appliesChange: (node: RawNode, change: ConfChange) => {
    node.applyConfChange(change)
  },
  servesRead: (index: number, applied: number) => applied >= index,
  answersRead: (context: string, attempt: string) => context === attempt,
  readContext: (read: string, attempt: number) => `${read}/${attempt}`,
  sendsSnapshot: (chosen: Snapshot, fresh: Snapshot | undefined) => fresh ?? chosen,
  clock: (_id: number, factor: number) => factor,
})

/**
 * A bug that is put into the group under check, to see that it is found. `node` is called with every process that
 * starts and may change how that one works; `host` replaces decisions of its host.
 */
export interface Mutation {
  readonly node?: (node: RawNode) => void
  readonly host?: Partial<HostRules>
}
