import { type EtcdVersion, isSince } from './version.ts'

/** Expired leases are looked for this often, and so many are revoked at a time (server/lease/lessor.go); ms. */
export const EXPIRY_SCAN = 500
const REVOKES_PER_SCAN = 500
/** From this many leases on a new leader spreads their expiry to three quarters of it a second. */
const REVOKE_RATE = 1_000

/** Shortest time to live: what three half elections take, rounded up to seconds (server/etcdserver/server.go, minTTL). */
export function minimumTtl(electionTicks: number, tickInterval: number): number {
  return Math.ceil((Math.trunc((3 * electionTicks) / 2) * tickInterval) / 1000)
}

/**
 * Whether a leader makes sure that it still leads, by a linearizable read, before it revokes or renews after its loop
 * stood still for three heartbeats: 3.4.31, 3.5.13, 3.6.0 (etcd issue 15247). Older leaders whose disk hangs go on.
 */
export function guardsLeases(version: EtcdVersion): boolean {
  return isSince(version, { '3.4': 31, '3.5': 13, '3.6': 0 })
}

/** How long a renewal waits until the leader has applied what is committed (v3_server.go, applyTimeout); ms. */
export const APPLY_TIMEOUT = 1_000

/**
 * Whether a renewal waits for what is committed, lest a lease just granted is not found: 3.5.3, 3.6.0, and 3.4 by its
 * newest patches.
 */
export function waitsForApply(version: EtcdVersion): boolean {
  return isSince(version, { '3.4': 45, '3.5': 3, '3.6': 0 })
}

/** A lease as it is replicated: grants and revocations go through Raft, keep-alives do not. */
export interface Lease {
  readonly id: number
  /** Seconds. */
  readonly ttl: number
  readonly keys: ReadonlySet<string>
}

/**
 * Who may let leases expire: only the member that leads, and only while its server layer knows that it does. Everywhere
 * else a lease lasts for ever. Remaining times to live are not replicated: checkpoints are off by default in all
 * versions, so a new leader starts every lease anew.
 */
export class Lessor {
  readonly #minTtl: number
  #primary = false
  /** When each lease expires here (ms); infinite while this member does not lead. */
  readonly #expiry = new Map<number, number>()
  /** Revocations under way, and when to try again. */
  readonly #retryAt = new Map<number, number>()

  constructor(minTtl: number) {
    this.#minTtl = minTtl
  }

  /** Whether leases can expire here. */
  get primary(): boolean {
    return this.#primary
  }

  /** The time to live that a grant gets, in seconds. */
  granted(ttl: number): number {
    return Math.max(ttl, this.#minTtl)
  }

  /** When a lease expires as far as this member knows; infinite without a leader's view. */
  expiresAt(lease: number): number {
    return this.#expiry.get(lease) ?? Number.POSITIVE_INFINITY
  }

  /**
   * The empty entry of this leader's term has been applied: every lease gets its full time and an election timeout on
   * top, because keep-alives may have been lost with the leader before. Many leases are spread out.
   */
  promote(now: number, electionTimeout: number, leases: Iterable<Lease>): void {
    this.#primary = true
    this.#retryAt.clear()
    this.#expiry.clear()
    const sorted = [...leases].sort((a, b) => a.ttl - b.ttl)
    for (const { id, ttl } of sorted) this.#expiry.set(id, now + electionTimeout + ttl * 1000)
    if (sorted.length >= REVOKE_RATE) this.#spread(sorted)
  }

  /** This member no longer leads: leases last for ever here. */
  demote(): void {
    this.#primary = false
    this.#expiry.clear()
    this.#retryAt.clear()
  }

  /** A grant was applied. */
  add(now: number, lease: Lease): void {
    if (this.#primary) this.#expiry.set(lease.id, now + lease.ttl * 1000)
  }

  /** A revocation was applied. */
  remove(lease: number): void {
    this.#expiry.delete(lease)
    this.#retryAt.delete(lease)
  }

  /** A keep-alive; false if the lease has expired and only waits to be revoked. */
  renew(now: number, lease: Lease): boolean {
    if (this.expiresAt(lease.id) <= now) return false
    this.#expiry.set(lease.id, now + lease.ttl * 1000)
    return true
  }

  /** Leases to be revoked now; each is named again only after `retryAfter` ms. */
  expired(now: number, retryAfter: number): number[] {
    if (!this.#primary) return []
    const due: number[] = []
    for (const [lease, at] of this.#expiry) {
      if (at > now || (this.#retryAt.get(lease) ?? 0) > now) continue
      if (due.length === REVOKES_PER_SCAN) break
      due.push(lease)
      this.#retryAt.set(lease, now + retryAfter)
    }
    return due
  }

  /** Pushes expiries apart where more than three quarters of the revoke rate would fall within one second. */
  #spread(sorted: readonly Lease[]): void {
    const perSecond = (3 * REVOKE_RATE) / 4
    let windowEnd = 0
    let inWindow = 0
    let delay = 0
    for (const { id } of sorted) {
      const at = this.#expiry.get(id)!
      if (at > windowEnd) {
        windowEnd = at + 1000
        inWindow = 0
        delay = 0
      }
      inWindow++
      if (inWindow > perSecond) {
        delay = 1000 * Math.floor((inWindow - 1) / perSecond)
        this.#expiry.set(id, at + delay)
      }
    }
  }
}
