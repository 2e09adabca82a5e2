import type { DurableState } from '../observe/invariants/subject.ts'
import { MemoryStorage } from '../raft/storage.ts'
import type { ConfState, Entry, HardState, Snapshot } from '../raft/types.ts'
import type { MachineState } from './machine.ts'

/** Work that one write to the log makes durable. */
export interface DiskWrite {
  readonly hardState: HardState | undefined
  readonly entries: readonly Entry[]
  readonly snapshot: Snapshot | undefined
}

/**
 * What survives a crash: log, hard state, snapshot, and the state machine as of its last commit to its own file.
 * Raft reads its log here. A commit index that came without anything to sync lies in the page cache until the next write.
 */
export class CheckedDisk implements DurableState {
  readonly storage = new MemoryStorage()
  machine: MachineState
  #unsynced: HardState | undefined

  constructor(initial: ConfState | undefined, machine: MachineState) {
    this.machine = machine
    if (initial === undefined) return
    this.storage.applySnapshot({ index: 1, term: 1, confState: initial, data: machine })
    this.storage.setHardState({ term: 1, vote: 0, commit: 1 })
  }

  hardState(): HardState {
    return this.storage.initialState().hardState
  }

  firstIndex(): number {
    return this.storage.firstIndex()
  }

  lastIndex(): number {
    return this.storage.lastIndex()
  }

  term(index: number): number | undefined {
    return this.storage.term(index)
  }

  /** A change of the commit index alone is written without a sync. */
  cache(hardState: HardState): void {
    this.#unsynced = hardState
  }

  /** Everything named is durable, and so is what lay in the cache. */
  write({ hardState, entries, snapshot }: DiskWrite): void {
    this.#flush()
    if (snapshot !== undefined && this.storage.applySnapshot(snapshot) === undefined) {
      this.machine = snapshot.data as MachineState
    }
    if (entries.length > 0) this.storage.append(entries)
    if (hardState !== undefined) this.#set(hardState)
  }

  /** A crash in the middle of a write: the first `count` entries are there, what came behind them is not. */
  tear({ entries, snapshot }: DiskWrite, count: number): void {
    // A snapshot counts only once the record behind it is written, so a torn one is as good as none.
    if (snapshot !== undefined) return
    const written = entries.slice(0, count)
    if (written.length > 0) this.storage.append(written)
  }

  /** A crash: what lay in the cache is gone. */
  crash(): void {
    this.#unsynced = undefined
  }

  /** Saves the state machine and a snapshot of it, and forgets all but `keep` entries before it. */
  snapshot(machine: MachineState, confState: ConfState, keep: number): void {
    this.#flush()
    this.machine = machine
    const index = machine.applied
    if (typeof this.storage.createSnapshot(index, confState, machine) === 'string') return
    const hardState = this.hardState()
    if (hardState.commit < index) this.storage.setHardState({ ...hardState, commit: index })
    if (index - keep > this.storage.firstIndex()) this.storage.compact(index - keep)
  }

  /** A snapshot taken meanwhile implies a commit that a write begun earlier does not know of. */
  #set(hardState: HardState): void {
    const commit = Math.max(hardState.commit, this.storage.snapshot().index)
    this.storage.setHardState({ ...hardState, commit })
  }

  #flush(): void {
    if (this.#unsynced !== undefined) this.#set(this.#unsynced)
    this.#unsynced = undefined
  }
}
