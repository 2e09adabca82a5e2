import type { Comparison, KeyOperation, Transaction } from './requests.ts'

/** A key as it is now. */
export interface KeyValue {
  readonly value: string
  readonly createRevision: number
  readonly modRevision: number
  /** Puts since the key was created. */
  readonly version: number
  /** 0: none. */
  readonly lease: number
}

/** What an operation saw or did. */
export interface OperationResult {
  readonly revision: number
  readonly value?: string | undefined
  readonly modRevision?: number
  readonly succeeded?: boolean
}

/** One version of a key that is kept until it is compacted; `undefined`: the key was deleted. */
interface Version {
  readonly revision: number
  readonly entry: KeyValue | undefined
}

/** Bytes that a stored revision takes beside key and value: its own key in the backend and the record's fields. */
const REVISION_OVERHEAD = 40

/**
 * etcd's key-value space: one revision for each entry of the log that changes something, old ones kept until they are
 * compacted. The same entries give the same store and the same hash on every member (storage/mvcc).
 */
export class KeyValueStore {
  /** Starts at 1, as etcd's does. */
  #revision = 1
  #compacted = 0
  #bytes = 0
  readonly #versions: Map<string, Version[]>

  constructor(from?: KeyValueStore) {
    this.#versions = new Map()
    if (from === undefined) return
    this.#revision = from.#revision
    this.#compacted = from.#compacted
    this.#bytes = from.#bytes
    for (const [key, versions] of from.#versions) this.#versions.set(key, versions.slice())
  }

  get revision(): number {
    return this.#revision
  }

  /** Revisions up to this one are gone, but for what they left. */
  get compacted(): number {
    return this.#compacted
  }

  /** Bytes in use by keys, values and kept revisions. */
  get bytes(): number {
    return this.#bytes
  }

  /** A key as it is now; undefined if it does not exist. */
  get(key: string): KeyValue | undefined {
    return this.#versions.get(key)?.at(-1)?.entry
  }

  /** A key as it was at a revision that is kept. */
  getAt(key: string, revision: number): KeyValue | undefined {
    return this.#versions.get(key)?.findLast((version) => version.revision <= revision)?.entry
  }

  /** All keys that exist, in the order of their creation. */
  keys(): string[] {
    return [...this.#versions.keys()].filter((key) => this.get(key) !== undefined)
  }

  /** Does one operation at a revision of its own. */
  apply(operation: KeyOperation): OperationResult {
    return this.#write([operation])
  }

  /** Does one branch of a transaction, all of it at one revision. */
  transact(transaction: Transaction): OperationResult {
    const succeeded = transaction.compare.every((comparison) => this.#holds(comparison))
    return { ...this.#write(succeeded ? transaction.success : transaction.failure), succeeded }
  }

  /** Forgets what is older than `revision` and no longer current; false if that is done already or not yet possible. */
  compact(revision: number): 'done' | 'compacted' | 'future-revision' {
    if (revision <= this.#compacted) return 'compacted'
    if (revision > this.#revision) return 'future-revision'
    this.#compacted = revision
    for (const [key, versions] of this.#versions) {
      const current = versions.findLastIndex((version) => version.revision <= revision)
      const dead = current >= 0 && versions[current]!.entry === undefined
      for (const version of versions.splice(0, dead ? current + 1 : Math.max(0, current))) {
        this.#bytes -= bytesOf(key, version.entry)
      }
      if (versions.length === 0) this.#versions.delete(key)
    }
    return 'done'
  }

  /** Adds to the revision and declares all before it compacted: watchers must list anew (etcdutl, --bump-revision). */
  bump(by: number, markCompacted: boolean): void {
    this.#revision += by
    if (markCompacted) this.#compacted = this.#revision
  }

  /** Number that differs, but for accidents, when anything kept differs (HashKV). */
  hash(): number {
    let hash = 2166136261
    for (const [key, versions] of this.#versions) {
      for (const { revision, entry } of versions) {
        const text = `${key}\u0000${revision}\u0000${entry?.value}\u0000${entry?.lease}\u0001`
        for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619)
      }
    }
    return hash >>> 0
  }

  #holds(comparison: Comparison): boolean {
    const entry = this.get(comparison.key)
    if ('modRevision' in comparison) return (entry?.modRevision ?? 0) === comparison.modRevision
    return entry?.value === comparison.value
  }

  #write(operations: readonly KeyOperation[]): OperationResult {
    const revision = this.#revision + 1
    let changed = false
    let read: KeyValue | undefined
    for (const operation of operations) {
      if (operation.kind === 'get') read = this.get(operation.key)
      else if (this.#change(operation, revision)) changed = true
    }
    if (changed) this.#revision = revision
    return { revision: this.#revision, value: read?.value, modRevision: read?.modRevision ?? 0 }
  }

  /** Puts or deletes; false if there was nothing to delete. */
  #change(operation: Exclude<KeyOperation, { kind: 'get' }>, revision: number): boolean {
    const { key } = operation
    const old = this.get(key)
    if (operation.kind === 'delete' && old === undefined) return false
    const entry: KeyValue | undefined =
      operation.kind === 'delete'
        ? undefined
        : {
            value: operation.value,
            createRevision: old?.createRevision ?? revision,
            modRevision: revision,
            version: (old?.version ?? 0) + 1,
            lease: operation.lease ?? 0,
          }
    const versions = this.#versions.get(key)
    if (versions === undefined) this.#versions.set(key, [{ revision, entry }])
    else versions.push({ revision, entry })
    this.#bytes += bytesOf(key, entry)
    return true
  }
}

function bytesOf(key: string, entry: KeyValue | undefined): number {
  return key.length + (entry?.value.length ?? 0) + REVISION_OVERHEAD
}
