import type { Entry } from '../../raft/types.ts'
import type { History } from './history.ts'
import { invariant } from './violation.ts'

/** S5, T8 and T21: what members apply. */
export class ApplicationHistory {
  readonly #entries: (Entry | undefined)[] = []
  /** State after each index. */
  readonly #states: (number | undefined)[] = []
  readonly #acknowledged = new Map<number, string>()
  readonly #history: History

  constructor(history: History) {
    this.#history = history
  }

  /** A member's state machine has applied `entry` after `previous` and its state is now `state`. */
  applied(id: number, previous: number, entry: Entry, state: number): void {
    const { index, term } = entry
    invariant(index === previous + 1, 'S5', () => `member ${id} applies index ${index} after ${previous}`)
    const commit = this.#history.commit(index)
    invariant(commit !== undefined, 'S5', () => `member ${id} applies index ${index}, which nobody has committed`)
    invariant(
      commit.term === term,
      'S5',
      () => `member ${id} applies term ${term} at index ${index}, where term ${commit.term} was committed`,
    )
    const first = this.#entries[index]
    if (first === undefined) this.#entries[index] = entry
    invariant(
      first === undefined || (first.data === entry.data && first.type === entry.type),
      'S5',
      () => `member ${id} applies another entry at index ${index} than others`,
    )
    const write = this.#acknowledged.get(index)
    invariant(
      write === undefined || write === entry.data,
      'T8',
      () => `the write acknowledged at index ${index} is lost`,
    )
    this.state(id, index, state)
  }

  /** A member's state as of `index`, by whatever way it came. */
  state(id: number, index: number, state: number): void {
    const known = this.#states[index]
    if (known === undefined) this.#states[index] = state
    invariant(known === undefined || known === state, 'T21', () => `member ${id} has another state at index ${index}`)
  }

  /** A client was told that its write is applied at `index`. */
  acknowledged(index: number, write: string): void {
    this.#acknowledged.set(index, write)
    invariant(
      this.#entries[index]?.data === write,
      'T8',
      () => `the write ${write} was acknowledged at index ${index}, where another entry was applied`,
    )
  }
}
