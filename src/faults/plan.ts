/** A fault plan: a plain list of timed actions, the same for a simulated and a real cluster. */
export interface FaultPlan {
  readonly name: string
  readonly actions: readonly FaultAction[]
}

export const FAULT_KINDS = [
  'crash',
  'stop',
  'pause',
  'reboot',
  'cut',
  'isolate',
  'delay',
  'lose',
  'slow-disk',
  'lose-disk',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** One action. `for` undoes it; without it the fault stays until the end (a crash is repaired by nobody). */
export interface FaultAction {
  /** Milliseconds from the start of the run. */
  readonly at: number
  readonly do: FaultKind
  /** What it hits, as written: a member, a process (`etcd control-plane-2`), a zone, a link, or a role at that moment. */
  readonly on: readonly string[]
  /** Milliseconds until it is undone; null: never. */
  readonly for: number | null
  /** `cut`, `delay`, `lose`: the other side; empty: everyone else. */
  readonly from: readonly string[]
  /** `cut`, `isolate`, `delay`, `lose`: only from `on` towards the others. */
  readonly oneWay: boolean
  /** `delay`: extra one-way latency (ms). `slow-disk`: extra time of each fsync (ms). null elsewhere. */
  readonly by: number | null
  /** `lose`: probability that a message is lost. null elsewhere. */
  readonly share: number | null
}

/** An action for people: `crash etcd-leader`. */
export function labelOf(action: FaultAction): string {
  return `${action.do} ${action.on.join(', ')}`
}
