import type { GroupSettings } from '../../src/check/arbitrary.ts'

/** An etcd group as a model would give it, with the product's timers. */
export function groupOfSize(size: number, version: GroupSettings['version'] = '3.6', preVote = true): GroupSettings {
  const members = Array.from({ length: size }, (_, i) => `etcd-${i + 1}`)
  return { members, version, electionTick: 10, tickInterval: 100, preVote, checkQuorum: true }
}
