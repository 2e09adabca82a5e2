import type { ClusterFacts } from '../faults/ports.ts'
import type { MemberLook } from './timeline.ts'

/** What most of the members that were heard of lately agree on. */
export function etcdFacts(news: readonly MemberLook[]): ClusterFacts['etcd'] {
  const votes = new Map<number, number>()
  const term = Math.max(0, ...news.map((look) => look.term))
  for (const { leader, term: own } of news) {
    if (leader !== null && own === term) votes.set(leader, (votes.get(leader) ?? 0) + 1)
  }
  const [first] = [...votes].sort((a, b) => b[1] - a[1])
  return { leader: first?.[0] ?? null, term, alive: news.map(({ machine }) => machine).sort((a, b) => a - b) }
}
