/**
 * Raft as etcd runs it, as a pure state machine: no clock, no input or output. Start with {@link RawNode}.
 * @module
 */
export {
  type RaftBehaviour,
  type RaftConfig,
  type RaftLogger,
  type RaftVersion,
  type ReadOnlyOption,
  raftBehaviour,
} from './config.ts'
export { type Configuration, changeOf, isJoint, isVoter } from './configuration.ts'
export {
  describeConfiguration,
  describeConfState,
  describeEntries,
  describeEntry,
  describeMessage,
  describePeers,
  describeReady,
  describeSnapshot,
} from './describe.ts'
export { entrySize, payloadSize } from './entry-size.ts'
export type { ProgressState, ProgressView } from './progress.ts'
export { RawNode } from './raw-node.ts'
export type { ReadState, Ready } from './ready.ts'
export { MemoryStorage, type Storage, type StorageError } from './storage.ts'
export {
  type ConfChange,
  type ConfState,
  type Entry,
  type EntryData,
  type EntryType,
  type HardState,
  isLocalTarget,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  type MessageContext,
  type MessageType,
  message,
  NONE,
  type NodeId,
  type Payload,
  type SingleChange,
  type Snapshot,
  type SoftState,
  type StateType,
  type StepError,
} from './types.ts'
