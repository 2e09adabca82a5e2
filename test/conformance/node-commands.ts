import { present } from '../../src/base/assert.ts'
import { describeMessage, describePeers, isVoter, message, type Snapshot } from '../../src/raft/index.ts'
import { ids, integer, option, options } from './arguments.ts'
import type { Command, Commands } from './command.ts'
import type { Arg } from './data-driven.ts'
import { ELECTION_TICK, type Environment, HEARTBEAT_TICK, NO_SNAPSHOT, type TestNode } from './environment.ts'
import { parseChanges } from './parse-changes.ts'

function firstNode(env: Environment, args: readonly Arg[]): TestNode {
  return env.node(present(ids(args)[0], 'a node'))
}

function secondId(args: readonly Arg[]): number {
  return present(ids(args)[1], 'a second number')
}

/** A command that cannot fail. */
function always(run: (env: Environment, args: readonly Arg[]) => void): Command {
  return (env, args) => {
    run(env, args)
    return undefined
  }
}

function ticks(count: number): Command {
  return always((env, args) => {
    for (let i = 0; i < count; i++) firstNode(env, args).raw.tick()
  })
}

const addNodes: Command = (env, args) => {
  const state = NO_SNAPSHOT.confState
  const snapshot: Snapshot = {
    index: integer(option(args, 'index') ?? '0'),
    term: 1,
    confState: {
      ...state,
      voters: options(args, 'voters').map(integer),
      learners: options(args, 'learners').map(integer),
    },
    data: option(args, 'content') ?? '',
  }
  const { confState } = snapshot
  const given =
    snapshot.index > 0 || confState.voters.length > 0 || confState.learners.length > 0 || snapshot.data !== ''
  // Index 1 would be the first entry's own; a log is started after one.
  if (given && snapshot.index <= 1) return 'index must be specified as > 1 due to bootstrap'
  const readOnly = option(args, 'read-only')
  if (readOnly !== undefined && readOnly !== 'safe' && readOnly !== 'lease-based') {
    return `invalid read-only option "${readOnly}"`
  }
  const isTrue = (key: string): boolean => ['true', 't', '1'].includes((option(args, key) ?? '').toLowerCase())
  const numberOf = (key: string): number => integer(option(args, key) ?? '0')
  const settings = {
    maxInflightMsgs: numberOf('inflight') || 2 ** 31 - 1,
    asyncStorageWrites: isTrue('async-storage-writes'),
    preVote: isTrue('prevote'),
    checkQuorum: isTrue('checkquorum'),
    maxCommittedSizePerReady: numberOf('max-committed-size-per-ready') || Number.POSITIVE_INFINITY,
    disableConfChangeValidation: isTrue('disable-conf-change-validation'),
    readOnlyOption: readOnly === 'lease-based' ? ('lease' as const) : ('safe' as const),
    stepDownOnRemoval: isTrue('step-down-on-removal'),
    applied: snapshot.index,
  }
  const count = integer(args[0]?.key)
  for (let i = 0; i < count; i++) env.addNode(settings, given ? snapshot : undefined)
  return undefined
}

const proposeConfChange: Command = (env, args, input) => {
  const transition = option(args, 'transition') ?? 'auto'
  if (transition !== 'auto' && transition !== 'implicit' && transition !== 'explicit') {
    return `unknown transition ${transition}`
  }
  const changes = parseChanges(input.join(' '))
  if (changes === undefined) return `unknown input: ${input.join(' ')}`
  const v1 = option(args, 'v1') === 'true'
  if (v1 && (changes.length !== 1 || transition !== 'auto')) return 'a V1 change has exactly one operation'
  return firstNode(env, args).raw.proposeConfChange({ kind: 'conf-change', transition, changes, context: '' }, v1)
}

const sendSnapshot: Command = (env, args) => {
  const from = firstNode(env, args)
  const m = message('MsgSnap', secondId(args), from.id)
  m.term = from.raw.term
  m.snapshot = present(from.history[from.history.length - 1], 'a state')
  env.messages.push(m)
  env.write(describeMessage(m))
  return undefined
}

const compact: Command = (env, args) => {
  const node = firstNode(env, args)
  const error = node.storage.compact(secondId(args))
  if (error === undefined) env.writeLog(node)
  return error
}

const raftState: Command = always((env) => {
  for (const { id, raw } of env.nodes) {
    const role = isVoter(raw.configuration, id) ? '(Voter)' : '(Non-Voter)'
    env.writeLine(`${id}: ${raw.state} ${role} Term:${raw.term} Lead:${raw.lead}`)
  }
})

/** Commands that make nodes, or ask or tell one of them something. */
export const nodeCommands: Commands = {
  _breakpoint: () => undefined,
  'add-nodes': addNodes,
  campaign: always((env, args) => firstNode(env, args).raw.campaign()),
  compact,
  'forget-leader': always((env, args) => firstNode(env, args).raw.forgetLeader()),
  propose: (env, args) => firstNode(env, args.slice(0, 1)).raw.propose(present(args[1], 'a proposal').key),
  'propose-conf-change': proposeConfChange,
  'raft-log': always((env, args) => env.writeLog(firstNode(env, args))),
  'raft-state': raftState,
  'report-unreachable': always((env, args) => firstNode(env, args).raw.reportUnreachable(secondId(args))),
  'send-snapshot': sendSnapshot,
  'set-randomized-election-timeout': always((env, args) =>
    firstNode(env, args).raw.setRandomizedElectionTimeout(integer(option(args, 'timeout'))),
  ),
  status: always((env, args) => {
    const { raw } = firstNode(env, args)
    // Only a leader knows how far the others are.
    if (raw.state === 'StateLeader') env.write(describePeers(raw.peers))
  }),
  'tick-election': ticks(ELECTION_TICK),
  'tick-heartbeat': ticks(HEARTBEAT_TICK),
  'transfer-leadership': always((env, args) =>
    env.node(integer(option(args, 'from'))).raw.transferLeader(integer(option(args, 'to'))),
  ),
}
