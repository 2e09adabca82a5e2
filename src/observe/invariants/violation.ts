/** A broken invariant of the modelled system: a finding, not a fault of the program. */
export interface Violation {
  /** Short name of the invariant, as listed in docs/invariants.md. */
  readonly invariant: InvariantName
  /** What was seen, in words. */
  readonly what: string
}

/** All invariants that are checked; what each says stands beside its check and in docs/invariants.md. */
export const INVARIANTS = {
  S1: 'election safety: at most one leader in a term, ever',
  S2: 'leader append-only: a leader never shortens or rewrites its log',
  S3: 'log matching: one entry, and one entry before it, for each (term, index)',
  S4: 'leader completeness: a new leader has every entry committed in an earlier term',
  S5: 'state machine safety: one entry applied at each index, without gap or repetition',
  T1: 'the term never falls, nor below what was promised before a restart',
  T2: 'one vote in a term, restarts included',
  T3: 'a vote is durable before it is seen',
  T4: 'an acknowledgement is durable before it is seen',
  T5: 'what a leader commits is durable on a majority of each half',
  T6: 'a leader commits by counting only entries of its own term',
  T7: 'the commit index never falls, is within the log, and is only ever what a leader committed',
  T8: 'an acknowledged write is never lost',
  T9: 'successive configurations overlap, and all members apply the same ones',
  T10: 'writes and linearizable reads take effect in one order that real time agrees with',
  T11: 'a read index is not below what was committed when the read began',
  T12: 'a lease read, too, sees what was committed when it began, as long as clocks hold',
  T13: 'a read is served only once its index is applied',
  T14: 'a snapshot replaces nothing that is newer or that matches it',
  T15: "a leader's idea of a peer is true: match is durable there, match < next, the window holds",
  T16: 'a learner neither leads nor decides',
  T17: 'once faults are over: one leader, all members at its commit, writes and reads answered, no new terms',
  T18: 'with pre-vote a member that was cut off does not disturb, and asking changes nothing',
  T19: 'with quorum check a leader without a quorum steps down within two election timeouts',
  T21: 'members that applied the same index hold the same state',
  panic: 'no assertion of the protocol fails',
} as const

/** Name of an invariant. */
export type InvariantName = keyof typeof INVARIANTS

/** Thrown where a violation is seen: the run ends there. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken'
  readonly violation: Violation

  constructor(invariant: InvariantName, what: string) {
    super(`${invariant}: ${what}`)
    this.violation = { invariant, what }
  }
}

/** Ends the run with a violation unless `condition` holds; `what` is only built when it does not. */
export function invariant(condition: boolean, name: InvariantName, what: () => string): asserts condition {
  if (!condition) throw new InvariantBroken(name, what())
}
