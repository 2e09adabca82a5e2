import { ms } from '../../../base/units.ts'
import type { EventHandle, Simulation } from '../../../engine/simulation.ts'
import type { EtcdError } from './errors.ts'
import { APPLY_TIMEOUT, EXPIRY_SCAN, type Lease, type Lessor } from './lessor.ts'
import type { Command, Outcome, Request } from './requests.ts'

/** A renewal that did not get through is tried again after this long (v3_server.go, LeaseRenew); ms. */
const RENEW_RETRY = 50
/** How often a leader that lags looks whether it has caught up; ms. */
const LAG_POLL = 10

/** What leases need of their member. */
export interface LeaseHost {
  readonly lessor: Lessor
  lease(id: number): Lease | undefined
  /** Who leads as far as the server layer knows; 0: nobody. */
  readonly lead: number
  readonly id: number
  readonly electionTimeout: number
  readonly requestTimeout: number
  /** Whether leadership has to be made sure of before a lease is touched: the loop has stood still. */
  readonly mustEnsureLeadership: boolean
  /** Whether a renewal must wait: committed entries are not applied here yet. */
  readonly lags: boolean
  read(done: (error: EtcdError | undefined) => void): void
  propose(command: Command, done: (outcome: Outcome) => void): void
  forward(member: number, request: Request, done: (outcome: Outcome | undefined) => void): void
  runs(event: () => void): boolean
}

type KeeperEvent =
  | { readonly kind: 'scan'; readonly generation: number }
  | { readonly kind: 'renew'; readonly generation: number; readonly renewal: Renewal }
  | { readonly kind: 'lag'; readonly generation: number; readonly renewal: Renewal; readonly since: number }

interface Renewal {
  readonly lease: number
  readonly until: number
  readonly done: (outcome: Outcome) => void
  over: boolean
}

/** Looks for expired leases on the member that leads, and renews leases: there, or by asking the leader. */
export class LeaseKeeper {
  readonly #simulation: Simulation
  readonly #host: LeaseHost
  #generation = 0
  #scan: EventHandle = -1

  constructor(simulation: Simulation, host: LeaseHost) {
    this.#simulation = simulation
    this.#host = host
  }

  start(): void {
    this.#planScan()
  }

  stop(): void {
    this.#generation++
    this.#simulation.cancel(this.#scan)
  }

  handle(event: KeeperEvent): void {
    if (event.generation !== this.#generation || !this.#host.runs(() => this.handle(event))) return
    if (event.kind === 'scan') {
      this.#planScan()
      this.#revokeExpired()
    } else if (event.kind === 'lag') this.#renewWhenApplied(event.renewal, event.since)
    else this.#try(event.renewal)
  }

  /** A keep-alive: not replicated, served by the leader alone. */
  renew(lease: number, deadline: number, done: (outcome: Outcome) => void): void {
    const within = Math.min(deadline, this.#host.requestTimeout)
    this.#try({ lease, until: this.#simulation.now + within, done, over: false })
  }

  #planScan(): void {
    const generation = this.#generation
    this.#scan = this.#simulation.schedule(ms(EXPIRY_SCAN), this, { kind: 'scan', generation })
  }

  #revokeExpired(): void {
    const host = this.#host
    const due = host.lessor.expired(this.#simulation.now, host.requestTimeout)
    if (due.length === 0) return
    const revoke = (): void => {
      for (const lease of due) host.propose({ kind: 'lease-revoke', lease }, () => {})
    }
    if (host.mustEnsureLeadership) {
      host.read((error) => {
        if (error === undefined && host.lead === host.id) revoke()
      })
    } else revoke()
  }

  #try(renewal: Renewal): void {
    const host = this.#host
    if (renewal.over) return
    if (this.#simulation.now >= renewal.until) {
      this.#end(renewal, { ok: false, error: host.lead === 0 ? 'no-leader' : 'timeout' })
    } else if (host.lessor.primary && host.lead === host.id) this.#renewHere(renewal)
    else if (host.lead === 0) this.#again(renewal, host.electionTimeout)
    else {
      // If the leader is gone without a word, only the client's patience ends this.
      this.#again(renewal, renewal.until - this.#simulation.now)
      host.forward(host.lead, { kind: 'lease-keepalive', lease: renewal.lease }, (outcome) => {
        if (outcome?.ok === true || outcome?.error === 'lease-not-found') this.#end(renewal, outcome)
        else this.#again(renewal, RENEW_RETRY)
      })
    }
  }

  #renewHere(renewal: Renewal): void {
    const host = this.#host
    if (!host.mustEnsureLeadership) {
      this.#renewWhenApplied(renewal, this.#simulation.now)
      return
    }
    host.read((error) => {
      if (error === undefined && host.lead === host.id) this.#renewWhenApplied(renewal, this.#simulation.now)
      else this.#again(renewal, RENEW_RETRY)
    })
  }

  #renewWhenApplied(renewal: Renewal, since: number): void {
    const { now } = this.#simulation
    if (!this.#host.lags) this.#renewAsLeader(renewal)
    else if (now - since >= APPLY_TIMEOUT) this.#end(renewal, { ok: false, error: 'timeout-applied-index' })
    else {
      this.#simulation.schedule(ms(LAG_POLL), this, { kind: 'lag', generation: this.#generation, renewal, since })
    }
  }

  #renewAsLeader(renewal: Renewal): void {
    const lease = this.#host.lease(renewal.lease)
    if (lease === undefined) this.#end(renewal, { ok: false, error: 'lease-not-found' })
    else if (this.#host.lessor.renew(this.#simulation.now, lease)) {
      this.#end(renewal, { ok: true, revision: 0, ttl: lease.ttl })
      // Expired, and about to be revoked: it is not found then, or saved by a change of leader.
    } else this.#again(renewal, RENEW_RETRY)
  }

  #again(renewal: Renewal, after: number): void {
    const left = Math.max(0, renewal.until - this.#simulation.now)
    const event: KeeperEvent = { kind: 'renew', generation: this.#generation, renewal }
    this.#simulation.schedule(ms(Math.min(after, left)), this, event)
  }

  #end(renewal: Renewal, outcome: Outcome): void {
    if (renewal.over) return
    renewal.over = true
    renewal.done(outcome)
  }
}
