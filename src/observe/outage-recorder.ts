import { assert } from '../base/assert.ts'
import { MONTH, type Ms } from '../base/units.ts'
import { LossLedger } from './loss-ledger.ts'
import type { LossListener } from './loss-scores.ts'
import { type AtSample, type ServiceSample, WORST_KEPT, type WorstOutage } from './sample-types.ts'

/** The stretch that is judged. */
export interface RecorderOptions {
  /** Length of the judged stretch (ms). */
  readonly horizonMs: number
  /** Instants (ms from its start) of which the state is wanted, in any order. */
  readonly at: readonly number[]
  /** Clock at its start (ms): the end of a warm-up. Default 0. */
  readonly from?: Ms | undefined
  /** Index of the service among the experiment's. Default 0. */
  readonly service?: number | undefined
  /** Takes the scores of what is lost. */
  readonly scores?: LossListener | null | undefined
}

/** An outage begins where the fraction of requests that would succeed falls below this. */
const OUTAGE_BELOW = 0.5

/**
 * Turns what a judge sees of a service (the fraction of new requests that would succeed, and why not all) into the
 * sample of a replication.
 *
 * Only stretches of positive length count: a service that is lost and back within one instant was never down. Before
 * `from` changes merely set the state. Time is judged up to the horizon; an outage that began before it is followed
 * beyond for its duration while the caller goes on ({@link openOutage} tells whether to).
 */
export class OutageRecorder {
  readonly #from: number
  readonly #end: number
  readonly #service: number
  readonly #ledger: LossLedger
  readonly #at: readonly number[]
  readonly #atOrder: readonly number[]
  readonly #atSamples: AtSample[] = []
  readonly #scores: LossListener | null
  #atDone = 0

  /** Everything before this is entered. */
  #last = Number.NEGATIVE_INFINITY
  #fraction = 1
  #mechanism = ''
  #cause = ''
  /** What was down, in words; for the list of the worst. */
  #detail = ''

  #downMs = 0
  #degradedMs = 0
  #firstOutageMs = -1
  #inOutage = false
  /** Clock at which the running outage began, if it began within the horizon; else −1. */
  #openFrom = -1
  #openMechanism = ''
  #openCause = ''
  readonly #outageMs: number[] = []
  readonly #worst: WorstOutage[] = []

  constructor(options: RecorderOptions) {
    this.#from = options.from ?? 0
    this.#end = this.#from + options.horizonMs
    this.#service = options.service ?? 0
    this.#ledger = new LossLedger(Math.floor(options.horizonMs / MONTH))
    this.#at = options.at
    this.#scores = options.scores ?? null
    this.#atOrder = [...options.at.keys()].sort((a, b) => options.at[a]! - options.at[b]!)
  }

