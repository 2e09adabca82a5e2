import { assert } from '../../base/assert.ts'
import type { Message } from '../../raft/types.ts'
import type { EtcdMember } from './member.ts'

/**
 * Makes member `first` the leader before the clock starts: the same state machines exchange the same messages, without
 * network or disk in between, until everyone follows and holds the same log.
 */
export function electAtOnce(members: readonly EtcdMember[], first: number): void {
  const inbox: Message[] = []
  const drain = (member: EtcdMember): void => {
    const raft = member.raft!
    for (let rounds = 0; raft.hasReady(); rounds++) {
      assert(rounds < 100, 'a fresh member settles')
      const ready = raft.ready()
      if (ready.hardState !== undefined) member.storage.setHardState(ready.hardState)
      if (ready.entries.length > 0) member.storage.append(ready.entries)
      inbox.push(...ready.messages)
      raft.advance()
    }
  }
  members[first]!.raft!.campaign()
  drain(members[first]!)
  for (let next = 0; next < inbox.length; next++) {
    assert(next < 1000, 'an undisturbed election ends')
    const message = inbox[next]!
    const to = members[message.to - 1]!
    to.raft!.step(message)
    drain(to)
  }
  assert(members[first]!.raft!.state === 'StateLeader', 'an undisturbed candidate wins')
}
