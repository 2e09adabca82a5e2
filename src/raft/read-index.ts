import { sendHeartbeats } from './heartbeats.ts'
import type { PendingRead } from './reads.ts'
import type { RaftState } from './state.ts'
import { type Message, message, NONE } from './types.ts'

/** A leader takes a read request: answered once it is certain that it still leads. */
export function takeRead(r: RaftState, m: Message): void {
  if (r.tracker.isSingleton) {
    answerRead(r, { from: m.from, context: m.context, index: r.log.committed })
    return
  }
  if (!r.committedInCurrentTerm) {
    r.readsBeforeFirstCommit.push(m)
    return
  }
  confirmRead(r, m)
}

/** After a commit in the own term: starts the reads that waited for it. */
export function releaseWaitingReads(r: RaftState): void {
  if (r.readsBeforeFirstCommit.length === 0 || !r.committedInCurrentTerm) return
  const waiting = r.readsBeforeFirstCommit
  r.readsBeforeFirstCommit = []
  for (const m of waiting) confirmRead(r, m)
}

/** A heartbeat answer may confirm reads. */
export function acknowledgeReads(r: RaftState, m: Message): void {
  if (r.config.readOnlyOption !== 'safe' || m.context === undefined) return
  const released = r.reads.acknowledge(m.from, m.context, r.tracker.configuration)
  for (let i = 0; i < released.length; i++) answerRead(r, released[i]!)
}

function confirmRead(r: RaftState, m: Message): void {
  const read: PendingRead = { from: m.from, context: m.context, index: r.log.committed }
  // A lease trusts that no other leader can exist before this one's quorum check: bounded clock drift is assumed.
  if (r.config.readOnlyOption === 'lease') answerRead(r, read)
  else sendHeartbeats(r, r.reads.add(r.id, read))
}

function answerRead(r: RaftState, read: PendingRead): void {
  if (read.from === NONE || read.from === r.id) {
    r.readStates.push({ index: read.index, context: read.context })
    return
  }
  const m = message('MsgReadIndexResp', read.from, r.id)
  m.index = read.index
  m.context = read.context
  r.send(m)
}
