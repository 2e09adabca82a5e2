import { isJoint } from '../raft/configuration.ts'
import type { ConfChange, SingleChange } from '../raft/types.ts'
import type { CheckedMember } from './member.ts'
import type { CheckStep } from './plan.ts'
import type { CheckWorld } from './world.ts'

/**
 * Voters that are left when others are removed. A lone voter answers reads without knowing what is committed, until
 * the first commit of its term: as the library does, so reads of a lone voter are not judged, and none is left alone.
 */
const FEWEST_VOTERS = 2

/** Does one step of a schedule. @returns whether it has to be undone */
export function perform(world: CheckWorld, step: CheckStep, on: CheckedMember, to: CheckedMember): boolean {
  switch (step.do) {
    case 'crash':
      if (step.point === 'now') on.crash(step.for)
      else on.trap = { point: step.point, lasts: step.for }
      return false
    case 'pause':
      on.pause()
      return true
    case 'slow-disk':
      on.slowBy += step.by
      return true
    case 'isolate':
    case 'cut':
    case 'lose':
    case 'delay':
      changeLinks(world, step, on, to, 1)
      return true
    case 'campaign':
      on.act((node) => node.campaign())
      return false
    case 'transfer':
      world.leader()?.act((node) => node.transferLeader(to.id))
      return false
    case 'forget-leader':
      on.act((node) => node.forgetLeader())
      return false
    case 'unreachable':
      world.leader()?.act((node) => node.reportUnreachable(on.id))
      return false
    case 'compact':
      on.compact(0)
      return false
    case 'write':
      if (on.alive) world.clients.write(on)
      return false
    case 'read':
      if (on.alive) world.clients.read(on)
      return false
    default:
      changeMembership(world, step, on)
      return false
  }
}

/** Takes back what {@link perform} did. */
export function undo(world: CheckWorld, step: CheckStep, onId: number, toId: number): void {
  const on = world.members[onId - 1]!
  const to = world.members[toId - 1]!
  if (step.do === 'pause') on.resume()
  else if (step.do === 'slow-disk') on.slowBy = Math.max(0, on.slowBy - step.by)
  else changeLinks(world, step, on, to, -1)
}

function changeLinks(world: CheckWorld, step: CheckStep, on: CheckedMember, to: CheckedMember, sign: 1 | -1): void {
  const others = step.do === 'isolate' ? world.members : [to]
  for (const other of others) {
    if (other === on) continue
    changeLink(world, step, on.id, other.id, sign)
    if (!step.oneWay) changeLink(world, step, other.id, on.id, sign)
  }
}

function changeLink(world: CheckWorld, step: CheckStep, from: number, to: number, sign: 1 | -1): void {
  const link = world.transport.link(from, to)
  if (step.do === 'lose') link.loss = sign > 0 ? step.share : 0
  else if (step.do === 'delay') link.delay = sign > 0 ? step.by : 0
  else link.cuts = Math.max(0, link.cuts + sign)
}

/** Asks the leader, as an administrator would, for a change of the membership that is known now. */
function changeMembership(world: CheckWorld, step: CheckStep, on: CheckedMember): void {
  const leader = world.leader()
  if (leader === undefined) return
  const now = world.checker.newestConfiguration
  const explicit = step.do === 'enter-joint'
  const changes = changesOf(world, step, on.id)
  if (changes === undefined) return
  if (step.do === 'leave-joint' && !isJoint({ incoming: now.voters, outgoing: now.votersOutgoing })) return
  const change: ConfChange = {
    kind: 'conf-change',
    transition: explicit ? 'explicit' : 'auto',
    changes,
    context: '',
  }
  leader.act((node) => node.proposeConfChange(change, changes.length === 1 && !explicit))
}

function changesOf(world: CheckWorld, step: CheckStep, id: number): readonly SingleChange[] | undefined {
  const { voters, learners } = world.checker.newestConfiguration
  const add = (type: SingleChange['type']): SingleChange | undefined => {
    const nodeId = world.newIdentity()
    return nodeId === undefined ? undefined : { type, nodeId }
  }
  const remove: SingleChange = { type: 'remove', nodeId: id }
  switch (step.do) {
    case 'add-learner':
      return listed(add('add-learner'))
    case 'add-voter':
      return listed(add('add-voter'))
    case 'promote':
      return learners[0] === undefined ? undefined : [{ type: 'add-voter', nodeId: learners[0] }]
    case 'remove':
      return voters.length > FEWEST_VOTERS || learners.includes(id) ? [remove] : undefined
    case 'replace':
    case 'enter-joint': {
      if (!voters.includes(id) || voters.length < FEWEST_VOTERS) return undefined
      const added = add('add-voter')
      return added === undefined ? undefined : [remove, added]
    }
    case 'leave-joint':
      return []
    default:
      return undefined
  }
}

function listed(change: SingleChange | undefined): readonly SingleChange[] | undefined {
  return change === undefined ? undefined : [change]
}
