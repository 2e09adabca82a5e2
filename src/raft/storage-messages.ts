import type { RaftState } from './state.ts'
import {
  type Entry,
  type HardState,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  message,
  type Snapshot,
} from './types.ts'

/**
 * Asks the append thread to make durable what is named (term, vote and commit only if they changed), and then to
 * deliver the responses: everything that promises durability, the acknowledgement of the entries last.
 */
export function storageAppendMessage(
  r: RaftState,
  hardState: HardState | undefined,
  entries: readonly Entry[],
  snapshot: Snapshot | undefined,
): Message {
  const m = message('MsgStorageAppend', LOCAL_APPEND_THREAD, r.id)
  m.entries = entries
  m.snapshot = snapshot
  if (hardState !== undefined) {
    m.term = hardState.term
    m.vote = hardState.vote
    m.commit = hardState.commit
  }
  const responses = r.messagesAfterAppend
  // Also sent when this message has no entries: an earlier acknowledgement may be ignored for its term.
  if (r.log.unstable.length > 0 || snapshot !== undefined) responses.push(storageAppendResponse(r, snapshot))
  m.responses = responses
  return m
}

function storageAppendResponse(r: RaftState, snapshot: Snapshot | undefined): Message {
  const m = message('MsgStorageAppendResp', r.id, LOCAL_APPEND_THREAD)
  m.term = r.term
  if (r.log.unstable.length > 0) {
    m.index = r.log.lastIndex
    m.logTerm = r.log.lastTerm
  }
  m.snapshot = snapshot
  return m
}

/** Asks the apply thread to apply committed entries and then to acknowledge them. */
export function storageApplyMessage(r: RaftState, entries: readonly Entry[]): Message {
  const response = message('MsgStorageApplyResp', r.id, LOCAL_APPLY_THREAD)
  response.entries = entries
  const m = message('MsgStorageApply', LOCAL_APPLY_THREAD, r.id)
  m.entries = entries
  m.responses = [response]
  return m
}
