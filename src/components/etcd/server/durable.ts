import type { Disk } from '../../../infra/disk.ts'
import { MemoryStorage } from '../../../raft/storage.ts'
import type { Entry, HardState } from '../../../raft/types.ts'
import { changeContext } from './proposals.ts'
import type { MemberRequest } from './requests.ts'
import type { ReplicatedState } from './state.ts'

/** The backend commits what was applied every so often (storage/backend/backend.go, batch interval); ms. */
export const BACKEND_COMMIT = 100

/** What survives the process: its log, and its backend as of the last commit. */
export interface DataDirectory {
  readonly disk: Disk
  /** Members whose clusters differ do not listen to each other. */
  readonly clusterId: string
  storage: MemoryStorage
  /** Undefined until the first commit: everything is in the log. */
  backend: ReplicatedState | undefined
}

/** Identity of a cluster that was given no name. */
const CLUSTER = 'etcd-cluster'

/** An empty data directory: of a member that joins a running cluster, whose identity it asks the others for. */
export function emptyDirectory(disk: Disk, clusterId: string = CLUSTER): DataDirectory {
  return { disk, clusterId, storage: new MemoryStorage(), backend: undefined }
}

/** A log of committed membership changes, one for each member: how new, restored and forced clusters begin. */
export function writeMembers(storage: MemoryStorage, changes: readonly MemberRequest[], hardState: HardState): void {
  const first = storage.lastIndex() + 1
  const entries = changes.map(
    (change, position): Entry => ({
      term: hardState.term,
      index: first + position,
      type: 'EntryConfChange',
      data: {
        kind: 'conf-change',
        transition: 'auto',
        changes: [{ type: change.kind === 'member-remove' ? 'remove' : 'add-voter', nodeId: change.member }],
        context: changeContext(change, 0, 0),
      },
    }),
  )
  storage.append(entries)
  storage.setHardState(hardState)
}

/** A member of a new cluster: term 1, everybody's addition committed (server/etcdserver/bootstrap.go). */
export function newClusterDirectory(
  disk: Disk,
  members: readonly { readonly id: number; readonly name: string }[],
  clusterId: string = CLUSTER,
): DataDirectory {
  const directory = emptyDirectory(disk, clusterId)
  const changes = members.map(({ id, name }) => ({ kind: 'member-add', member: id, name, learner: false }) as const)
  writeMembers(directory.storage, changes, { term: 1, vote: 0, commit: changes.length })
  return directory
}
