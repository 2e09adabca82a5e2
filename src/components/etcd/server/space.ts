import type { AlarmKind, Command } from './requests.ts'

/** quota-backend-bytes 0 means this: 2 GiB (server/storage/quota.go). */
export const DEFAULT_QUOTA: number = 2 * 1024 * 1024 * 1024
/** What the quota reckons for a key beside its bytes, and for a lease (server/storage/quota.go). */
const KEY_OVERHEAD = 256
const LEASE_OVERHEAD = 64

/** Bytes by which the quota expects a command to enlarge the backend; 0 for all that passes a full one. */
function quotaCost(command: Command): number {
  switch (command.kind) {
    case 'put':
      return KEY_OVERHEAD + command.key.length + command.value.length
    case 'txn': {
      const cost = (operations: readonly Command[]): number =>
        operations.reduce((sum, each) => sum + quotaCost(each), 0)
      return Math.max(cost(command.success), cost(command.failure))
    }
    case 'lease-grant':
      return LEASE_OVERHEAD
    default:
      return 0
  }
}

/**
 * Whether the quota is exceeded by a command: then the member that was asked raises the NOSPACE alarm and refuses it
 * (api/v3rpc/quota.go). What a compaction frees is used again but not given back: the file shrinks by defragmentation
 * only, and the quota counts the file.
 */
export function exceedsQuota(command: Command, fileBytes: number, quota: number): boolean {
  const cost = quotaCost(command)
  return cost > 0 && fileBytes + cost >= quota
}

/**
 * How alarms turn a command away when it is applied. NOSPACE: what needs space; deletes, compaction, leases revoked and
 * alarms pass, so that space can be made. CORRUPT: everything that changes data (server/etcdserver/apply).
 */
export function refusedByAlarm(command: Command, alarms: ReadonlySet<AlarmKind>): 'no-space' | 'corrupt' | undefined {
  const administrative = command.kind === 'alarm' || command.kind === 'publish'
  if (alarms.has('CORRUPT') && !administrative) return 'corrupt'
  if (alarms.has('NOSPACE') && quotaCost(command) > 0) return 'no-space'
  return undefined
}
