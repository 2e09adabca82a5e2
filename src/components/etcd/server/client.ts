import { ms } from '../../../base/units.ts'
import type { Random } from '../../../engine/random.ts'
import type { Simulation } from '../../../engine/simulation.ts'
import { ERRORS } from './errors.ts'
import type { Outcome, Request, RequestOptions, RequestSink } from './requests.ts'
import type { EtcdServer } from './server.ts'

/** Between two rounds over all endpoints (client/v3/options.go): 25 ms, give or take a tenth. */
const BACKOFF = 25
const JITTER = 0.1
const MAX_ATTEMPTS = 100

/** One request of a client, and how it ended as far as the client can tell. */
export interface Conversation {
  readonly request: Request
  readonly startedAt: number
  endedAt: number | undefined
  outcome: Outcome | undefined
  /** How often it was sent. */
  attempts: number
}

type ClientEvent = { readonly kind: 'retry' | 'deadline'; readonly number: number }

/**
 * A client as clientv3 is by default: reads are tried again on Unavailable, at the next endpoint, without end; writes only
 * if no process took them, so that none is done twice. Its own deadline leaves a write's fate unknown.
 */
export class EtcdClient implements RequestSink {
  readonly #simulation: Simulation
  readonly #endpoints: readonly EtcdServer[]
  readonly #random: Random
  readonly #conversations: (Conversation & { readonly deadline: number; readonly options: RequestOptions })[] = []

  constructor(simulation: Simulation, endpoints: readonly EtcdServer[], name: string) {
    this.#simulation = simulation
    this.#endpoints = endpoints
    this.#random = simulation.streams.stream(`etcd-client/${name}`)
  }

  /** Asks, and notes what becomes of it. */
  ask(request: Request, options: RequestOptions = {}): Conversation {
    const now = this.#simulation.now
    const deadline = now + (options.deadline ?? Number.POSITIVE_INFINITY)
    const conversation = {
      request,
      startedAt: now,
      endedAt: undefined,
      outcome: undefined,
      attempts: 0,
      deadline,
      options,
    }
    const number = this.#conversations.push(conversation) - 1
    if (Number.isFinite(deadline)) this.#simulation.scheduleAt(ms(deadline), this, { kind: 'deadline', number })
    this.#send(number)
    return conversation
  }

  /** Every request so far, in order. */
  get conversations(): readonly Conversation[] {
    return this.#conversations
  }

  answered(number: number, outcome: Outcome): void {
    const conversation = this.#conversations[number]!
    if (conversation.outcome !== undefined) return
    if (!outcome.ok && this.#triesAgain(conversation, outcome.error)) {
      const round = conversation.attempts % this.#endpoints.length === 0
      const pause = round ? BACKOFF * (1 + JITTER * (2 * this.#random.next() - 1)) : 0
      this.#simulation.schedule(ms(pause), this, { kind: 'retry', number })
      return
    }
    conversation.outcome = outcome
    conversation.endedAt = this.#simulation.now
  }

  handle(event: ClientEvent): void {
    const conversation = this.#conversations[event.number]!
    if (conversation.outcome !== undefined) return
    if (event.kind === 'retry') this.#send(event.number)
    else {
      conversation.outcome = { ok: false, error: 'context-deadline' }
      conversation.endedAt = this.#simulation.now
    }
  }

  #send(number: number): void {
    const conversation = this.#conversations[number]!
    const left = conversation.deadline - this.#simulation.now
    const options = { ...conversation.options, ...(Number.isFinite(left) ? { deadline: left } : {}) }
    const server = this.#endpoints[conversation.attempts++ % this.#endpoints.length]!
    server.call(this, number, conversation.request, options)
  }

  #triesAgain({ request, attempts }: Conversation, error: keyof typeof ERRORS): boolean {
    if (attempts >= MAX_ATTEMPTS) return false
    if (error === 'connection-refused') return true
    return request.kind === 'get' && ERRORS[error].code === 'Unavailable'
  }
}
