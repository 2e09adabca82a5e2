import { type Configuration, changeOf, isJoint } from './configuration.ts'
import type { ProgressView } from './progress.ts'
import type { Ready } from './ready.ts'
import {
  type ConfState,
  type Entry,
  type HardState,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  NONE,
  type NodeId,
  type SingleChange,
  type Snapshot,
} from './types.ts'

/** Texts of messages, entries and states, in the form that etcd's own tests print. */

const CHANGE_LETTER = { 'add-voter': 'v', 'add-learner': 'l', remove: 'r', update: 'u' } as const

/** `v1 l2 r3 u4`: voter, learner, removed, updated. */
function describeChanges(changes: readonly SingleChange[]): string {
  return changes.map(({ type, nodeId }) => `${CHANGE_LETTER[type]}${nodeId}`).join(' ')
}

/** `term/index type "payload"`. */
export function describeEntry(entry: Entry): string {
  const payload = describePayload(entry)
  return `${entry.term}/${entry.index} ${entry.type}${payload === '' ? '' : ` ${payload}`}`
}

function describePayload(entry: Entry): string {
  if (entry.type !== 'EntryNormal') return describeChanges(changeOf(entry).changes)
  if (entry.data === undefined) return '""'
  if (typeof entry.data === 'string') return JSON.stringify(entry.data)
  return entry.data.kind === 'payload' ? `<${entry.data.bytes} bytes>` : '<conf-change>'
}

/** One entry a line, each line ended. */
export function describeEntries(entries: readonly Entry[]): string {
  return entries.map((entry) => `${describeEntry(entry)}\n`).join('')
}

function describeTarget(id: NodeId): string {
  if (id === NONE) return 'None'
  if (id === LOCAL_APPEND_THREAD) return 'AppendThread'
  return id === LOCAL_APPLY_THREAD ? 'ApplyThread' : id.toString(16)
}

/** `from->to type Term:t Log:logTerm/index …`, what is zero left out; several entries or responses on lines of their own. */
export function describeMessage(m: Message, indent = ''): string {
  let text = `${indent}${describeTarget(m.from)}->${describeTarget(m.to)} ${m.type} Term:${m.term} Log:${m.logTerm}/${m.index}`
  if (m.reject) text += ` Rejected (Hint: ${m.rejectHint})`
  if (m.commit !== 0) text += ` Commit:${m.commit}`
  if (m.vote !== NONE) text += ` Vote:${m.vote}`
  if (m.entries.length === 1) {
    text += ` Entries:[${describeEntry(m.entries[0]!)}]`
  } else if (m.entries.length > 1) {
    const lines = m.entries.map((entry) => `\n${indent}  ${describeEntry(entry)}`)
    text += ` Entries:[${lines.join('')}\n${indent}]`
  }
  if (m.snapshot !== undefined) text += `\n${indent}  Snapshot: ${describeSnapshot(m.snapshot)}`
  if (m.responses.length > 0) {
    const lines = m.responses.map((response) => `\n${describeMessage(response, `${indent}  `)}`)
    text += ` Responses:[${lines.join('')}\n${indent}]`
  }
  return text
}

function describeHardState(hardState: HardState): string {
  const vote = hardState.vote === NONE ? '' : ` Vote:${hardState.vote}`
  return `Term:${hardState.term}${vote} Commit:${hardState.commit}`
}

export function describeSnapshot(snapshot: Snapshot): string {
  return `Index:${snapshot.index} Term:${snapshot.term} ConfState:${describeConfState(snapshot.confState)}`
}

export function describeConfState(state: ConfState): string {
  const list = (ids: readonly NodeId[]): string => `[${ids.join(' ')}]`
  return (
    `Voters:${list(state.voters)} VotersOutgoing:${list(state.votersOutgoing)} Learners:${list(state.learners)} ` +
    `LearnersNext:${list(state.learnersNext)} AutoLeave:${state.autoLeave}`
  )
}

/** All parts of a Ready that say something; `<empty Ready>` if none does. */
export function describeReady(ready: Ready): string {
  let text = ''
  if (ready.softState !== undefined) text += `Lead:${ready.softState.lead} State:${ready.softState.state}\n`
  if (ready.hardState !== undefined) text += `HardState ${describeHardState(ready.hardState)}\n`
  if (ready.readStates.length > 0) {
    text += `ReadStates [${ready.readStates.map((s) => `{${s.index} ${s.context}}`).join(' ')}]\n`
  }
  if (ready.entries.length > 0) text += `Entries:\n${describeEntries(ready.entries)}`
  if (ready.snapshot !== undefined) text += `Snapshot ${describeSnapshot(ready.snapshot)}\n`
  if (ready.committedEntries.length > 0) text += `CommittedEntries:\n${describeEntries(ready.committedEntries)}`
  if (ready.messages.length > 0) text += `Messages:\n${ready.messages.map((m) => `${describeMessage(m)}\n`).join('')}`
  return text === '' ? '<empty Ready>' : `Ready MustSync=${ready.mustSync}:\n${text}`
}

/** `StateReplicate match=4 next=5`, and what is out of the ordinary. */
function describeProgress(progress: ProgressView): string {
  let text = `${progress.state} match=${progress.match} next=${progress.next}`
  if (progress.isLearner) text += ' learner'
  if (progress.isPaused) text += ' paused'
  if (progress.pendingSnapshot > 0) text += ` pendingSnap=${progress.pendingSnapshot}`
  if (!progress.recentActive) text += ' inactive'
  if (progress.inflightCount > 0) text += ` inflight=${progress.inflightCount}`
  return progress.windowFull && progress.inflightCount > 0 ? `${text}[full]` : text
}

/** One member a line, each line ended. */
export function describePeers(peers: readonly ProgressView[]): string {
  return peers.map((peer) => `${peer.id}: ${describeProgress(peer)}\n`).join('')
}

/** `voters=(1 2)&&(1) learners=(3) learners_next=(4) autoleave`. */
export function describeConfiguration(configuration: Configuration): string {
  const list = (ids: readonly NodeId[]): string => `(${ids.join(' ')})`
  let text = `voters=${list(configuration.incoming)}`
  if (isJoint(configuration)) text += `&&${list(configuration.outgoing)}`
  if (configuration.learners.length > 0) text += ` learners=${list(configuration.learners)}`
  if (configuration.learnersNext.length > 0) text += ` learners_next=${list(configuration.learnersNext)}`
  return configuration.autoLeave ? `${text} autoleave` : text
}
