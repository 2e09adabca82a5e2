/**
 * What a client of etcd is told when its request fails, word for word, and when.
 * Sources: server/etcdserver/errors/errors.go, api/v3rpc/rpctypes/error.go, api/v3rpc/util.go.
 */

/** The failures that the server layer can answer with. */
export type EtcdError = keyof typeof ERRORS

/** Status that travels with an error; clients decide by it whether to try again. */
export type GrpcCode =
  | 'Unavailable'
  | 'ResourceExhausted'
  | 'DataLoss'
  | 'FailedPrecondition'
  | 'InvalidArgument'
  | 'NotFound'
  | 'DeadlineExceeded'
  | 'OutOfRange'
  | 'Unknown'

/**
 * What an error says about the request: `refused`, it was not and will not be done; `unknown`, it may have been done or
 * may yet be.
 */
export type Certainty = 'refused' | 'unknown'

interface ErrorFacts {
  readonly text: string
  readonly code: GrpcCode
  readonly certainty: Certainty
}

const facts = (text: string, code: GrpcCode, certainty: Certainty = 'refused'): ErrorFacts => ({
  text,
  code,
  certainty,
})

/** Every error with its text, status and what it says about the request. */
export const ERRORS = Object.freeze({
  'no-leader': facts('etcdserver: no leader', 'Unavailable'),
  'leader-changed': facts('etcdserver: leader changed', 'Unavailable'),
  timeout: facts('etcdserver: request timed out', 'Unavailable', 'unknown'),
  'timeout-leader-failure': facts(
    'etcdserver: request timed out, possibly due to previous leader failure',
    'Unavailable',
    'unknown',
  ),
  'timeout-connection-lost': facts(
    'etcdserver: request timed out, possibly due to connection lost',
    'Unavailable',
    'unknown',
  ),
  'timeout-applied-index': facts(
    'etcdserver: request timed out, waiting for the applied index took too long',
    'Unavailable',
    'unknown',
  ),
  // Two errors without a status of their own in the server's table: they travel as Unknown.
  'too-many-requests': facts('etcdserver: too many requests', 'Unknown'),
  'not-enough-started': facts('etcdserver: re-configuration failed due to not enough started members', 'Unknown'),
  'no-space': facts('etcdserver: mvcc: database space exceeded', 'ResourceExhausted'),
  corrupt: facts('etcdserver: corrupt cluster', 'DataLoss'),
  unhealthy: facts('etcdserver: unhealthy cluster', 'Unavailable'),
  learner: facts('etcdserver: rpc not supported for learner', 'FailedPrecondition'),
  stopped: facts('etcdserver: server stopped', 'Unavailable', 'unknown'),
  'too-large': facts('etcdserver: request is too large', 'InvalidArgument'),
  'proposal-dropped': facts('raft proposal dropped', 'Unknown'),
  // A proposal that never got as far as Raft ends with its context, not with the server's own error.
  'context-deadline': facts('context deadline exceeded', 'DeadlineExceeded', 'unknown'),
  'lease-not-found': facts('etcdserver: requested lease not found', 'NotFound'),
  'lease-exists': facts('etcdserver: lease already exists', 'FailedPrecondition'),
  'member-not-found': facts('etcdserver: member not found', 'NotFound'),
  'member-exists': facts('etcdserver: member ID already exist', 'FailedPrecondition'),
  'learner-not-ready': facts(
    'etcdserver: can only promote a learner member which is in sync with leader',
    'FailedPrecondition',
  ),
  'not-learner': facts('etcdserver: can only promote a learner member', 'FailedPrecondition'),
  'too-many-learners': facts('etcdserver: too many learner members in cluster', 'FailedPrecondition'),
  compacted: facts('etcdserver: mvcc: required revision has been compacted', 'OutOfRange'),
  'future-revision': facts('etcdserver: mvcc: required revision is a future revision', 'OutOfRange'),
  unhealthy503: facts('503 Service Unavailable', 'Unknown'),
  'not-found404': facts('404 page not found', 'Unknown'),
  // The connection is what failed: no process, or it ended before it had answered.
  'connection-refused': facts('connection refused', 'Unavailable'),
  'connection-reset': facts('connection reset by peer', 'Unavailable', 'unknown'),
})

/** Error text as a client sees it. */
export function errorText(error: EtcdError): string {
  return ERRORS[error].text
}

/** What a member knows when it has to explain why a proposal was not applied in time. Times in ms. */
export interface TimeoutFacts {
  /** When the request started. */
  readonly startedAt: number
  /** When this member itself last became leader; −∞ if never. */
  readonly electedAt: number
  readonly electionTimeout: number
  readonly leadership: 'none' | 'self' | 'other'
  /**
   * Since before the request: connected to the leader (a follower), or to a quorum of members (the leader). Connected
   * means that the peer's stream is up, which outlives a broken link by up to five seconds.
   */
  readonly connectedSince: boolean
}

/**
 * Names the likely cause of a timeout (server/etcdserver/server.go, parseProposeCtxErr). The window of a leader's failure
 * ends when *this* member became leader: a follower of a new leader never blames the old one.
 */
export function explainTimeout(facts: TimeoutFacts): EtcdError {
  const lostAt = facts.electedAt - 2 * facts.electionTimeout
  if (facts.startedAt > lostAt && facts.startedAt < facts.electedAt) return 'timeout-leader-failure'
  if (facts.leadership !== 'none' && !facts.connectedSince) return 'timeout-connection-lost'
  return 'timeout'
}
