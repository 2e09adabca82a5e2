import { assert } from '../base/assert.ts'
import { entrySize } from './entry-size.ts'
import type { Storage } from './storage.ts'
import { type Entry, NO_ENTRIES, type Snapshot } from './types.ts'
import { UnstableLog } from './unstable-log.ts'

/** Bytes of a list of entries as encoded. */
function sizeOf(entries: readonly Entry[]): number {
  let size = 0
  for (let i = 0; i < entries.length; i++) size += entrySize(entries[i]!)
  return size
}

/** The whole log of a member: durable part and unstable tail, with the commit and apply cursors. */
export class RaftLog {
  readonly unstable: UnstableLog
  /** Highest index known to be on a quorum. */
  committed: number
  /** Highest index handed to the host for application; applied ≤ applying ≤ committed. */
  applying: number
  /** Highest index the host has applied. */
  applied: number
  readonly #storage: Storage
  readonly #maxApplyingSize: number
  #applyingSize = 0
  #applyingPaused = false

  constructor(storage: Storage, maxApplyingSize: number) {
    this.#storage = storage
    this.#maxApplyingSize = maxApplyingSize
    this.unstable = new UnstableLog(storage.lastIndex() + 1)
    this.committed = storage.firstIndex() - 1
    this.applying = this.committed
    this.applied = this.committed
  }

  get firstIndex(): number {
    const { snapshot } = this.unstable
    return snapshot === undefined ? this.#storage.firstIndex() : snapshot.index + 1
  }

  get lastIndex(): number {
    return this.unstable.lastIndex ?? this.#storage.lastIndex()
  }

  get lastTerm(): number {
    return this.termOrZero(this.lastIndex)
  }

  /** Term of an entry; undefined if it is compacted (but for the one just before the first) or not there. */
  term(index: number): number | undefined {
    const unstable = this.unstable.term(index)
    if (unstable !== undefined) return unstable
    if (index + 1 < this.firstIndex || index > this.lastIndex) return undefined
    return this.#storage.term(index)
  }

  termOrZero(index: number): number {
    return this.term(index) ?? 0
  }

  matchTerm(index: number, term: number): boolean {
    return this.term(index) === term
  }

  /** Whether a candidate whose log ends so may have this member's vote. */
  isUpToDate(index: number, term: number): boolean {
    const { lastTerm } = this
    return term > lastTerm || (term === lastTerm && index >= this.lastIndex)
  }

  snapshot(): Snapshot | undefined {
    return this.unstable.snapshot ?? this.#storage.snapshot()
  }

  /** Entries from `lo` to the end, cut to `maxSize` bytes; undefined if `lo` is compacted. */
  entriesFrom(lo: number, maxSize: number): readonly Entry[] | undefined {
    const { lastIndex } = this
    return lo > lastIndex ? NO_ENTRIES : this.slice(lo, lastIndex + 1, maxSize)
  }

  /** Entries lo ≤ index < hi, cut to `maxSize` bytes but at least one; undefined if `lo` is compacted. */
  slice(lo: number, hi: number, maxSize: number): readonly Entry[] | undefined {
    if (lo < this.firstIndex) return undefined
    assert(hi <= this.lastIndex + 1, 'entries beyond the end of the log were asked for')
    if (lo >= hi) return NO_ENTRIES
    const { offset } = this.unstable
    if (lo >= offset) return this.unstable.slice(lo, hi, maxSize)
    const cut = Math.min(hi, offset)
    const stable = this.#storage.entries(lo, cut, maxSize)
    if (stable === undefined || hi <= offset || stable.length < cut - lo) return stable
    return this.#extend(stable, offset, hi, maxSize)
  }

