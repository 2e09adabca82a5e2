import { assert } from '../base/assert.ts'
import type { Voters } from './quorum.ts'
import {
  type ConfChange,
  type ConfState,
  EMPTY_CONF_STATE,
  type Entry,
  type NodeId,
  type SingleChange,
} from './types.ts'

/**
 * Who belongs to the group. Immutable; all lists ascending. A voter that becomes a learner during a joint change
 * waits in `learnersNext`, because the outgoing half still counts its vote.
 */
export interface Configuration extends Voters {
  readonly learners: readonly NodeId[]
  readonly learnersNext: readonly NodeId[]
  readonly autoLeave: boolean
}

/** Why a membership change cannot be applied. */
export type ConfChangeError =
  | 'config is already joint'
  | "can't make a zero-voter config joint"
  | "can't leave a non-joint config"
  | "can't apply simple config change in joint config"
  | 'more than one voter changed without entering joint config'
  | 'removed all voters'

/** A changed configuration, and the members among the old ones whose progress carries over. */
export type ConfChangeOutcome =
  | { readonly ok: true; readonly configuration: Configuration; readonly kept: ReadonlySet<NodeId> }
  | { readonly ok: false; readonly error: ConfChangeError }

/** Nobody. */
export const EMPTY_CONFIGURATION: Configuration = configurationOf(EMPTY_CONF_STATE)

export function configurationOf(state: ConfState): Configuration {
  return {
    incoming: state.voters,
    outgoing: state.votersOutgoing,
    learners: state.learners,
    learnersNext: state.learnersNext,
    autoLeave: state.autoLeave,
  }
}

export function confStateOf(configuration: Configuration): ConfState {
  return {
    voters: configuration.incoming,
    learners: configuration.learners,
    votersOutgoing: configuration.outgoing,
    learnersNext: configuration.learnersNext,
    autoLeave: configuration.autoLeave,
  }
}

/** Whether two halves must agree. */
export function isJoint(configuration: Voters): boolean {
  return configuration.outgoing.length > 0
}

/** Whether the member votes in either half. */
export function isVoter(voters: Voters, id: NodeId): boolean {
  return voters.incoming.includes(id) || voters.outgoing.includes(id)
}

/** All members, ascending. */
export function membersOf(configuration: Configuration): readonly NodeId[] {
  if (configuration.outgoing.length === 0 && configuration.learners.length === 0) return configuration.incoming
  return sorted(new Set([...configuration.incoming, ...configuration.outgoing, ...configuration.learners]))
}

/** Voters of both halves, ascending. */
export function votersOf(voters: Voters): readonly NodeId[] {
  if (voters.outgoing.length === 0) return voters.incoming
  return sorted(new Set([...voters.incoming, ...voters.outgoing]))
}

const LEAVE_JOINT: ConfChange = Object.freeze({ kind: 'conf-change', transition: 'auto', changes: [], context: '' })

/** The membership change an entry carries. One without data leaves the joint configuration. */
export function changeOf(entry: Entry): ConfChange {
  assert(entry.type !== 'EntryNormal', 'a normal entry carries no membership change')
  const { data } = entry
  return typeof data === 'object' && data.kind === 'conf-change' ? data : LEAVE_JOINT
}

/** Applies a committed change in the way its transition asks for. */
export function applyChange(configuration: Configuration, change: ConfChange): ConfChangeOutcome {
  if (change.transition === 'auto' && change.changes.length === 0) return leaveJoint(configuration)
  if (change.transition === 'auto' && change.changes.length === 1) return simpleChange(configuration, change.changes)
  return enterJoint(configuration, change.transition !== 'explicit', change.changes)
}

/** Changes at most one voter, at once. */
export function simpleChange(old: Configuration, changes: readonly SingleChange[]): ConfChangeOutcome {
  if (isJoint(old)) return refuse("can't apply simple config change in joint config")
  const draft = new Draft(old)
  draft.apply(changes)
  if (draft.incoming.size === 0) return refuse('removed all voters')
  if (symmetricDifference(old.incoming, draft.incoming) > 1) {
    return refuse('more than one voter changed without entering joint config')
  }
  return draft.outcome()
}

/** Makes the present voters the outgoing half and changes the incoming one. */
export function enterJoint(
  old: Configuration,
  autoLeave: boolean,
  changes: readonly SingleChange[],
): ConfChangeOutcome {
  if (isJoint(old)) return refuse('config is already joint')
  if (old.incoming.length === 0) return refuse("can't make a zero-voter config joint")
  const draft = new Draft(old)
  draft.outgoing = new Set(old.incoming)
  draft.apply(changes)
  if (draft.incoming.size === 0) return refuse('removed all voters')
  draft.autoLeave = autoLeave
  return draft.outcome()
}

/** Drops the outgoing half; who is in neither list any more is gone. */
export function leaveJoint(old: Configuration): ConfChangeOutcome {
  if (!isJoint(old)) return refuse("can't leave a non-joint config")
  const draft = new Draft(old)
  for (const id of draft.learnersNext) draft.learners.add(id)
  draft.learnersNext.clear()
  draft.outgoing.clear()
  draft.autoLeave = false
  return draft.outcome()
}

/** A configuration being changed. */
class Draft {
  readonly incoming: Set<NodeId>
  outgoing: Set<NodeId>
  readonly learners: Set<NodeId>
  readonly learnersNext: Set<NodeId>
  autoLeave: boolean
  /** Members tracked before the change and never dropped in its course. */
  readonly #kept: Set<NodeId>

  constructor(old: Configuration) {
    this.incoming = new Set(old.incoming)
    this.outgoing = new Set(old.outgoing)
    this.learners = new Set(old.learners)
    this.learnersNext = new Set(old.learnersNext)
    this.autoLeave = old.autoLeave
    this.#kept = new Set(membersOf(old))
  }

  apply(changes: readonly SingleChange[]): void {
    for (const { type, nodeId } of changes) {
      // Member 0 is how a host vetoes a change at the time it is applied.
      if (nodeId === 0) continue
      if (type === 'add-voter') this.#addVoter(nodeId)
      else if (type === 'add-learner') this.#addLearner(nodeId)
      else if (type === 'remove') this.#remove(nodeId)
    }
  }

  outcome(): ConfChangeOutcome {
    const configuration: Configuration = {
      incoming: sorted(this.incoming),
      outgoing: sorted(this.outgoing),
      learners: sorted(this.learners),
      learnersNext: sorted(this.learnersNext),
      autoLeave: this.autoLeave,
    }
    return { ok: true, configuration, kept: this.#kept }
  }

  #addVoter(id: NodeId): void {
    this.learners.delete(id)
    this.learnersNext.delete(id)
    this.incoming.add(id)
  }

  #addLearner(id: NodeId): void {
    if (this.learners.has(id)) return
    this.incoming.delete(id)
    if (this.outgoing.has(id)) this.learnersNext.add(id)
    else this.learners.add(id)
  }

  #remove(id: NodeId): void {
    this.incoming.delete(id)
    this.learners.delete(id)
    this.learnersNext.delete(id)
    if (!this.outgoing.has(id)) this.#kept.delete(id)
  }
}

function refuse(error: ConfChangeError): ConfChangeOutcome {
  return { ok: false, error }
}

function symmetricDifference(before: readonly NodeId[], after: ReadonlySet<NodeId>): number {
  const stayed = before.filter((id) => after.has(id)).length
  return before.length - stayed + (after.size - stayed)
}

function sorted(ids: Iterable<NodeId>): NodeId[] {
  return [...ids].sort((a, b) => a - b)
}