  /**
   * From `at` (not before the last change) on, this fraction of new requests would succeed.
   * @param mechanism how they fail (`quorum-lost`, `election`); ignored while all succeed
   * @param cause whom to blame (`rack`, `zone`)
   * @param detail what was down, for the list of the worst outages; asked for at most once per outage. Default `cause`
   */
  change(at: Ms, fraction: number, mechanism: string, cause: string, detail?: () => string): void {
    this.#advance(at)
    this.#fraction = fraction
    this.#scores?.update(fraction < 1, this.#ledger.lostMs)
    this.#mechanism = mechanism
    this.#cause = cause
    // Asked now, while what is down is still down.
    if (fraction < OUTAGE_BELOW && !this.#inOutage) this.#detail = detail === undefined ? cause : detail()
  }

  /** Whether an outage that began within the horizon is still running: who wants its duration goes on. */
  openOutage(): boolean {
    if (this.#fraction >= OUTAGE_BELOW) return false
    return this.#inOutage ? this.#openFrom >= 0 : this.#last > this.#from && this.#last < this.#end
  }

  /** Ends the record at `at`, at or after the horizon. An outage still open there is as long as it was seen. */
  finish(at: Ms): ServiceSample {
    assert(at >= this.#end, 'a record ends at or after the horizon')
    this.#advance(at)
    this.#sampleInstants(at, Number.POSITIVE_INFINITY)
    this.#scores?.update(false, this.#ledger.lostMs)
    if (this.#inOutage) this.#closeOutage(at)
    return {
      lostMs: this.#ledger.lostMs,
      downMs: this.#downMs,
      degradedMs: this.#degradedMs,
      outages: this.#outageMs.length,
      outageMs: new Float64Array(this.#outageMs),
      firstOutageMs: this.#firstOutageMs,
      at: this.#at.map((_, index) => this.#atSamples[index]!),
      mechanisms: this.#ledger.mechanisms(),
      causes: this.#ledger.causes(),
      monthLostMs: this.#ledger.monthLostMs,
      structureLostMs: null,
      ...(this.#scores?.products === undefined ? {} : { lostScores: this.#scores.products }),
    }
  }

  /** The longest outages, longest first; of equals the earlier. Call after {@link finish}. */
  worst(): readonly WorstOutage[] {
    return this.#worst
  }

  /** Enters the stretch up to `at`, in which nothing changed. */
  #advance(at: number): void {
    assert(at >= this.#last, 'changes come in order of time')
    if (at === this.#last) return
    if (at > this.#from) {
      const begin = Math.max(this.#last, this.#from)
      this.#enterState(begin)
      if (this.#atDone < this.#atOrder.length) this.#sampleInstants(begin, at)
      const until = Math.min(at, this.#end)
      if (until > begin) this.#enterStretch(begin, until)
    }
    this.#last = at
  }

  /** The state that holds from `begin` on, for longer than an instant: outages begin and end here. */
  #enterState(begin: number): void {
    const down = this.#fraction < OUTAGE_BELOW
    if (down === this.#inOutage) return
    if (!down) {
      this.#closeOutage(begin)
      return
    }
    this.#inOutage = true
    if (begin >= this.#end) return
    if (this.#firstOutageMs < 0) this.#firstOutageMs = begin - this.#from
    // One that runs from before the start is not an outage that began.
    if (begin === this.#from) return
    this.#openFrom = begin
    this.#openMechanism = this.#mechanism
    this.#openCause = this.#detail
  }

  #enterStretch(begin: number, until: number): void {
    if (this.#fraction >= 1) return
    const time = until - begin
    if (this.#fraction < OUTAGE_BELOW) this.#downMs += time
    else this.#degradedMs += time
    this.#ledger.lose(begin - this.#from, until - this.#from, 1 - this.#fraction, this.#mechanism, this.#cause)
  }

  /** Takes the samples of instants from `begin` until before `until`, in all of which the present state holds. */
  #sampleInstants(begin: number, until: number): void {
    for (; this.#atDone < this.#atOrder.length; this.#atDone++) {
      const index = this.#atOrder[this.#atDone]!
      const instant = this.#from + this.#at[index]!
      if (instant >= until) return
      const since = Math.max(0, Math.min(instant, this.#end) - begin)
      this.#atSamples[index] = {
        down: this.#fraction < OUTAGE_BELOW,
        hadOutage: this.#firstOutageMs >= 0,
        lostMs: this.#ledger.lostMs + since * (1 - this.#fraction),
      }
    }
  }

  #closeOutage(at: number): void {
    this.#inOutage = false
    if (this.#openFrom < 0) return
    const outage: WorstOutage = {
      service: this.#service,
      ordinal: this.#outageMs.length,
      fromMs: this.#openFrom - this.#from,
      ms: at - this.#openFrom,
      cause: this.#openCause,
      mechanism: this.#openMechanism,
    }
    this.#outageMs.push(outage.ms)
    this.#openFrom = -1
    keepWorst(this.#worst, outage)
  }
}

/** Inserts an outage where it belongs and drops what is too much: longest first, of equals the earlier. */
function keepWorst(worst: WorstOutage[], outage: WorstOutage): void {
  let place = worst.length
  while (place > 0 && worst[place - 1]!.ms < outage.ms) place--
  if (place >= WORST_KEPT) return
  worst.splice(place, 0, outage)
  if (worst.length > WORST_KEPT) worst.pop()
}
