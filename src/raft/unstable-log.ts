import { assert } from '../base/assert.ts'
import { limitSize } from './storage.ts'
import { type Entry, NO_ENTRIES, type Snapshot } from './types.ts'

/**
 * The tail of the log that is not yet known to be durable, and a received snapshot that is not.
 * What the host has taken to write is "in progress": still unstable, but not handed out again.
 */
export class UnstableLog {
  snapshot: Snapshot | undefined
  snapshotInProgress = false
  /** Index of the first unstable entry. */
  offset: number
  /** Index of the first unstable entry not yet handed to the host. */
  offsetInProgress: number
  #entries: Entry[] = []

  constructor(offset: number) {
    this.offset = offset
    this.offsetInProgress = offset
  }

  get length(): number {
    return this.#entries.length
  }

  /** Index of the last unstable entry or of the snapshot; undefined if there is neither. */
  get lastIndex(): number | undefined {
    return this.#entries.length > 0 ? this.offset + this.#entries.length - 1 : this.snapshot?.index
  }

  term(index: number): number | undefined {
    if (index >= this.offset) return this.#entries[index - this.offset]?.term
    return this.snapshot !== undefined && this.snapshot.index === index ? this.snapshot.term : undefined
  }

  get hasNextEntries(): boolean {
    return this.offsetInProgress < this.offset + this.#entries.length
  }

  /** Entries the host has not taken yet. */
  nextEntries(): readonly Entry[] {
    return this.hasNextEntries ? this.#entries.slice(this.offsetInProgress - this.offset) : NO_ENTRIES
  }

  nextSnapshot(): Snapshot | undefined {
    return this.snapshotInProgress ? undefined : this.snapshot
  }

  /** Entries lo ≤ index < hi, all of them unstable, cut to `maxSize` bytes. */
  slice(lo: number, hi: number, maxSize: number): readonly Entry[] {
    return limitSize(this.#entries, lo - this.offset, hi - this.offset, maxSize)
  }

  /** The host has taken everything. */
  acceptInProgress(): void {
    this.offsetInProgress = this.offset + this.#entries.length
    this.snapshotInProgress = this.snapshot !== undefined
  }

  /** Everything up to this entry is durable, if it is still the entry in the log. */
  stableTo(index: number, term: number): void {
    // Another term means that the entry has been replaced since; before the offset it was stable already.
    if (index < this.offset || this.term(index) !== term) return
    // Mostly all of them: a new list is quicker than taking things out of the old one.
    this.#entries = this.lastIndex === index ? [] : this.#entries.slice(index + 1 - this.offset)
    this.offset = index + 1
    this.offsetInProgress = Math.max(this.offsetInProgress, this.offset)
  }

  stableSnapshotTo(index: number): void {
    if (this.snapshot?.index !== index) return
    this.snapshot = undefined
    this.snapshotInProgress = false
  }

  /** Starts anew after a received snapshot. */
  restore(snapshot: Snapshot): void {
    this.offset = snapshot.index + 1
    this.offsetInProgress = this.offset
    this.#entries = []
    this.snapshot = snapshot
    this.snapshotInProgress = false
  }

  /** Writes entries at their indexes; what was there and beyond is gone. */
  append(entries: readonly Entry[]): void {
    const first = entries[0]!.index
    assert(first <= this.offset + this.#entries.length, 'a log has no gaps')
    if (first <= this.offset) {
      this.offset = first
      this.offsetInProgress = first
      this.#entries = entries.slice()
      return
    }
    if (this.#entries.length !== first - this.offset) this.#entries.length = first - this.offset
    this.offsetInProgress = Math.min(this.offsetInProgress, first)
    for (let i = 0; i < entries.length; i++) this.#entries.push(entries[i]!)
  }
}
