import { ms } from '../../../base/units.ts'
import type { EventHandle, Simulation } from '../../../engine/simulation.ts'
import type { RawNode } from '../../../raft/raw-node.ts'
import type { Entry, StepError } from '../../../raft/types.ts'
import { type EtcdError, explainTimeout, type TimeoutFacts } from './errors.ts'
import {
  type Command,
  commandBytes,
  MAX_BACKLOG,
  MAX_REQUEST_BYTES,
  type MemberRequest,
  type Outcome,
  type Proposal,
} from './requests.ts'

/** What proposing needs of its member. */
export interface ProposalHost {
  readonly id: number
  readonly raft: RawNode
  appliedIndex(): number
  /** What the member knows to explain a timeout with. */
  timeoutFacts(startedAt: number): TimeoutFacts
  /** Raft was given something. */
  work(): void
  runs(event: () => void): boolean
}

/** How a proposal ended. */
export type ProposalDone = (outcome: Outcome) => void

interface Pending {
  readonly startedAt: number
  readonly done: ProposalDone
  readonly submit: () => StepError | undefined
  /** Handed to Raft: from now on it may be done whatever becomes of the answer. */
  submitted: boolean
  readonly timer: EventHandle
}

/** What a membership change carries beside what Raft reads of it. */
interface ChangeContext {
  readonly member: number
  readonly request: number
  readonly change: MemberRequest
}

/**
 * Proposals of one member on their way through Raft. While no leader is known they block; once handed over they wait
 * until the entry is applied *here*. A follower forwards, and hears nothing when the leader it believed in is dead: the
 * client waits for its timeout although there may be a new leader by then.
 */
export class Proposals {
  readonly #simulation: Simulation
  readonly #host: ProposalHost
  readonly #timeout: number
  #next: number
  readonly #pending = new Map<number, Pending>()
  /** Not yet handed to Raft, oldest first. */
  #blocked: number[] = []

  constructor(simulation: Simulation, host: ProposalHost, timeout: number, firstNumber: number) {
    this.#simulation = simulation
    this.#host = host
    this.#timeout = timeout
    this.#next = firstNumber
  }

  /** Puts a command into the log, in at most the request timeout. */
  propose(command: Command, done: ProposalDone, deadline: number = Number.POSITIVE_INFINITY): void {
    const { raft, id } = this.#host
    const bytes = commandBytes(command)
    if (raft.committed > this.#host.appliedIndex() + MAX_BACKLOG) {
      done(refuse('too-many-requests'))
      return
    }
    if (bytes > MAX_REQUEST_BYTES) {
      done(refuse('too-large'))
      return
    }
    const request = ++this.#next
    const proposal: Proposal = { kind: 'payload', bytes, member: id, request, command }
    this.#register(request, done, Math.min(this.#timeout, deadline), () => raft.propose(proposal))
  }

  /** Puts a membership change into the log, in the older form as etcd does; only the client's own patience ends it. */
  proposeChange(change: MemberRequest, done: ProposalDone, deadline: number = Number.POSITIVE_INFINITY): void {
    const { raft, id } = this.#host
    const request = ++this.#next
    this.#register(request, done, deadline, () =>
      raft.proposeConfChange(
        {
          kind: 'conf-change',
          transition: 'auto',
          changes: [{ type: CHANGE_TYPES[changeType(change)], nodeId: change.member }],
          context: changeContext(change, id, request),
        },
        true,
      ),
    )
  }

  /** Hands over what was blocked, as long as a leader is known. */
  release(): void {
    const { raft } = this.#host
    while (this.#blocked.length > 0 && raft.lead !== 0) {
      const request = this.#blocked.shift()!
      const pending = this.#pending.get(request)
      if (pending !== undefined) this.#submit(request, pending)
    }
  }

  /** An entry was applied here: its client, if it is one of ours, has its answer. */
  settle(member: number, request: number, outcome: Outcome): void {
    if (member === this.#host.id) this.#end(request, outcome)
  }

  /** The process ends. */
  stop(error: EtcdError): void {
    this.#blocked = []
    for (const request of [...this.#pending.keys()]) this.#end(request, refuse(error))
  }

  handle(event: { readonly request: number }): void {
    const pending = this.#pending.get(event.request)
    if (pending === undefined || !this.#host.runs(() => this.handle(event))) return
    if (!pending.submitted) this.#blocked = this.#blocked.filter((request) => request !== event.request)
    const error = pending.submitted ? explainTimeout(this.#host.timeoutFacts(pending.startedAt)) : 'context-deadline'
    this.#end(event.request, refuse(error))
  }

  #register(request: number, done: ProposalDone, within: number, submit: () => StepError | undefined): void {
    const timer = Number.isFinite(within) ? this.#simulation.schedule(ms(within), this, { request }) : -1
    const pending: Pending = { startedAt: this.#simulation.now, done, submit, submitted: false, timer }
    this.#pending.set(request, pending)
    if (this.#host.raft.lead === 0 || this.#blocked.length > 0) this.#blocked.push(request)
    else {
      this.#submit(request, pending)
      this.#host.work()
    }
  }

  #submit(request: number, pending: Pending): void {
    pending.submitted = true
    if (pending.submit() !== undefined) this.#end(request, refuse('proposal-dropped'))
  }

  #end(request: number, outcome: Outcome): void {
    const pending = this.#pending.get(request)
    if (pending === undefined) return
    this.#pending.delete(request)
    this.#simulation.cancel(pending.timer)
    pending.done(outcome)
  }
}

/** The command that an entry carries; undefined for a leader's empty one. */
export function proposalOf(entry: Entry): Proposal | undefined {
  const { data } = entry
  return typeof data === 'object' && 'command' in data ? (data as Proposal) : undefined
}

/** The membership change that an entry carries. */
export function changeContextOf(text: string): ChangeContext {
  return JSON.parse(text) as ChangeContext
}

/** The text that travels with a membership change. */
export function changeContext(change: MemberRequest, member: number, request: number): string {
  return JSON.stringify({ member, request, change } satisfies ChangeContext)
}

const CHANGE_TYPES = { voter: 'add-voter', learner: 'add-learner', remove: 'remove' } as const

function changeType(change: MemberRequest): keyof typeof CHANGE_TYPES {
  if (change.kind === 'member-remove') return 'remove'
  return change.kind === 'member-add' && change.learner ? 'learner' : 'voter'
}

function refuse(error: EtcdError): Outcome {
  return { ok: false, error }
}
