import type { RaftState } from './state.ts'
import { type MessageContext, message } from './types.ts'

/** Sends a heartbeat to every other member, learners too; answers echo the context. */
export function sendHeartbeats(r: RaftState, context: MessageContext): void {
  const { peers } = r.tracker
  for (let i = 0; i < peers.length; i++) {
    const peer = peers[i]!
    if (peer.id === r.id) continue
    const m = message('MsgHeartbeat', peer.id, r.id)
    // Never beyond what the peer is known to have: it could commit an entry of its own that will be replaced.
    m.commit = Math.min(peer.match, r.log.committed)
    m.context = context
    peer.sentCommit = m.commit
    r.send(m)
  }
}
