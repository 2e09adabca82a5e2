import { assert } from '../../src/base/assert.ts'
import { describeMessage, describeReady, isLocalTarget, type Message } from '../../src/raft/index.ts'
import { ids, integer, option, options } from './arguments.ts'
import type { Command, Commands } from './command.ts'
import { apply, type Environment, persist, type TestNode } from './environment.ts'

interface Recipient {
  readonly id: number
  readonly drop: boolean
}

/** Delivers or drops what is queued for one recipient; returns how many messages it was. */
function deliver(env: Environment, { id, drop }: Recipient, type: string | undefined): number {
  const taken = env.takeMessages(id, type, drop)
  for (const m of taken) {
    env.writeLine(`${drop ? 'dropped: ' : ''}${describeMessage(m)}`)
    if (drop) continue
    const error = env.node(id).raw.step(m)
    if (error !== undefined) env.writeLine(error)
  }
  return taken.length
}

const deliverMessages: Command = (env, args) => {
  const recipients: Recipient[] = [
    ...ids(args).map((id) => ({ id, drop: false })),
    ...options(args, 'drop').map((id) => ({ id: integer(id), drop: true })),
  ]
  const type = option(args, 'type')
  let count = 0
  for (const recipient of recipients) count += deliver(env, recipient, type)
  if (count === 0) env.writeLine('no messages')
  return undefined
}

/** Does all the work of one Ready; with asynchronous writes the storage work is queued instead. */
function processReady(env: Environment, node: TestNode): string | undefined {
  const ready = node.raw.ready()
  env.write(describeReady(ready))
  if (!node.asynchronous) {
    const error = persist(node, ready.hardState, ready.entries, ready.snapshot)
    if (error !== undefined) return error
    apply(node, ready.committedEntries)
  }
  for (const m of ready.messages) {
    if (!isLocalTarget(m.to)) env.messages.push(m)
    else if (m.type === 'MsgStorageAppend') node.appendWork.push(m)
    else node.applyWork.push(m)
  }
  if (!node.asynchronous) node.raw.advance()
  return undefined
}

function describeWork(env: Environment, work: Message): void {
  env.writeLine('Processing:')
  env.writeLine(describeMessage({ ...work, responses: [] }))
}

function respond(env: Environment, work: Message): void {
  env.writeLine('Responses:')
  for (const m of work.responses) {
    env.writeLine(describeMessage(m))
    env.messages.push(m)
  }
}

function processAppend(env: Environment, node: TestNode): string | undefined {
  const work = node.appendWork.shift()
  if (work === undefined) {
    env.write('no append work to perform')
    return undefined
  }
  describeWork(env, work)
  const changed = work.term !== 0 || work.vote !== 0 || work.commit !== 0
  const hardState = changed ? { term: work.term, vote: work.vote, commit: work.commit } : undefined
  const error = persist(node, hardState, work.entries, work.snapshot)
  if (error !== undefined) return error
  respond(env, work)
  return undefined
}

function processApply(env: Environment, node: TestNode): string | undefined {
  const work = node.applyWork.shift()
  if (work === undefined) {
    env.write('no apply work to perform')
    return undefined
  }
  describeWork(env, work)
  apply(node, work.entries)
  respond(env, work)
  return undefined
}

type Work = (env: Environment, node: TestNode) => string | undefined

/** Does the work on each node named, with a heading for each if there are several. */
function onEach(work: Work, heading: string): Command {
  return (env, args) => {
    const nodes = ids(args)
    for (const id of nodes) {
      if (nodes.length > 1) env.writeLine(`> ${id} ${heading}`)
      const run = (): string | undefined => work(env, env.node(id))
      const error = nodes.length > 1 ? env.indented(run) : run()
      if (error !== undefined) return error
    }
    return undefined
  }
}

const MAX_ROUNDS = 10_000

/** Goes on with all work of the nodes until there is none left: Readies, deliveries, appends, applications, in rounds. */
function stabilize(env: Environment, nodes: readonly TestNode[]): string | undefined {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let busy = false
    const steps: [string, (node: TestNode) => boolean, (node: TestNode) => string | undefined][] = [
      ['handling Ready', (node) => node.raw.hasReady(), (node) => processReady(env, node)],
      [
        'receiving messages',
        (node) => env.hasMessages(node.id),
        (node) => {
          deliver(env, { id: node.id, drop: false }, undefined)
          return undefined
        },
      ],
      [
        'processing append thread',
        (node) => node.appendWork.length > 0,
        (node) => drain(env, node, node.appendWork, processAppend),
      ],
      [
        'processing apply thread',
        (node) => node.applyWork.length > 0,
        (node) => drain(env, node, node.applyWork, processApply),
      ],
    ]
    for (const [heading, hasWork, work] of steps) {
      for (const node of nodes) {
        if (!hasWork(node)) continue
        busy = true
        env.writeLine(`> ${node.id} ${heading}`)
        const error = env.indented(() => work(node))
        if (error !== undefined) return error
      }
    }
    if (!busy) return undefined
  }
  assert(false, `the nodes are still busy after ${MAX_ROUNDS} rounds`)
}

function drain(env: Environment, node: TestNode, queue: readonly Message[], work: Work): string | undefined {
  while (queue.length > 0) {
    const error = work(env, node)
    if (error !== undefined) return error
  }
  return undefined
}

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'NONE']

/** The nodes print no log here, so that only the last level, which silences everything, has an effect. */
function setLevel(env: Environment, level: string): string | undefined {
  if (!LEVELS.includes(level.toUpperCase())) return `log levels must be either of [${LEVELS.join(' ')}]`
  env.quiet = level.toUpperCase() === 'NONE'
  return undefined
}

const stabilizeCommand: Command = (env, args) => {
  const before = env.quiet
  const level = option(args, 'log-level')
  const error = level === undefined ? undefined : setLevel(env, level)
  if (error !== undefined) return error
  const named = ids(args)
  const failed = stabilize(env, named.length === 0 ? env.nodes : named.map((id) => env.node(id)))
  env.quiet = before
  return failed
}

/** Commands that let nodes work: Readies, messages, storage threads. */
export const workCommands: Commands = {
  'deliver-msgs': deliverMessages,
  'log-level': (env, args) => setLevel(env, args[0]?.key ?? ''),
  'process-append-thread': onEach(processAppend, 'processing append thread'),
  'process-apply-thread': onEach(processApply, 'processing apply thread'),
  'process-ready': onEach(processReady, 'handling Ready'),
  stabilize: stabilizeCommand,
}
