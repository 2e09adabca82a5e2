import type { RaftVersion } from '../raft/config.ts'

/** What the group under check is, and what may happen to it all the time. Times are milliseconds. */
export interface CheckSettings {
  /** Text that all chance of the run comes from. */
  readonly seed: string
  /** Names of the members at the start; those that join later are `joiner-1`, … */
  readonly members: readonly string[]
  readonly version: RaftVersion
  readonly electionTick: number
  readonly tickInterval: number
  readonly preVote: boolean
  readonly checkQuorum: boolean
  readonly readOnlyOption: 'safe' | 'lease'
  /** Storage work in threads of its own; raft 3.6 and later. */
  readonly asyncStorage: boolean
  /** streams: in order on each of three, as etcd's peers talk; datagrams: any order, and doubled. */
  readonly transport: 'streams' | 'datagrams'
  /** One-way latency: uniform from `latency` to `latency + jitter`. */
  readonly latency: number
  readonly jitter: number
  /** Share of messages lost, and doubled (datagrams only), all the time. */
  readonly loss: number
  readonly duplicates: number
  /** One write to the disk: uniform from `fsync` to twice that. */
  readonly fsync: number
  /** Clocks run fast or slow by up to this share. */
  readonly drift: number
  readonly maxInflightMsgs: number
  /** Entries in one append, roughly; 0: no limit. */
  readonly entriesPerAppend: number
  /** A write, and a read, this often; 0: none. */
  readonly writeEvery: number
  readonly readEvery: number
  /** A snapshot each so many applied entries, and how many are kept in the log behind it; 0: none. */
  readonly snapshotEvery: number
  readonly keepEntries: number
  /** Length of the time with faults. */
  readonly horizon: number
}

/** Where in its work a crash hits a member. */
export const CRASH_POINTS = ['now', 'before-write', 'mid-write', 'after-write', 'after-send'] as const
export type CrashPoint = (typeof CRASH_POINTS)[number]

/** Faults that any cluster can suffer, in the words of a fault plan, and what only the checker can do. */
export const FAULT_STEPS = ['crash', 'pause', 'isolate', 'cut', 'lose', 'delay', 'slow-disk'] as const
export const CHECK_STEPS = [
  'campaign',
  'transfer',
  'forget-leader',
  'unreachable',
  'compact',
  'add-learner',
  'add-voter',
  'promote',
  'remove',
  'replace',
  'enter-joint',
  'leave-joint',
  'write',
  'read',
] as const
export type StepKind = (typeof FAULT_STEPS)[number] | (typeof CHECK_STEPS)[number]

/** Whom a step is about: a place in the list of all members ever, or whoever leads at that moment. */
export type StepTarget = number | 'leader'

/** One step of a schedule. Every field is always present; those that mean nothing to its kind are ignored. */
export interface CheckStep {
  readonly at: number
  readonly do: StepKind
  readonly on: StepTarget
  /** The other side of a cut, lossy or slow link, of a transfer or replacement. */
  readonly to: StepTarget
  /** Until the fault is undone; crashed: until it is started again. */
  readonly for: number
  /** Extra latency or write time. */
  readonly by: number
  /** Share of messages lost. */
  readonly share: number
  readonly oneWay: boolean
  readonly point: CrashPoint
}

/** A schedule that can be run again: the same plan gives the same run. */
export interface CheckPlan {
  readonly settings: CheckSettings
  readonly steps: readonly CheckStep[]
}

/** Whether a step is a fault that any cluster can suffer, so that a fault plan has words for it. */
export function isFault({ do: kind, point }: CheckStep): boolean {
  return FAULT_STEPS.some((fault) => fault === kind) && (kind !== 'crash' || point === 'now')
}
