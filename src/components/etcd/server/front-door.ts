import { ZERO } from '../../../base/units.ts'
import { defragmentPause } from './defragment.ts'
import type { EtcdError } from './errors.ts'
import { healthChecks, passesLocally } from './health.ts'
import { HEALTH_INTERVAL, type MembershipView, refuseChange } from './membership.ts'
import {
  type Command,
  isReadOnly,
  type MemberRequest,
  type Outcome,
  type Request,
  type RequestOptions,
  type RequestSink,
} from './requests.ts'
import type { EtcdServer } from './server.ts'
import { exceedsQuota } from './space.ts'

type Done = (outcome: Outcome) => void

type FrontEvent =
  | { readonly kind: 'reply'; readonly sink: RequestSink; readonly number: number; readonly outcome: Outcome }
  | { readonly kind: 'defragmented'; readonly generation: number; readonly done: Done }
  | { readonly kind: 'read-deadline'; readonly generation: number; readonly done: Done }

const refuse = (error: EtcdError, detail?: string): Outcome =>
  detail === undefined ? { ok: false, error } : { ok: false, error, detail }

/** Where clients come in: takes a request, says what it needs (log, read index, leader, local store), and answers once. */
export class FrontDoor {
  readonly #server: EtcdServer
  /** Requests that have no answer yet. */
  readonly #open = new Set<Done>()
  /** Local reads that wait for a backend that is held. */
  #held: (() => void)[] = []

  constructor(server: EtcdServer) {
    this.#server = server
  }

  /** Nobody waits for an answer. */
  get isEmpty(): boolean {
    return this.#open.size === 0
  }

  call(sink: RequestSink, number: number, request: Request, options: RequestOptions): void {
    const server = this.#server
    // Health is looked at from the start; a process that is stopping closes the door to all.
    const open = server.status === 'running' && (server.serving || request.kind === 'health')
    if (!open) {
      this.#reply(sink, number, refuse('connection-refused'))
      return
    }
    const done: Done = (outcome) => {
      if (!this.#open.delete(done)) return
      this.#reply(sink, number, outcome)
      server.drained()
    }
    this.#open.add(done)
    if (server.runs(() => this.#serve(request, options, done))) this.#serve(request, options, done)
  }

  /** Every connection ends: waiting clients learn that, and nothing more. */
  closeAll(error: EtcdError): void {
    this.#held = []
    for (const done of [...this.#open]) done(refuse(error))
  }

  /** A peer's request for the leader: served here or not at all. */
  forwarded(request: Request, done: Done): void {
    const server = this.#server
    if (server.lead !== server.id) done(refuse('no-leader'))
    else if (request.kind === 'lease-keepalive') server.process.keeper.renew(request.lease, server.requestTimeout, done)
    else if (request.kind === 'member-promote') this.#changeMembers(request, Number.POSITIVE_INFINITY, done)
    else done(refuse('no-leader'))
  }

  handle(event: FrontEvent): void {
    const server = this.#server
    if (event.kind === 'reply') {
      event.sink.answered(event.number, event.outcome)
      return
    }
    if (event.generation !== server.generation || !server.runs(() => this.handle(event))) return
    if (event.kind === 'read-deadline') event.done(refuse('context-deadline'))
    else this.#defragmented(event.done)
  }

  #serve(request: Request, options: RequestOptions, done: Done): void {
    const server = this.#server
    const deadline = options.deadline ?? Number.POSITIVE_INFINITY
    const local = request.kind === 'health' || (request.kind === 'get' && isSerializable(request))
    const process = server.process
    const self = process.state.members.members.find(({ id }) => id === server.id)
    if (self?.learner === true && !local) {
      done(refuse('learner'))
      return
    }
    if (options.requireLeader === true && server.lead === 0) {
      done(refuse('no-leader'))
      return
    }
    switch (request.kind) {
      case 'get':
        if (isSerializable(request)) this.#whenReadable(() => done(this.#read(request)))
        else this.#readWhenCurrent(deadline, done, () => this.#read(request))
        return
      case 'txn':
        if (isReadOnly(request))
          this.#readWhenCurrent(deadline, done, () => ({ ok: true, ...this.#store.transact(request) }))
        else this.#propose(request, deadline, done)
        return
      case 'alarm-list':
        // Listed through the log, so that it needs a quorum.
        this.#propose({ kind: 'alarm', action: 'get', alarm: 'NOSPACE', member: server.id }, deadline, done)
        return
      case 'member-add':
      case 'member-promote':
      case 'member-remove':
        this.#changeMembers(request, deadline, done)
        return
      case 'lease-keepalive':
        process.keeper.renew(request.lease, deadline, done)
        return
      case 'health':
        this.#health(request, done)
        return
      case 'defragment':
        process.queue.hold(1)
        server.simulation.schedule(defragmentPause(this.#store.bytes, server.config.defragmentRate), this, {
          kind: 'defragmented',
          generation: server.generation,
          done,
        })
        return
      default:
        this.#propose(request, deadline, done)
        return
    }
  }

  get #store(): EtcdServer['process']['state']['store'] {
    return this.#server.process.state.store
  }

  /** The member that is asked looks at its own quota, and raises the alarm for all (api/v3rpc/quota.go). */
  #propose(command: Command, deadline: number, done: Done): void {
    const { process, config, id } = this.#server
    if (!exceedsQuota(command, process.state.fileBytes, config.quotaBytes)) {
      process.proposals.propose(command, done, deadline)
      return
    }
    const alarm: Command = { kind: 'alarm', action: 'activate', alarm: 'NOSPACE', member: id }
    process.proposals.propose(alarm, () => done(refuse('no-space')), deadline)
  }

  #read(request: Request & { readonly kind: 'get' }): Outcome {
    const store = this.#store
    const at = 'revision' in request ? request.revision : undefined
    if (at !== undefined && at < store.compacted) return refuse('compacted')
    if (at !== undefined && at > store.revision) return refuse('future-revision')
    const entry = at === undefined ? store.get(request.key) : store.getAt(request.key, at)
    return { ok: true, revision: store.revision, value: entry?.value, modRevision: entry?.modRevision ?? 0 }
  }

  #readWhenCurrent(deadline: number, done: Done, read: () => Outcome): void {
    const server = this.#server
    if (Number.isFinite(deadline)) this.#expire(deadline, done)
    server.process.reads.add((error) => {
      if (error !== undefined) done(refuse(error))
      else this.#whenReadable(() => done(read()))
    })
  }

