import type { EtcdError } from './errors.ts'
import type { MemberRequest } from './requests.ts'
import { type EtcdVersion, isSince } from './version.ts'

/** Connections must have lasted this long to count in a change of the membership (server.go, HealthInterval); ms. */
export const HEALTH_INTERVAL = 5_000
/** Share of the leader's log that a learner must have before it may vote (server.go, readyPercentThreshold). */
const READY_SHARE = 0.9
/** experimental-max-learners. */
const MAX_LEARNERS = 1
/** A member that has applied its own removal ends after this long; ms. */
export const REMOVED_STOP_DELAY = 1_000

/** A member as the replicated list knows it. */
export interface MemberRecord {
  readonly id: number
  /** Published by the member itself once it has started; empty before. */
  readonly name: string
  readonly learner: boolean
}

/** Members and, for ever, who was one: an identity is never used twice. */
export interface MemberList {
  readonly members: readonly MemberRecord[]
  readonly removed: ReadonlySet<number>
}

/** What the member that serves the request sees. The rules are local to it. */
export interface MembershipView {
  readonly version: EtcdVersion
  readonly self: number
  readonly list: MemberList
  /** strict-reconfig-check; true by default in all versions. */
  readonly strict: boolean
  /** Whether this member has been connected to another one for at least {@link HEALTH_INTERVAL}. */
  connectedLong(member: number): boolean
  /** Whether this member is connected to another one now. */
  connected(member: number): boolean
  /** How much of the leader's log a member has, 0 to 1; undefined where the leader alone knows. */
  matchShare(member: number): number | undefined
}

const quorumOf = (voters: number): number => Math.floor(voters / 2) + 1

/** Why a change may not be proposed here and now; undefined: it may. */
export function refuseChange(request: MemberRequest, view: MembershipView): EtcdError | undefined {
  const impossible = refuseAtApply(request, view.list)
  switch (request.kind) {
    case 'member-add':
      return mayAdd(request.learner, view) ?? impossible
    case 'member-promote':
      return impossible ?? mayPromote(request.member, view)
    case 'member-remove':
      return mayRemove(request.member, view) ?? impossible
  }
}

/** Why a committed change cannot be carried out: then it is applied as a change of nobody. */
export function refuseAtApply(request: MemberRequest, list: MemberList): EtcdError | undefined {
  const known = list.members.find(({ id }) => id === request.member)
  if (list.removed.has(request.member)) return request.kind === 'member-add' ? 'member-exists' : 'member-not-found'
  if (request.kind === 'member-add') {
    if (known !== undefined) return 'member-exists'
    const learners = list.members.filter(({ learner }) => learner).length
    return request.learner && learners >= MAX_LEARNERS ? 'too-many-learners' : undefined
  }
  if (known === undefined) return 'member-not-found'
  return request.kind === 'member-promote' && !known.learner ? 'not-learner' : undefined
}

/** The list after a change that {@link refuseAtApply} lets pass. */
export function changeList(request: MemberRequest, { members, removed }: MemberList): MemberList {
  switch (request.kind) {
    case 'member-add':
      return {
        members: [...members, { id: request.member, name: request.name ?? '', learner: request.learner }],
        removed,
      }
    case 'member-promote':
      return {
        members: members.map((each) => (each.id === request.member ? { ...each, learner: false } : each)),
        removed,
      }
    case 'member-remove':
      return {
        members: members.filter(({ id }) => id !== request.member),
        removed: new Set([...removed, request.member]),
      }
  }
}

function mayAdd(learner: boolean, view: MembershipView): EtcdError | undefined {
  if (!view.strict) return undefined
  if (!learner && !isReadyToAddVoter(view.list)) return 'not-enough-started'
  return isConnectedEnoughToAdd(view) ? undefined : 'unhealthy'
}

/** Enough started members for the quorum of the larger cluster; a single started member may always grow. */
function isReadyToAddVoter({ members }: MemberList): boolean {
  const voters = members.filter(({ learner }) => !learner)
  const started = voters.filter(({ name }) => name !== '').length
  if (started === 1 && voters.length === 1) return true
  return started >= quorumOf(voters.length + 1)
}

/**
 * Before 3.5.30 and 3.6.11 every voter must be connected; since then a quorum of the larger cluster is enough, and a
 * single member needs nobody.
 */
function isConnectedEnoughToAdd(view: MembershipView): boolean {
  const voters = view.list.members.filter(({ learner }) => !learner)
  const connected = voters.filter(({ id }) => id === view.self || view.connectedLong(id)).length
  const byQuorum = isSince(view.version, { '3.5': 30, '3.6': 11, '3.7': 0 })
  if (!byQuorum) return connected === voters.length
  return voters.length === 1 || connected >= quorumOf(voters.length + 1)
}

function mayPromote(member: number, view: MembershipView): EtcdError | undefined {
  const share = view.matchShare(member)
  if (share === undefined || share < READY_SHARE) return 'learner-not-ready'
  if (!view.strict) return undefined
  const voters = view.list.members.filter(({ learner }) => !learner)
  const started = voters.filter(({ name }) => name !== '').length
  // The learner itself must be running to have caught up: it counts as started.
  return started + 1 >= quorumOf(voters.length + 1) ? undefined : 'not-enough-started'
}

function mayRemove(member: number, view: MembershipView): EtcdError | undefined {
  const { members } = view.list
  const target = members.find(({ id }) => id === member)
  if (!view.strict || target === undefined || target.learner) return undefined
  const voters = members.filter(({ learner }) => !learner)
  const rest = voters.filter(({ id }) => id !== member)
  const started = rest.filter(({ name }) => name !== '').length
  if (started < quorumOf(rest.length)) return 'not-enough-started'
  // Nothing is lost by removing a member that is gone already.
  if (member !== view.self && !view.connected(member)) return undefined
  const connected = voters.filter(({ id }) => id === view.self || view.connectedLong(id)).length
  return connected - 1 >= 1 + Math.floor((voters.length - 1) / 2) ? undefined : 'unhealthy'
}
