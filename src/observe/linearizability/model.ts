import type { Operation } from './operation.ts'

/** A sequential specification: what one copy of the data that does one thing at a time would answer. Pure. */
export interface Model<State, Op extends Operation> {
  readonly initial: State
  /**
   * The states in which `operation` may leave `state` with the answer that it got; none if that answer is impossible
   * there. An operation whose outcome is not known has no answer to contradict.
   */
  readonly step: (state: State, operation: Op) => readonly State[]
  /** Equal for states that no operation can tell apart, different for all others. */
  readonly fingerprint: (state: State) => string
  /** Whether the operation, answered as it was, leaves alone every state in which it is possible. */
  readonly isReadOnly: (operation: Op) => boolean
  /**
   * The part of the data that the operation touches, where parts are independent of each other: a history is
   * linearizable if and only if its restriction to each part is (Herlihy and Wing 1990, theorem 1), and the parts are
   * far cheaper to judge. Absent: the history is judged whole.
   */
  readonly partOf?: (operation: Op) => string
}