  /** A read of the backend waits while the backend is held. */
  #whenReadable(read: () => void): void {
    if (this.#server.process.queue.isHeld) this.#held.push(read)
    else read()
  }

  #defragmented(done: Done): void {
    const { process } = this.#server
    process.state.shrinkFile()
    process.queue.hold(-1)
    const held = this.#held
    this.#held = []
    for (const read of held) this.#whenReadable(read)
    done({ ok: true, revision: process.state.store.revision })
  }

  /** Only the leader knows how far a learner is: others pass a promotion on to it. */
  #changeMembers(request: MemberRequest, deadline: number, done: Done): void {
    const server = this.#server
    if (request.kind === 'member-promote' && server.lead !== server.id) {
      if (Number.isFinite(deadline)) this.#expire(deadline, done)
      if (server.lead === 0) done(refuse('no-leader'))
      else server.world.forward(server, server.lead, request, (outcome) => done(outcome ?? refuse('timeout')))
      return
    }
    const error = refuseChange(request, this.#membershipView())
    if (error !== undefined) done(refuse(error))
    else server.process.proposals.proposeChange(request, done, deadline)
  }

  #membershipView(): MembershipView {
    const server = this.#server
    const { raft } = server.process.loop
    return {
      version: server.config.version,
      self: server.id,
      list: server.process.state.members,
      strict: server.config.strictReconfigCheck,
      connectedLong: (member) => server.connectedSince(member, server.simulation.now - HEALTH_INTERVAL),
      connected: (member) => server.world.connectedSince(server, member) !== undefined,
      matchShare: (member) => {
        const match = raft.state === 'StateLeader' ? raft.progress(member)?.match : undefined
        return match === undefined ? undefined : match / raft.lastIndex
      },
    }
  }

  /** Checks one after the other; `/health` ends with the first that fails, the others name all that do. */
  #health(query: Request & { readonly kind: 'health' }, done: Done): void {
    const { process, config, lead, id } = this.#server
    const checks = healthChecks(config.version, query)
    if (checks === undefined) {
      done(refuse('not-found404'))
      return
    }
    const learner = process.state.members.members.find((each) => each.id === id)?.learner === true
    const facts = { alarms: process.state.alarms, knowsLeader: lead !== 0, learner }
    const failed: string[] = []
    const end = (): void => {
      if (failed.length > 0) done(refuse('unhealthy503', failed.join(', ')))
      else done({ ok: true, revision: this.#store.revision })
    }
    const next = (position: number): void => {
      const check = checks[position]
      if (check === undefined || (query.path === '/health' && failed.length > 0)) {
        end()
        return
      }
      const passes = passesLocally(check, facts, query.exclude ?? [])
      if (passes === false) failed.push(check)
      if (passes !== undefined) next(position + 1)
      else if (check === 'serializable_read') this.#whenReadable(() => next(position + 1))
      else
        process.reads.add((error) => {
          if (error !== undefined) failed.push(check)
          next(position + 1)
        })
    }
    next(0)
  }

  #expire(after: number, done: Done): void {
    const { simulation, generation } = this.#server
    simulation.schedule(after as typeof ZERO, this, { kind: 'read-deadline', generation, done })
  }

  #reply(sink: RequestSink, number: number, outcome: Outcome): void {
    this.#server.simulation.schedule(ZERO, this, { kind: 'reply', sink, number, outcome })
  }
}

function isSerializable(request: Request & { readonly kind: 'get' }): boolean {
  return 'serializable' in request && request.serializable === true
}
