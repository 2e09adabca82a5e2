import { changeOf, isJoint } from './configuration.ts'
import { appendToOwnLog, broadcastAppend } from './replication.ts'
import type { RaftState } from './state.ts'
import { type Entry, NONE, type StepError } from './types.ts'

/** What stands in the place of a refused membership change: the log goes on, the change does not happen. */
const EMPTY_PROPOSAL: Entry = Object.freeze({ term: 0, index: 0, type: 'EntryNormal', data: undefined })

/** A leader takes proposals into its log and replicates them, or refuses all of them. */
export function takeProposals(r: RaftState, proposals: readonly Entry[]): StepError | undefined {
  if (r.tracker.progress(r.id) === undefined || r.leadTransferee !== NONE) return 'raft proposal dropped'
  const checked = checkMembershipChanges(r, proposals)
  if (!appendToOwnLog(r, checked)) return 'raft proposal dropped'
  broadcastAppend(r)
  return undefined
}

/** Replaces membership changes that may not be appended now: one at a time, and out of joint before the next. */
function checkMembershipChanges(r: RaftState, proposals: readonly Entry[]): readonly Entry[] {
  let checked: Entry[] | undefined
  for (let i = 0; i < proposals.length; i++) {
    const proposal = proposals[i]!
    if (proposal.type === 'EntryNormal') continue
    const refusal = refusalOf(r, proposal)
    if (refusal !== undefined && !r.config.disableConfChangeValidation) {
      r.logger?.('INFO', `${r.id} ignoring conf change: ${refusal}`)
      checked ??= proposals.slice()
      checked[i] = EMPTY_PROPOSAL
    } else {
      r.pendingConfIndex = r.log.lastIndex + i + 1
    }
  }
  return checked ?? proposals
}

function refusalOf(r: RaftState, proposal: Entry): string | undefined {
  const leaves = changeOf(proposal).changes.length === 0
  const joint = isJoint(r.tracker.configuration)
  if (r.pendingConfIndex > r.log.applied) return `possible unapplied conf change at index ${r.pendingConfIndex}`
  if (joint && !leaves) return 'must transition out of joint config first'
  if (!joint && leaves) return 'not in joint state; refusing empty conf change'
  return undefined
}
