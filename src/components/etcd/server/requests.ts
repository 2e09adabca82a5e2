import type { Payload } from '../../../raft/types.ts'
import type { EtcdError } from './errors.ts'

/** One change of the key-value space. */
export type KeyOperation =
  | { readonly kind: 'put'; readonly key: string; readonly value: string; readonly lease?: number }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'get'; readonly key: string }

/** A condition of a transaction; a key that does not exist has revision 0 and no value. */
export type Comparison =
  | { readonly key: string; readonly modRevision: number }
  | { readonly key: string; readonly value: string | undefined }

/** All of `success` if every comparison holds, else all of `failure`. */
export interface Transaction {
  readonly kind: 'txn'
  readonly compare: readonly Comparison[]
  readonly success: readonly KeyOperation[]
  readonly failure: readonly KeyOperation[]
}

export type AlarmKind = 'NOSPACE' | 'CORRUPT'

/** What is replicated: the same on every member, applied in the order of the log. */
export type Command =
  | KeyOperation
  | Transaction
  | { readonly kind: 'compact'; readonly revision: number }
  | { readonly kind: 'lease-grant'; readonly lease: number; readonly ttl: number }
  | { readonly kind: 'lease-revoke'; readonly lease: number }
  | {
      readonly kind: 'alarm'
      readonly action: 'activate' | 'deactivate' | 'get'
      readonly alarm: AlarmKind
      readonly member: number
    }
  | { readonly kind: 'publish'; readonly member: number; readonly name: string }

/** A change of the membership, as an administrator asks for it. */
export type MemberRequest =
  | { readonly kind: 'member-add'; readonly member: number; readonly learner: boolean; readonly name?: string }
  | { readonly kind: 'member-promote'; readonly member: number }
  | { readonly kind: 'member-remove'; readonly member: number }

/** What a client may ask of a member. */
export type Request =
  | Command
  | MemberRequest
  | { readonly kind: 'get'; readonly key: string; readonly serializable?: boolean; readonly revision?: number }
  | { readonly kind: 'lease-keepalive'; readonly lease: number }
  | {
      readonly kind: 'health'
      readonly path: HealthPath
      readonly serializable?: boolean
      readonly exclude?: readonly AlarmKind[]
    }
  | { readonly kind: 'alarm-list' }
  | { readonly kind: 'defragment' }

export type HealthPath = '/health' | '/livez' | '/readyz'

/** How a request may be asked for. */
export interface RequestOptions {
  /** How long the client waits, in ms; it ends the request at the member too. Default: for ever. */
  readonly deadline?: number
  /** Fail at once when the member knows no leader (metadata `hasleader`); API servers and watchers ask for it. */
  readonly requireLeader?: boolean
}

/** What a request returned when it was done. Fields that do not concern it are left out. */
export interface Answer {
  readonly ok: true
  /** Of the store when the request was done. */
  readonly revision: number
  readonly value?: string | undefined
  /** Of the key that was read; 0 if it does not exist. */
  readonly modRevision?: number
  readonly succeeded?: boolean
  readonly ttl?: number
  readonly alarms?: readonly AlarmKind[]
}

/** A request that failed, and why. Whether it may have been done all the same is in `ERRORS`. */
export interface Refusal {
  readonly ok: false
  readonly error: EtcdError
  /** What more there is to say: the failed checks of a health endpoint. */
  readonly detail?: string
}

export type Outcome = Answer | Refusal

/** Who is told how a request ended; at most once, never from within the call that asked. */
export interface RequestSink {
  answered(request: number, outcome: Outcome): void
}

/** A command on its way through Raft: who waits for it, and how big it is. */
export interface Proposal extends Payload {
  readonly member: number
  readonly request: number
  readonly command: Command
}

/** Bytes that a request may have: 1.5 MiB, of which the encoding takes little (embed/config.go, max-request-bytes). */
export const MAX_REQUEST_BYTES: number = 1.5 * 1024 * 1024
/**
 * Committed but unapplied entries beyond which proposals are refused (server/etcdserver/v3_server.go). The higher limit that
 * 3.7 has for revoked leases is behind a gate that is off.
 */
export const MAX_BACKLOG = 5_000
/** An unanswered read index is asked for again after this long (v3_server.go, readIndexRetryTime); ms. */
export const READ_INDEX_RETRY = 500

/** How long a proposal or a round of reads may take: 5 s for the disk, and two elections (config.go, ReqTimeout); ms. */
export function requestTimeout(electionTimeout: number): number {
  return 5_000 + 2 * electionTimeout
}

/** Bytes of a command, as the size limit and the log count them. */
export function commandBytes(command: Command): number {
  switch (command.kind) {
    case 'put':
      return command.key.length + command.value.length + 16
    case 'delete':
    case 'get':
      return command.key.length + 16
    case 'txn':
      return [...command.success, ...command.failure].reduce((sum, each) => sum + commandBytes(each), 16)
    default:
      return 16
  }
}

/** Whether a transaction changes nothing in either branch: then it is a read and never enters the log. */
export function isReadOnly(transaction: Transaction): boolean {
  return [...transaction.success, ...transaction.failure].every(({ kind }) => kind === 'get')
}
