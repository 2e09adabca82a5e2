import { InvariantBroken, type InvariantName } from '../observe/invariants/violation.ts'
import { isJoint } from '../raft/configuration.ts'
import type { ConfChange } from '../raft/types.ts'
import type { CheckedMember } from './member.ts'
import type { CheckWorld } from './world.ts'

const LEAVE: ConfChange = { kind: 'conf-change', transition: 'auto', changes: [], context: '' }

/** Election timeouts within which a healed group must be at work again, and those it is then watched. */
const RECOVERY = 40
const MAX_ROUNDS = 1000
const JOINT = 'the group stays in a joint configuration'
const STABLE = 3
const ANSWERS = 5

/**
 * The time after the faults: everything is healed, then the group must come to one leader with all members at its
 * commit, answer a write and a read, keep its term (T17), and not be disturbed by a member cut off for a while (T18).
 */
export function checkLiveness(world: CheckWorld): void {
  heal(world)
  const timeout = world.settings.electionTick * world.settings.tickInterval
  settle(world, timeout)
  const { written, readDone } = world.clients
  const asked = world.current().find(({ id }) => world.isVoter(id)) ?? world.members[0]!
  world.clients.write(asked)
  world.clients.read(asked)
  const before = termOf(world)
  for (let waited = 0; waited < ANSWERS && world.clients.pending > 0; waited++) world.pass(timeout)
  world.pass(STABLE * timeout)
  require('T17', world.clients.written > written, 'a write to the healed group is not answered')
  const alone = world.checker.newestConfiguration.voters.length === 1
  require('T17', alone || world.clients.readDone > readDone, 'a read from the healed group is not answered')
  require('T17', termOf(world) === before, 'the term of the healed group goes on growing')
  requireConvergence(world)
  if (world.settings.preVote && world.settings.checkQuorum) checkIsolation(world, timeout)
}

function heal(world: CheckWorld): void {
  world.clients.stop()
  world.transport.heal()
  for (const member of world.members) {
    member.trap = undefined
    member.slowBy = 0
    member.resume()
    member.start()
  }
  // What was slow is still under way, and holds up what follows on its stream.
  world.pass(Math.max(0, world.transport.drainedAt - world.simulation.now))
}

/** Waits until the group is at work. Whoever is behind may take long to catch up, but must not stand still. */
function settle(world: CheckWorld, timeout: number): void {
  let reached = 0
  for (let waited = 0, rounds = 0; waited < RECOVERY && rounds < MAX_ROUNDS; waited++, rounds++) {
    world.pass(timeout)
    const what = obstacle(world)
    if (what === undefined) return
    // Outgoing voters, too, must be able to catch up before they are let go.
    if (what === JOINT) leaveJoint(world)
    // A log of older terms grows long before anything of it can be committed.
    const now = world.current().reduce((sum, { machine, disk }) => sum + machine.applied + disk.lastIndex(), 0)
    if (now > reached) waited = 0
    reached = Math.max(reached, now)
  }
  requireConvergence(world)
}

/**
 * A membership change that was to be left by hand is finished by an administrator. One that ends by itself was perhaps
 * refused during a leadership transfer and is tried again with the next entry, so there is one.
 */
function leaveJoint(world: CheckWorld): void {
  const leader = world.leader()
  if (leader === undefined) return
  if (leader.node!.configuration.autoLeave) world.clients.write(leader)
  else leader.act((node) => node.proposeConfChange(LEAVE, false))
}

function requireConvergence(world: CheckWorld): void {
  const what = obstacle(world)
  if (what !== undefined) throw new InvariantBroken('T17', what)
}

/** What is missing for the group to be well; undefined if nothing. */
function obstacle(world: CheckWorld): string | undefined {
  const members = world.current()
  const leaders = members.filter(({ node }) => node?.state === 'StateLeader')
  if (leaders.length !== 1) return `${leaders.length} members lead`
  const leader = leaders[0]!
  const node = leader.node!
  if (node.committed !== node.lastIndex) return `leader ${leader.id} does not commit its log`
  if (node.leadTransferee !== 0) return `leader ${leader.id} goes on handing over to member ${node.leadTransferee}`
  if (leader.machine.applied !== node.committed) return `leader ${leader.id} does not apply what is committed`
  const behind = members.find((member) => isBehind(member, leader))
  if (behind !== undefined) return `member ${behind.id} does not follow leader ${leader.id}`
  return slowPeer(leader, world) ?? (isJoint(node.configuration) ? JOINT : undefined)
}

function isBehind({ node, machine, id }: CheckedMember, leader: CheckedMember): boolean {
  const theirs = leader.node!
  if (node === undefined || node.committed !== theirs.committed || machine.applied !== leader.machine.applied)
    return true
  return node.term !== theirs.term || (id !== leader.id && node.lead !== leader.id)
}

/** A peer that has everything is fed as one that keeps up; before raft 3.6 only once there is something to send. */
function slowPeer({ node, id }: CheckedMember, world: CheckWorld): string | undefined {
  if (world.settings.version < '3.6') return undefined
  const slow = node!.peers.find((peer) => peer.id !== id && peer.state !== 'StateReplicate')
  return slow === undefined ? undefined : `leader ${id} keeps member ${slow.id} in ${slow.state}`
}

function termOf(world: CheckWorld): number {
  return Math.max(...world.current().map(({ node }) => node?.term ?? 0))
}

/** T18: a follower of a healthy group is cut off for three election timeouts and comes back. */
function checkIsolation(world: CheckWorld, timeout: number): void {
  const leader = world.leader()!
  const follower = world.current().find(({ id }) => id !== leader.id && world.isVoter(id))
  if (follower === undefined) return
  const others = world.members.filter((member) => member !== follower)
  // A leader that needs this follower for its quorum is right to step down.
  const { incoming } = leader.node!.configuration
  if (incoming.length < 3) return
  const before = termOf(world)
  for (const other of others) {
    world.transport.link(other.id, follower.id).cuts++
    world.transport.link(follower.id, other.id).cuts++
  }
  world.pass(STABLE * timeout)
  world.transport.heal()
  world.pass(STABLE * timeout)
  require('T18', world.leader() === leader, `member ${follower.id} was cut off and back, and the leader changed`)
  require('T18', termOf(world) === before, `member ${follower.id} was cut off and back, and the term rose`)
  requireConvergence(world)
}

function require(name: InvariantName, holds: boolean, what: string): void {
  if (!holds) throw new InvariantBroken(name, what)
}
