import type { Ms } from '../../../base/units.ts'
import type { EventHandle, Simulation } from '../../../engine/simulation.ts'
import type { Entry, Snapshot } from '../../../raft/types.ts'

/** What is applied in the order of the log: an entry, or a snapshot in the place of all before it. */
type Item = { readonly entry: Entry } | { readonly snapshot: Snapshot }

interface ApplyEvent {
  readonly kind: 'applied'
  readonly generation: number
}

/** Who carries out what comes out of the queue. */
export interface ApplyTarget {
  applyEntry(entry: Entry): void
  applySnapshot(snapshot: Snapshot): void
  /** The queue has gone on: whoever waits for an index may look. */
  appliedMore(): void
  /** Holds back what the clock brings while the process is frozen; false: it is held. */
  runs(event: () => void): boolean
}

/**
 * The apply loop, apart from Raft's: when it is slow, or the backend is held, entries pile up here while heartbeats go
 * on. Clients notice; the cluster does not (server/etcdserver/server.go, the FIFO scheduler of applyAll).
 */
export class ApplyQueue {
  readonly #simulation: Simulation
  readonly #target: ApplyTarget
  /** How long an entry takes. */
  readonly #each: Ms
  #items: Item[] = []
  #next = 0
  #held = 0
  #generation = 0
  #timer: EventHandle = -1
  #timing = false
  #draining = false

  constructor(simulation: Simulation, target: ApplyTarget, each: Ms) {
    this.#simulation = simulation
    this.#target = target
    this.#each = each
  }

  push(entries: readonly Entry[], snapshot: Snapshot | undefined): void {
    if (snapshot !== undefined) this.#items.push({ snapshot })
    for (const entry of entries) this.#items.push({ entry })
    this.#drain()
  }

  /** Holds the backend (1) or lets go of it (−1): nothing is applied in between. */
  hold(by: 1 | -1): void {
    this.#held += by
    this.#drain()
  }

  get isHeld(): boolean {
    return this.#held > 0
  }

  /** The process is gone. */
  clear(): void {
    this.#items = []
    this.#next = 0
    this.#held = 0
    this.#timing = false
    this.#generation++
    this.#simulation.cancel(this.#timer)
  }

  handle(event: ApplyEvent): void {
    if (event.generation !== this.#generation || !this.#target.runs(() => this.handle(event))) return
    this.#timing = false
    if (this.#held === 0) this.#applyOne()
    this.#drain()
  }

  #drain(): void {
    // What applying brings about may push more: it is taken up by the loop that is running.
    if (this.#draining) return
    this.#draining = true
    const generation = this.#generation
    let applied = false
    while (generation === this.#generation && this.#next < this.#items.length && this.#held === 0) {
      if (this.#each > 0) {
        this.#arm()
        break
      }
      this.#applyOne()
      applied = true
    }
    this.#draining = false
    if (this.#next === this.#items.length) {
      this.#items = []
      this.#next = 0
    }
    if (applied && generation === this.#generation) this.#target.appliedMore()
  }

  #arm(): void {
    if (this.#timing) return
    this.#timing = true
    this.#timer = this.#simulation.schedule(this.#each, this, { kind: 'applied', generation: this.#generation })
  }

  #applyOne(): void {
    const item = this.#items[this.#next]
    if (item === undefined) return
    this.#next++
    if ('entry' in item) this.#target.applyEntry(item.entry)
    else this.#target.applySnapshot(item.snapshot)
    if (this.#each > 0) this.#target.appliedMore()
  }
}
