import { assert } from '../base/assert.ts'
import { entrySize } from './entry-size.ts'
import {
  type ConfState,
  EMPTY_CONF_STATE,
  type Entry,
  type HardState,
  NO_ENTRIES,
  NONE,
  type Snapshot,
} from './types.ts'

/** Why the store could not do what was asked; the texts are the ones the library's users know. */
export type StorageError =
  | 'requested index is unavailable due to compaction'
  | 'requested index is older than the existing snapshot'

/** The durable log as Raft reads it. Raft never writes: the host does, from Ready. */
export interface Storage {
  /** What the last run left: hard state and membership. */
  initialState(): { readonly hardState: HardState; readonly confState: ConfState }
  /** Entries lo ≤ index < hi, cut to `maxSize` bytes but at least one; undefined if `lo` is compacted. */
  entries(lo: number, hi: number, maxSize: number): readonly Entry[] | undefined
  /** Term of the entry at `index`, for firstIndex − 1 ≤ index ≤ lastIndex; undefined outside. */
  term(index: number): number | undefined
  firstIndex(): number
  lastIndex(): number
  /** The latest snapshot; undefined if none can be had just now. */
  snapshot(): Snapshot | undefined
}

const EMPTY_SNAPSHOT: Snapshot = Object.freeze({ index: 0, term: 0, confState: EMPTY_CONF_STATE, data: undefined })

/** A log in memory. A host that models a disk writes to it when the modelled write is durable. */
export class MemoryStorage implements Storage {
  #hardState: HardState = { term: 0, vote: NONE, commit: 0 }
  #snapshot: Snapshot = EMPTY_SNAPSHOT
  /** Index and term of the entry just before the first one held. */
  #baseIndex = 0
  #baseTerm = 0
  #entries: Entry[] = []

  initialState(): { readonly hardState: HardState; readonly confState: ConfState } {
    return { hardState: this.#hardState, confState: this.#snapshot.confState }
  }

  entries(lo: number, hi: number, maxSize: number): readonly Entry[] | undefined {
    if (lo <= this.#baseIndex) return undefined
    assert(hi <= this.lastIndex() + 1, 'entries beyond the end of the log were asked for')
    return limitSize(this.#entries, lo - this.#baseIndex - 1, hi - this.#baseIndex - 1, maxSize)
  }

  term(index: number): number | undefined {
    if (index === this.#baseIndex) return this.#baseTerm
    return this.#entries[index - this.#baseIndex - 1]?.term
  }

  firstIndex(): number {
    return this.#baseIndex + 1
  }

  lastIndex(): number {
    return this.#baseIndex + this.#entries.length
  }

  snapshot(): Snapshot {
    return this.#snapshot
  }

  setHardState(hardState: HardState): void {
    this.#hardState = hardState
  }

  /** Replaces the whole log by a snapshot; refused if it is older than the one held. */
  applySnapshot(snapshot: Snapshot): StorageError | undefined {
    if (this.#snapshot.index >= snapshot.index) return 'requested index is older than the existing snapshot'
    this.#snapshot = snapshot
    this.#baseIndex = snapshot.index
    this.#baseTerm = snapshot.term
    this.#entries = []
    return undefined
  }

  /** Takes a snapshot of the state at `index`; the log itself is shortened by {@link compact} only. */
  createSnapshot(index: number, confState: ConfState | undefined, data: unknown): Snapshot | StorageError {
    if (index <= this.#snapshot.index) return 'requested index is older than the existing snapshot'
    const term = this.term(index)
    assert(term !== undefined, 'a snapshot is taken of an index in the log')
    this.#snapshot = { index, term, confState: confState ?? this.#snapshot.confState, data }
    return this.#snapshot
  }

  /** Forgets all entries up to and including `index`. */
  compact(index: number): StorageError | undefined {
    if (index <= this.#baseIndex) return 'requested index is unavailable due to compaction'
    const term = this.term(index)
    assert(term !== undefined, 'the log is compacted at an index it holds')
    this.#entries.splice(0, index - this.#baseIndex)
    this.#baseIndex = index
    this.#baseTerm = term
    return undefined
  }

  /** Writes entries at their indexes: what was there and beyond is replaced, what is compacted is skipped. */
  append(entries: readonly Entry[]): void {
    const last = entries[entries.length - 1]
    if (last === undefined || last.index <= this.#baseIndex) return
    const first = entries[0]!.index
    assert(first <= this.lastIndex() + 1, 'a log has no gaps')
    const from = Math.max(first, this.#baseIndex + 1)
    const kept = from - this.#baseIndex - 1
    // Setting the length of a list is slow, even where it changes nothing.
    if (this.#entries.length !== kept) this.#entries.length = kept
    for (let i = from - first; i < entries.length; i++) this.#entries.push(entries[i]!)
  }
}

/** The part from..to (positions) of a list, cut to `maxSize` bytes but never below one entry. */
export function limitSize(entries: readonly Entry[], from: number, to: number, maxSize: number): readonly Entry[] {
  if (from >= to) return NO_ENTRIES
  let end = to
  if (maxSize !== Number.POSITIVE_INFINITY) {
    let size = entrySize(entries[from]!)
    for (end = from + 1; end < to; end++) {
      size += entrySize(entries[end]!)
      if (size > maxSize) break
    }
  }
  return entries.slice(from, end)
}
