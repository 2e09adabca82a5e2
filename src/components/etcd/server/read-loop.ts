import type { Ms } from '../../../base/units.ts'
import { ms } from '../../../base/units.ts'
import type { EventHandle, Simulation } from '../../../engine/simulation.ts'
import type { EtcdError } from './errors.ts'
import { READ_INDEX_RETRY } from './requests.ts'
import { type EtcdVersion, isSince } from './version.ts'

/** Something of the member that waits until what is read is up to date. Undefined: it is. */
export type ReadDone = (error: EtcdError | undefined) => void

type ReadEvent = { readonly kind: 'retry' | 'give-up'; readonly round: number }

/** What the loop needs of its member. */
export interface ReadSource {
  /** Asks Raft for a read index; without a leader the question vanishes. */
  readIndex(context: string): void
  /** Last entry that is applied here. */
  applied(): number
  /** Holds back what the clock brings while the process is frozen; false: it is held. */
  runs(event: () => void): boolean
}

/**
 * The one loop that confirms linearizable reads: a round asks the leader for its commit index, waits until that is
 * applied here, and lets go all reads that had arrived before it began; those that come in the meantime share the next
 * round (server/etcdserver/v3_server.go, linearizableReadLoop).
 */
export class ReadLoop {
  readonly #simulation: Simulation
  readonly #source: ReadSource
  readonly #timeout: Ms
  /** Before 3.4.42, 3.5.28 and 3.6.9 a retry repeats the round's first id, and delayed answers may confirm it. */
  readonly #uniqueIds: boolean
  readonly #name: string
  #waiting: ReadDone[] = []
  #reading: ReadDone[] | undefined
  #ids = new Set<string>()
  /** Confirmed index that is not applied yet. */
  #confirmed: number | undefined
  #round = 0
  #nextId = 0
  #retry: EventHandle = -1
  #giveUp: EventHandle = -1

  constructor(simulation: Simulation, source: ReadSource, name: string, timeout: number, version: EtcdVersion) {
    this.#simulation = simulation
    this.#source = source
    this.#name = name
    this.#timeout = ms(timeout)
    this.#uniqueIds = isSince(version, { '3.4': 42, '3.5': 28, '3.6': 9, '3.7': 0 })
  }

  /** Queues a read for the next round. */
  add(done: ReadDone): void {
    this.#waiting.push(done)
    if (this.#reading === undefined) this.#begin()
  }

  /** Raft has answered; only the newest answer of a batch gets here. */
  confirmed(context: string, index: number): void {
    if (this.#reading === undefined || this.#confirmed !== undefined || !this.#ids.has(context)) return
    this.#cancelTimers()
    this.#confirmed = index
    this.appliedMore()
  }

  /** Entries were applied. */
  appliedMore(): void {
    if (this.#confirmed !== undefined && this.#source.applied() >= this.#confirmed) this.#end(undefined)
  }

  /** The server layer has seen a leader that it did not know before: a round under way fails, to be tried again. */
  leaderChanged(): void {
    if (this.#reading !== undefined && this.#confirmed === undefined) this.#end('leader-changed')
  }

  /** The first entry of a term is applied: a leader can answer now what it had to leave open. */
  firstCommitInTerm(): void {
    if (this.#reading !== undefined && this.#confirmed === undefined) this.#ask()
  }

  /** The process ends. */
  stop(error: EtcdError): void {
    this.#cancelTimers()
    const abandoned = [...(this.#reading ?? []), ...this.#waiting]
    this.#reading = undefined
    this.#waiting = []
    this.#confirmed = undefined
    this.#round++
    for (const done of abandoned) done(error)
  }

  handle(event: ReadEvent): void {
    if (event.round !== this.#round || this.#reading === undefined) return
    if (!this.#source.runs(() => this.handle(event))) return
    if (event.kind === 'give-up') this.#end('timeout')
    else this.#ask()
  }

  #begin(): void {
    this.#reading = this.#waiting
    this.#waiting = []
    this.#round++
    this.#confirmed = undefined
    this.#ids = new Set()
    this.#giveUp = this.#simulation.schedule(this.#timeout, this, { kind: 'give-up', round: this.#round })
    this.#ask()
  }

  #ask(): void {
    if (this.#uniqueIds || this.#ids.size === 0) {
      this.#nextId++
      this.#ids.add(`${this.#name}/${this.#nextId}`)
    }
    this.#simulation.cancel(this.#retry)
    const retry: ReadEvent = { kind: 'retry', round: this.#round }
    this.#retry = this.#simulation.schedule(ms(READ_INDEX_RETRY), this, retry)
    this.#source.readIndex(`${this.#name}/${this.#nextId}`)
  }

  #end(error: EtcdError | undefined): void {
    this.#cancelTimers()
    const done = this.#reading!
    this.#reading = undefined
    this.#confirmed = undefined
    for (const each of done) each(error)
    if (this.#reading === undefined && this.#waiting.length > 0) this.#begin()
  }

  #cancelTimers(): void {
    this.#simulation.cancel(this.#retry)
    this.#simulation.cancel(this.#giveUp)
  }
}
