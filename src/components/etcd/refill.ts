import { forgetLog } from '../../raft/shortcuts.ts'
import { MemoryStorage } from '../../raft/storage.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'

/**
 * Fills a member that lost its data from the leader's snapshot. When so many have lost theirs that no leader can be
 * elected, it is disaster recovery: from the most advanced member that still has its data, or, if none has, from a
 * backup (which is taken to be complete).
 * @param lost the members without data, this one among them
 * @returns false when there is nobody to fill it from yet
 */
export function refill(group: EtcdGroup, index: number, lost: readonly number[]): boolean {
  const leader = group.leader()
  const source = leader ?? lastResort(group, index, lost)
  if (source === undefined) return false
  const { hardState, confState } = source.storage.initialState()
  // A leader sends what it has applied, which its own disk may not hold yet; a stopped member has its disk alone.
  const raft = leader?.raft
  const at = Math.max(2, raft?.applied ?? hardState.commit)
  const term = raft?.termAt(at) ?? source.storage.term(at) ?? hardState.term
  if (raft !== undefined) forgetLog(raft, index + 1)
  const storage = new MemoryStorage()
  storage.applySnapshot({ index: at, term, confState, data: undefined })
  // Its vote in this term is the leader's: an emptied member must not help to elect a second one.
  storage.setHardState({ term: raft?.term ?? hardState.term, vote: leader?.config.id ?? 0, commit: at })
  group.members[index]!.storage = storage
  return true
}

function lastResort(group: EtcdGroup, index: number, lost: readonly number[]): EtcdMember | undefined {
  const intact = group.members.filter((_, member) => !lost.includes(member))
  if (intact.length === 0) return group.members[index]
  if (intact.length >= group.quorum) return undefined
  const running = intact.filter((member) => member.alive)
  if (running.length === 0) return undefined
  return running.reduce((best, member) => (member.storage.lastIndex() > best.storage.lastIndex() ? member : best))
}
