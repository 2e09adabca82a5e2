import type { Disk } from '../../../infra/disk.ts'
import { MemoryStorage } from '../../../raft/storage.ts'
import { type DataDirectory, newClusterDirectory, writeMembers } from './durable.ts'
import type { MemberRequest } from './requests.ts'
import type { ReplicatedState } from './state.ts'
import { type EtcdVersion, isSince } from './version.ts'

/** A file made by `etcdctl snapshot save`: one member's backend at one moment. */
export interface SnapshotFile {
  readonly state: ReplicatedState
  readonly revision: number
  readonly hash: number
}

/** Reads one member's backend as it is; it may lag behind the others. Everything written later is not in it. */
export function saveSnapshot(state: ReplicatedState): SnapshotFile {
  const copy = state.clone()
  return { state: copy, revision: copy.store.revision, hash: copy.store.hash() }
}

/** How a snapshot is restored (etcdutl snapshot restore). */
export interface RestoreOptions {
  readonly version: EtcdVersion
  /** --initial-cluster. */
  readonly members: readonly { readonly id: number; readonly name: string }[]
  /** --initial-cluster-token: another one gives other identities. */
  readonly token: string
  /** --bump-revision, from 3.4.27, 3.5.10 and 3.6: added to the revision, so that clients cannot see it go back. */
  readonly bumpRevision?: number
  /** --mark-compacted: watchers from before must list anew. */
  readonly markCompacted?: boolean
}

/** Whether revisions can be raised when a snapshot is restored. */
function canBumpRevision(version: EtcdVersion): boolean {
  return isSince(version, { '3.4': 27, '3.5': 10, '3.6': 0 })
}

/**
 * One member's data directory of a new cluster with the keys of the snapshot: new cluster identity, new member list, log
 * from term 1, consistent index 0. What was written after the snapshot is lost; without a bump its revisions will be
 * given out a second time.
 */
export function restoreSnapshot(file: SnapshotFile, disk: Disk, options: RestoreOptions): DataDirectory {
  const clusterId = `${options.token}/${options.members.map(({ name }) => name).join(',')}`
  const directory = newClusterDirectory(disk, options.members, clusterId)
  const state = file.state.clone(clusterId)
  state.index = 0
  state.term = 0
  state.members = { members: [], removed: new Set() }
  if (options.bumpRevision !== undefined && canBumpRevision(options.version)) {
    state.store.bump(options.bumpRevision, options.markCompacted === true)
  }
  directory.backend = state
  return directory
}

/** What is lost by going back to a snapshot: revisions that clients had been told of. */
export function lostRevisions(file: SnapshotFile, acknowledgedRevision: number): number {
  return Math.max(0, acknowledgedRevision - file.revision)
}

/**
 * `--force-new-cluster`: goes on alone from one member's data. Uncommitted entries are dropped, everybody else is removed
 * by changes that count as committed; the cluster's identity stays, so that old peers that still live would talk to it.
 * Learners are removed with the others from 3.5.25 and 3.6.6 on; before, they stay on the list (bootstrap.go).
 */
export function forceNewCluster(directory: DataDirectory, self: number, version: EtcdVersion): DataDirectory {
  const { hardState, confState } = directory.storage.initialState()
  const commit = Math.max(hardState.commit, directory.backend?.index ?? 0)
  const storage = copyUntil(directory.storage, commit)
  const alone = membersAt(storage, commit, confState)
  const removesLearners = isSince(version, { '3.5': 25, '3.6': 6 })
  const changes: MemberRequest[] = []
  for (const [id, learner] of alone) {
    if (id !== self && (!learner || removesLearners)) changes.push({ kind: 'member-remove', member: id })
  }
  writeMembers(storage, changes, { ...hardState, commit: commit + changes.length })
  return { ...directory, storage }
}

/** The log up to an index; what comes after was never promised to anybody. */
function copyUntil(from: MemoryStorage, index: number): MemoryStorage {
  const storage = new MemoryStorage()
  const snapshot = from.snapshot()
  if (snapshot.index > 0) storage.applySnapshot(snapshot)
  const entries = from.entries(Math.max(from.firstIndex(), snapshot.index + 1), index + 1, Number.POSITIVE_INFINITY)
  if (entries !== undefined) storage.append(entries)
  return storage
}

/** Members, and whether they are learners, after the membership changes of the log up to `commit`. */
function membersAt(
  storage: MemoryStorage,
  commit: number,
  base: { readonly voters: readonly number[]; readonly learners: readonly number[] },
): ReadonlyMap<number, boolean> {
  const members = new Map<number, boolean>()
  for (const id of base.voters) members.set(id, false)
  for (const id of base.learners) members.set(id, true)
  for (const { data } of storage.entries(storage.firstIndex(), commit + 1, Number.POSITIVE_INFINITY) ?? []) {
    if (typeof data !== 'object' || data.kind !== 'conf-change') continue
    for (const { type, nodeId } of data.changes) {
      if (type === 'remove') members.delete(nodeId)
      else members.set(nodeId, type === 'add-learner')
    }
  }
  return members
}
