import type { Lease } from './lessor.ts'
import { changeList, type MemberList, refuseAtApply } from './membership.ts'
import type { AlarmKind, Command, KeyOperation, MemberRequest, Outcome } from './requests.ts'
import { refusedByAlarm } from './space.ts'
import { KeyValueStore } from './store.ts'

/** Alarms by the member that raised them. */
type Alarms = ReadonlyMap<number, ReadonlySet<AlarmKind>>

const NO_ALARMS: ReadonlySet<AlarmKind> = new Set()

/**
 * All that is replicated: keys, leases, alarms and the list of members, up to and including one entry of the log.
 * Nothing in it depends on the member or its clock, so that members with the same log are equal.
 */
export class ReplicatedState {
  /** Index of the last entry that is in it (consistent_index): written in one transaction with the data. */
  index: number
  /** Term of that entry. */
  term: number
  readonly store: KeyValueStore
  readonly leases: Map<number, Lease>
  members: MemberList
  /** Changes with every restored snapshot file; members of different clusters refuse each other. */
  readonly clusterId: string
  #alarms: Alarms
  /** Bytes of the backend's file: grows with the data, shrinks by defragmentation only. */
  #fileBytes: number
  readonly #grantedTtl: (ttl: number) => number

  constructor(clusterId: string, grantedTtl: (ttl: number) => number, from?: ReplicatedState) {
    this.clusterId = clusterId
    this.#grantedTtl = grantedTtl
    this.index = from?.index ?? 0
    this.term = from?.term ?? 0
    this.store = new KeyValueStore(from?.store)
    this.leases = new Map(from?.leases)
    this.members = from?.members ?? { members: [], removed: new Set() }
    this.#alarms = from === undefined ? new Map() : from.#alarms
    this.#fileBytes = from === undefined ? 0 : from.#fileBytes
  }

  /** A copy that later changes leave alone: what a backend commit or a snapshot holds. */
  clone(clusterId: string = this.clusterId): ReplicatedState {
    return new ReplicatedState(clusterId, this.#grantedTtl, this)
  }

  /** Alarms of any member. */
  get alarms(): ReadonlySet<AlarmKind> {
    if (this.#alarms.size === 0) return NO_ALARMS
    return new Set([...this.#alarms.values()].flatMap((kinds) => [...kinds]))
  }

  /** Bytes of the backend's file. */
  get fileBytes(): number {
    return this.#fileBytes
  }

  /** Gives free pages back: the file is as large as what is in it. */
  shrinkFile(): void {
    this.#fileBytes = this.store.bytes
  }

  /** Applies a command of the log and says what its client is told. */
  apply(command: Command): Outcome {
    const refusal = refusedByAlarm(command, this.alarms)
    if (refusal !== undefined) return { ok: false, error: refusal }
    const outcome = this.#do(command)
    this.#fileBytes = Math.max(this.#fileBytes, this.store.bytes)
    return outcome
  }

  /** Carries a membership change out, or says why not: then Raft must be told that nobody changed. */
  changeMembers(request: MemberRequest): Outcome {
    const error = refuseAtApply(request, this.members)
    if (error !== undefined) return { ok: false, error }
    this.members = changeList(request, this.members)
    return { ok: true, revision: this.store.revision }
  }

  #do(command: Command): Outcome {
    const { store } = this
    switch (command.kind) {
      case 'get':
      case 'put':
      case 'delete':
        return this.#changeKeys([command]) ?? { ok: true, ...store.apply(command) }
      case 'txn':
        return this.#changeKeys([...command.success, ...command.failure]) ?? { ok: true, ...store.transact(command) }
      case 'compact': {
        const done = store.compact(command.revision)
        return done === 'done' ? { ok: true, revision: store.revision } : { ok: false, error: done }
      }
      case 'lease-grant': {
        if (this.leases.has(command.lease)) return { ok: false, error: 'lease-exists' }
        const ttl = this.#grantedTtl(command.ttl)
        this.leases.set(command.lease, { id: command.lease, ttl, keys: new Set() })
        return { ok: true, revision: store.revision, ttl }
      }
      case 'lease-revoke':
        return this.#revoke(command.lease)
      case 'alarm':
        if (command.action !== 'get') this.#alarm(command.member, command.alarm, command.action === 'activate')
        return { ok: true, revision: store.revision, alarms: [...this.alarms] }
      case 'publish':
        this.members = {
          ...this.members,
          members: this.members.members.map((each) =>
            each.id === command.member ? { ...each, name: command.name } : each,
          ),
        }
        return { ok: true, revision: store.revision }
    }
  }

  /** Attaches put keys to their leases, and detaches what is put without one; a lease that is not there refuses all. */
  #changeKeys(operations: readonly KeyOperation[]): Outcome | undefined {
    const puts = operations.filter((operation) => operation.kind === 'put')
    if (puts.some(({ lease }) => lease !== undefined && !this.leases.has(lease))) {
      return { ok: false, error: 'lease-not-found' }
    }
    for (const { key, lease } of puts) {
      const before = this.store.get(key)?.lease ?? 0
      if (before !== 0 && before !== lease) this.#attach(before, key, false)
      if (lease !== undefined) this.#attach(lease, key, true)
    }
    return undefined
  }

  #attach(id: number, key: string, attached: boolean): void {
    const lease = this.leases.get(id)
    if (lease === undefined) return
    const keys = new Set(lease.keys)
    if (attached) keys.add(key)
    else keys.delete(key)
    this.leases.set(id, { ...lease, keys })
  }

  /** A lease goes with all its keys, at one revision. */
  #revoke(id: number): Outcome {
    const lease = this.leases.get(id)
    if (lease === undefined) return { ok: false, error: 'lease-not-found' }
    this.leases.delete(id)
    const success = [...lease.keys].sort().map((key) => ({ kind: 'delete', key }) as const)
    const { revision } = this.store.transact({ kind: 'txn', compare: [], success, failure: [] })
    return { ok: true, revision }
  }

  #alarm(member: number, alarm: AlarmKind, active: boolean): void {
    const kinds = new Set(this.#alarms.get(member))
    if (active) kinds.add(alarm)
    else kinds.delete(alarm)
    const alarms = new Map(this.#alarms)
    if (kinds.size === 0) alarms.delete(member)
    else alarms.set(member, kinds)
    this.#alarms = alarms
  }
}
