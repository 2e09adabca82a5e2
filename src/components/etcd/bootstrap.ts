import {
  commitAll,
  followWinner,
  grantVote,
  hearAcknowledgement,
  startCampaign,
  winElection,
} from '../../raft/shortcuts.ts'
import type { EtcdMember } from './member.ts'

/** Makes member `first` the leader before the clock starts: everyone has voted, follows and holds the same log. */
export function electAtOnce(members: readonly EtcdMember[], first: number): void {
  const leader = members[first]!
  startCampaign(leader.raft!)
  const entry = winElection(leader.raft!, leader.storage)
  commitAll(leader.raft!, leader.storage)
  for (const member of members) {
    if (member === leader) continue
    grantVote(member.raft!, entry.term, leader.config.id)
    followWinner(member.raft!, member.storage, leader.config.id, entry)
    commitAll(member.raft!, member.storage)
    hearAcknowledgement(leader.raft!, member.config.id)
  }
}
