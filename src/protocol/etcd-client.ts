/**
 * How a client's request that reaches an etcd member now would fare, for a client of unlimited patience:
 * `ok`: answered after network and disk; `waits`: held by the member until a leader is known, or its own disk goes on, then
 * answered; `hangs`: a leader has taken it in and cannot have it written by a quorum for now: answered once it can, unless it
 * has ceased to lead by then; `lost`: swallowed (forwarded to a leader that is gone, or no longer one) until the request times
 * out; `refused`: no process, or no way to it.
 */
export type MemberAnswer = 'ok' | 'waits' | 'hangs' | 'lost' | 'refused'
