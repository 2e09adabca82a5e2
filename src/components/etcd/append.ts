import { type Entry, type Message, message } from '../../raft/types.ts'
import type { EtcdMember } from './member.ts'

/** A leader sends more than this many entries in several messages, perhaps. */
export const ENTRIES_MAX = 100

/** What a leader sends a member: the entries after `index`, none for the commit index alone, and what is committed. */
export function append(
  leader: EtcdMember,
  member: EtcdMember,
  { index, entries, commit }: { readonly index: number; readonly entries: readonly Entry[]; readonly commit: number },
): Message {
  const sent = message('MsgApp', member.config.id, leader.config.id)
  sent.term = leader.raft!.term
  sent.index = index
  sent.logTerm = leader.raft!.termAt(index)!
  sent.entries = entries
  sent.commit = commit
  return sent
}