  /** Adds unstable entries to stable ones as far as the size allows. */
  #extend(stable: readonly Entry[], lo: number, hi: number, maxSize: number): readonly Entry[] {
    if (maxSize === Number.POSITIVE_INFINITY) return stable.concat(this.unstable.slice(lo, hi, maxSize))
    const size = sizeOf(stable)
    if (size >= maxSize) return stable
    const tail = this.unstable.slice(lo, hi, maxSize - size)
    // The first entry of a cut list may be over the limit on its own: it waits for the next list.
    return size + sizeOf(tail) > maxSize ? stable : stable.concat(tail)
  }

  /** Adds entries at the end or over a conflicting tail. */
  append(entries: readonly Entry[]): void {
    if (entries.length === 0) return
    assert(entries[0]!.index > this.committed, 'a committed entry is never replaced')
    this.unstable.append(entries)
  }

  /**
   * Takes a leader's entries after (index, term): returns the last index now known to match, or undefined if the entry
   * before them does not match. Entries already here are kept: an old, reordered append must not cut the log.
   */
  maybeAppend(index: number, term: number, commit: number, entries: readonly Entry[]): number | undefined {
    if (!this.matchTerm(index, term)) return undefined
    const last = index + entries.length
    for (let i = 0; i < entries.length; i++) {
      if (this.matchTerm(entries[i]!.index, entries[i]!.term)) continue
      this.append(i === 0 ? entries : entries.slice(i))
      break
    }
    this.commitTo(Math.min(commit, last))
    return last
  }

  /** Highest index up to `index` whose term is at most `term`, or is unknown. */
  findConflictByTerm(index: number, term: number): number {
    for (let guess = index; guess > 0; guess--) {
      const own = this.term(guess)
      if (own === undefined || own <= term) return guess
    }
    return 0
  }

  commitTo(index: number): void {
    if (index <= this.committed) return
    assert(
      index <= this.lastIndex,
      `commit ${index} is beyond the log's end ${this.lastIndex}: acknowledged entries were lost`,
    )
    this.committed = index
  }

  /** Commits up to `index` if that entry is of the leader's own term (Raft paper, figure 8). */
  maybeCommit(index: number, term: number): boolean {
    if (index <= this.committed || term === 0 || this.termOrZero(index) !== term) return false
    this.commitTo(index)
    return true
  }

  /** Replaces everything by a received snapshot. */
  restore(snapshot: Snapshot): void {
    this.committed = snapshot.index
    this.unstable.restore(snapshot)
  }

  #maxAppliable(allowUnstable: boolean): number {
    return allowUnstable ? this.committed : Math.min(this.committed, this.unstable.offset - 1)
  }

  /** Whether there is something to apply; a snapshot comes first, alone. */
  hasNextCommitted(allowUnstable: boolean): boolean {
    if (this.#applyingPaused || this.unstable.snapshot !== undefined) return false
    return this.applying < this.#maxAppliable(allowUnstable)
  }

  /** Entries to apply next, within the limit on what is being applied. */
  nextCommitted(allowUnstable: boolean): readonly Entry[] {
    if (!this.hasNextCommitted(allowUnstable)) return NO_ENTRIES
    const maxSize = this.#maxApplyingSize - this.#applyingSize
    const entries = this.slice(this.applying + 1, this.#maxAppliable(allowUnstable) + 1, maxSize)
    assert(entries !== undefined, 'entries not yet applied are never compacted')
    return entries
  }

  /** The host has taken these entries to apply them. */
  acceptApplying(entries: readonly Entry[], allowUnstable: boolean): void {
    const last = entries[entries.length - 1]!.index
    assert(last <= this.committed, 'only committed entries are applied')
    this.applying = last
    if (this.#maxApplyingSize === Number.POSITIVE_INFINITY) return
    this.#applyingSize += sizeOf(entries)
    // Entries held back by the limit wait until some are acknowledged.
    this.#applyingPaused = this.#applyingSize >= this.#maxApplyingSize || last < this.#maxAppliable(allowUnstable)
  }

  /** The host has applied up to `index`, of which `entries` were handed out by {@link nextCommitted}. */
  appliedTo(index: number, entries: readonly Entry[]): void {
    assert(index <= this.committed, 'only committed entries are applied')
    assert(index >= this.applied, 'the applied index never falls')
    this.applied = index
    this.applying = Math.max(this.applying, index)
    if (this.#maxApplyingSize === Number.POSITIVE_INFINITY) return
    this.#applyingSize = Math.max(0, this.#applyingSize - sizeOf(entries))
    this.#applyingPaused = this.#applyingSize >= this.#maxApplyingSize
  }
}
