import type { Entry, EntryData, EntryType } from '../../raft/types.ts'
import { invariant } from './violation.ts'

/** Terms and indexes of a checked run are far below: both fit one key. */
const INDEXES = 2 ** 24

interface Written {
  readonly type: EntryType
  readonly data: EntryData
  readonly previousTerm: number | undefined
}

/** What was committed at an index. */
export interface Commit {
  readonly term: number
  /** Term of the leader that committed it first. */
  readonly byTerm: number
}

/**
 * What has ever happened, kept apart from the code that is judged by it.
 */
export class History {
  /** Who became leader in each term. */
  readonly leaders = new Map<number, number>()
  /** Candidate that each (voter, term) has been seen to vote for. */
  readonly #grants = new Map<number, number>()
  readonly #written = new Map<number, Written>()
  /** By index. */
  readonly #commits: (Commit | undefined)[] = []
  maxCommit = 1

  constructor() {
    // All members start from a snapshot of index 1 in term 1.
    this.#commits[1] = { term: 1, byTerm: 1 }
  }

  grant(voter: number, term: number): number | undefined {
    return this.#grants.get(term * INDEXES + voter)
  }

  noteGrant(voter: number, term: number, candidate: number): void {
    this.#grants.set(term * INDEXES + voter, candidate)
  }

  /**
   * S3: the entry of a term at an index is made once, by one leader, after one entry: logs that agree there agree before.
   */
  noteWritten(id: number, entry: Entry, previousTerm: number | undefined): void {
    const key = entry.term * INDEXES + entry.index
    const known = this.#written.get(key)
    if (known === undefined) {
      this.#written.set(key, { type: entry.type, data: entry.data, previousTerm })
      return
    }
    invariant(
      known.type === entry.type && known.data === entry.data,
      'S3',
      () => `member ${id} has another entry than others at index ${entry.index} of term ${entry.term}`,
    )
    invariant(
      known.previousTerm === previousTerm || known.previousTerm === undefined || previousTerm === undefined,
      'S3',
      () =>
        `member ${id} has term ${previousTerm} before index ${entry.index} of term ${entry.term}, others ${known.previousTerm}`,
    )
  }

  /** What kind of entry was written at an index in a term; undefined if it was never handed out to be written. */
  writtenType(term: number, index: number): EntryType | undefined {
    return this.#written.get(term * INDEXES + index)?.type
  }

  commit(index: number): Commit | undefined {
    return this.#commits[index]
  }

  /** A leader of `byTerm` has committed the entry of `term` at `index`. */
  noteCommit(id: number, index: number, term: number, byTerm: number): void {
    const known = this.#commits[index]
    if (known === undefined) {
      this.#commits[index] = { term, byTerm }
      this.maxCommit = Math.max(this.maxCommit, index)
      return
    }
    invariant(
      known.term === term,
      'S5',
      () => `member ${id} commits an entry of term ${term} at index ${index}, where one of ${known.term} was committed`,
    )
  }
}
