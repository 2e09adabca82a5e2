import { acknowledgesBeforeDurable } from './acknowledges-before-durable.ts'
import { acknowledgesWholeLog } from './acknowledges-whole-log.ts'
import { appliedIndexApartFromData } from './applied-index-apart-from-data.ts'
import { campaignsWithUnappliedChange } from './campaigns-with-unapplied-change.ts'
import { changeEffectiveOnAppend } from './change-effective-on-append.ts'
import { commitsAnyTerm } from './commits-any-term.ts'
import { countsStaleVotes } from './counts-stale-votes.ts'
import { countsVotesTwice } from './counts-votes-twice.ts'
import { heartbeatTellsRawCommit } from './heartbeat-tells-raw-commit.ts'
import { ignoresWindow } from './ignores-window.ts'
import { jointCommitsByNewHalf } from './joint-commits-by-new-half.ts'
import { jointVotesByNewHalf } from './joint-votes-by-new-half.ts'
import { keepsVotes } from './keeps-votes.ts'
import { learnerRefusesVotes } from './learner-refuses-votes.ts'
import { learnersCommit } from './learners-commit.ts'
import { leavesJointAtOnce } from './leaves-joint-at-once.ts'
import { matchesAnEmptyLog } from './matches-an-empty-log.ts'
import { mixedPreVote } from './mixed-pre-vote.ts'
import { newMemberIsInactive } from './new-member-is-inactive.ts'
import { noEntryOfItsOwnTerm } from './no-entry-of-its-own-term.ts'
import { noFenceAfterElection } from './no-fence-after-election.ts'
import { noLeaseForVotes } from './no-lease-for-votes.ts'
import { noQuorumCheck } from './no-quorum-check.ts'
import { outgoingVoterRefusesSnapshot } from './outgoing-voter-refuses-snapshot.ts'
import { preVoteIsRecorded } from './pre-vote-is-recorded.ts'
import { preVoteResetsTimer } from './pre-vote-resets-timer.ts'
import { probeIsNotResumed } from './probe-is-not-resumed.ts'
import { readsBeforeApplied } from './reads-before-applied.ts'
import { readsBeforeFirstCommit } from './reads-before-first-commit.ts'
import { readsByOldAnswers } from './reads-by-old-answers.ts'
import { readsShareContext } from './reads-share-context.ts'
import { readsTakeAnyAnswer } from './reads-take-any-answer.ts'
import { readsWithoutQuorum } from './reads-without-quorum.ts'
import { recoversStaleTerm } from './recovers-stale-term.ts'
import { recoversWithoutVote } from './recovers-without-vote.ts'
import type { SeededBug } from './seeded-bug.ts'
import { sentCountsAsReceived } from './sent-counts-as-received.ts'
import { silentToOldPreVote } from './silent-to-old-pre-vote.ts'
import { silentToStaleLeader } from './silent-to-stale-leader.ts'
import { snapshotOverMatchingLog } from './snapshot-over-matching-log.ts'
import { snapshotWithOldMembership } from './snapshot-with-old-membership.ts'
import { transferNeverEnds } from './transfer-never-ends.ts'
import { truncatesOnEveryAppend } from './truncates-on-every-append.ts'
import { trustsOldWriteAnswers } from './trusts-old-write-answers.ts'
import { twoVotersAtOnce } from './two-voters-at-once.ts'
import { voteChangesWithLeader } from './vote-changes-with-leader.ts'
import { votesBeforeDurable } from './votes-before-durable.ts'
import { votesByLength } from './votes-by-length.ts'
import { votesForAnyone } from './votes-for-anyone.ts'
import { votesTwice } from './votes-twice.ts'

/** All seeded bugs by name. */
export const SEEDED_BUGS: { readonly [name: string]: SeededBug } = {
  'acknowledges-before-durable': acknowledgesBeforeDurable,
  'acknowledges-whole-log': acknowledgesWholeLog,
  'applied-index-apart-from-data': appliedIndexApartFromData,
  'campaigns-with-unapplied-change': campaignsWithUnappliedChange,
  'change-effective-on-append': changeEffectiveOnAppend,
  'commits-any-term': commitsAnyTerm,
  'counts-stale-votes': countsStaleVotes,
  'counts-votes-twice': countsVotesTwice,
  'heartbeat-tells-raw-commit': heartbeatTellsRawCommit,
  'ignores-window': ignoresWindow,
  'joint-commits-by-new-half': jointCommitsByNewHalf,
  'joint-votes-by-new-half': jointVotesByNewHalf,
  'keeps-votes': keepsVotes,
  'learner-refuses-votes': learnerRefusesVotes,
  'learners-commit': learnersCommit,
  'leaves-joint-at-once': leavesJointAtOnce,
  'matches-an-empty-log': matchesAnEmptyLog,
  'mixed-pre-vote': mixedPreVote,
  'new-member-is-inactive': newMemberIsInactive,
  'no-entry-of-its-own-term': noEntryOfItsOwnTerm,
  'no-fence-after-election': noFenceAfterElection,
  'no-lease-for-votes': noLeaseForVotes,
  'no-quorum-check': noQuorumCheck,
  'outgoing-voter-refuses-snapshot': outgoingVoterRefusesSnapshot,
  'pre-vote-is-recorded': preVoteIsRecorded,
  'pre-vote-resets-timer': preVoteResetsTimer,
  'probe-is-not-resumed': probeIsNotResumed,
  'reads-before-applied': readsBeforeApplied,
  'reads-before-first-commit': readsBeforeFirstCommit,
  'reads-by-old-answers': readsByOldAnswers,
  'reads-share-context': readsShareContext,
  'reads-take-any-answer': readsTakeAnyAnswer,
  'reads-without-quorum': readsWithoutQuorum,
  'recovers-stale-term': recoversStaleTerm,
  'recovers-without-vote': recoversWithoutVote,
  'sent-counts-as-received': sentCountsAsReceived,
  'silent-to-old-pre-vote': silentToOldPreVote,
  'silent-to-stale-leader': silentToStaleLeader,
  'snapshot-over-matching-log': snapshotOverMatchingLog,
  'snapshot-with-old-membership': snapshotWithOldMembership,
  'transfer-never-ends': transferNeverEnds,
  'truncates-on-every-append': truncatesOnEveryAppend,
  'trusts-old-write-answers': trustsOldWriteAnswers,
  'two-voters-at-once': twoVotersAtOnce,
  'vote-changes-with-leader': voteChangesWithLeader,
  'votes-before-durable': votesBeforeDurable,
  'votes-by-length': votesByLength,
  'votes-for-anyone': votesForAnyone,
  'votes-twice': votesTwice,
}
