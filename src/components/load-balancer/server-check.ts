import { type Ms, ms } from '../../base/units.ts'
import type { EventHandle, Simulation } from '../../engine/simulation.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import type { HealthAnswer } from '../../protocol/http-health.ts'

/** One server's health check, spelt as HAProxy spells it; times in ms. */
export interface CheckSettings {
  readonly kind: 'http' | 'tcp'
  readonly inter: Ms
  readonly fastinter: Ms
  readonly downinter: Ms
  readonly fall: number
  readonly rise: number
  /** null: unset. */
  readonly timeoutCheck: Ms | null
  /** null: unset, no limit. */
  readonly timeoutConnect: Ms | null
}

/** What a check meets and how long a quick answer takes. */
export interface CheckWorld {
  probe(): HealthAnswer
  roundTrip(): Ms
  /** @param since for a mark UP: when the server began to answer again */
  marked(up: boolean, since: Ms): void
}

const UNANSWERED = -1 as Ms

type CheckEvent = 'start' | 'passes' | 'fails'

/**
 * HAProxy's check of one server: a single counter `health` in [0, rise + fall − 1], up while health ≥ rise. A success
 * while up makes it full again, a failure while down makes it zero: both rise and fall count strictly consecutive
 * checks. The next check starts one interval after the *end* of the last, so that a check that times out stretches the
 * cycle (src/check.c and doc/configuration.txt of HAProxy).
 *
 * While the same outcome would only repeat itself (full and passing, or zero and failing) no event is planned: the
 * series of starts is known, and {@link serverChanged} takes it up again.
 */
export class ServerCheck {
  readonly #simulation: Simulation
  readonly #settings: CheckSettings
  readonly #world: CheckWorld
  readonly #skip: boolean
  #health: number
  #running = false
  /** The check under way, or the next one: when it starts. */
  #startsAt: Ms = ms(0)
  #underWay = false
  #answer: HealthAnswer = 'ok'
  /** How long the check under way takes, or the last one took. */
  #lasts: Ms = ms(0)
  #handle: EventHandle = -1
  #asleep = false
  #answersSince: Ms = UNANSWERED

  constructor(simulation: Simulation, settings: CheckSettings, world: CheckWorld, skip: boolean) {
    this.#simulation = simulation
    this.#settings = settings
    this.#world = world
    this.#skip = skip
    this.#health = settings.rise + settings.fall - 1
  }

  /** Whether the server gets traffic. */
  get up(): boolean {
    return this.#health >= this.#settings.rise
  }

  /** Begins in the middle of life: full health, the next check after `phase`. */
  startEstablished(phase: Ms): void {
    this.#health = this.#full
    this.#running = true
    this.#plan((this.#simulation.now + phase) as Ms)
  }

  /** A new balancer process: the server counts as up, but one failed check takes it down. First check after `stagger`. */
  start(stagger: Ms): void {
    this.#health = this.#settings.rise
    this.#running = true
    this.#plan((this.#simulation.now + stagger) as Ms)
  }

  /** The balancer process is gone. */
  stop(): void {
    this.#running = false
    this.#underWay = false
    this.#asleep = false
    this.#simulation.cancel(this.#handle)
  }

  /** What the check meets may have changed: a sleeping series goes on, a hanging check may get its answer. */
  serverChanged(): void {
    if (!this.#running) return
    if (!this.up) this.#noteAnswer()
    if (this.#underWay) {
      this.#answerLate()
      return
    }
    if (!this.#asleep) return
    if (this.#repeats()) return
    this.#asleep = false
    this.#resumeSeries()
  }

  handle(event: CheckEvent): void {
    if (event === 'start') this.#begin()
    else this.#end(event === 'passes')
  }

  get #full(): number {
    return this.#settings.rise + this.#settings.fall - 1
  }

  /** A TCP check is content with an open connection, which a frozen process's kernel grants. */
  #passes(answer: HealthAnswer): boolean {
    if (answer === 'ok') return true
    return this.#settings.kind === 'tcp' && (answer === 'error' || answer === 'hangs')
  }

  #plan(at: Ms): void {
    this.#underWay = false
    this.#startsAt = at
    this.#handle = this.#simulation.scheduleAt(at, this, 'start')
  }

  /** What a check meets is known at its start; its end is an event only if it marks the server or an answer may come late. */
  #begin(): void {
    const { now } = this.#simulation
    this.#startsAt = now
    this.#answer = this.#world.probe()
    this.#lasts = this.#duration(this.#answer)
    const passes = this.#passes(this.#answer)
    if (this.#marks(passes) || (this.#answer === 'hangs' && this.#settings.kind === 'http')) {
      this.#underWay = true
      this.#handle = this.#simulation.schedule(this.#lasts, this, passes ? 'passes' : 'fails')
    } else this.#conclude(passes, (now + this.#lasts) as Ms, true)
  }

  /** Whether an outcome takes the server up or down. */
  #marks(passed: boolean): boolean {
    const { rise } = this.#settings
    return passed ? !this.up && this.#health + 1 >= rise : this.up && this.#health - 1 < rise
  }

  #duration(answer: HealthAnswer): Ms {
    const waits = answer === 'unreachable' || (answer === 'hangs' && this.#settings.kind === 'http')
    if (!waits) return this.#world.roundTrip()
    return answer === 'unreachable' ? this.#connectLimit() : this.#answerLimit()
  }

  /** Without `timeout check` the whole check must end within `inter`; with it, connecting may take as long as data may. */
  #connectLimit(): Ms {
    const { inter, timeoutConnect } = this.#settings
    return timeoutConnect === null ? inter : (Math.min(timeoutConnect, inter) as Ms)
  }

  /** `timeout check` bounds the answer, but is not seen to shorten it below the limit of the connection (HAProxy 2.6). */
  #answerLimit(): Ms {
    const { inter, timeoutCheck, timeoutConnect } = this.#settings
    if (timeoutCheck === null) return inter
    if (timeoutConnect === null || timeoutConnect <= timeoutCheck) return timeoutCheck
    return Math.max(timeoutCheck, this.#connectLimit()) as Ms
  }

  #end(passed: boolean): void {
    const wasUp = this.up
    this.#conclude(passed, this.#simulation.now, false)
    if (this.up !== wasUp) this.#mark()
  }

  /**
   * Counts an outcome and plans the check after it.
   * @param end when this one ends
   * @param isFresh whether it began in this very event, so that the next could but be like it
   */
  #conclude(passed: boolean, end: Ms, isFresh: boolean): void {
    const before = this.#health
    if (passed) {
      this.#health = Math.min(this.#health + 1, this.#full)
      if (this.up) this.#health = this.#full
    } else {
      this.#health = Math.max(this.#health - 1, 0)
      if (!this.up) this.#health = 0
    }
    const settled = this.#health === before && (this.#health === 0 || this.#health === this.#full)
    const next = (end + this.#interval()) as Ms
    if (settled && this.#skip && (isFresh || this.#repeats())) {
      this.#underWay = false
      this.#startsAt = next
      this.#asleep = true
    } else this.#plan(next)
  }

  /** Whether the next check would be like the last. */
  #repeats(): boolean {
    const answer = this.#world.probe()
    return answer === this.#answer && this.#duration(answer) === this.#lasts
  }

  #mark(): void {
    this.#world.marked(this.up, this.#answersSince)
    this.#answersSince = UNANSWERED
    if (!this.up) this.#noteAnswer()
  }

  /** Since when a server that is down would pass its check: what the time to its mark UP is measured from. */
  #noteAnswer(): void {
    if (!this.#passes(this.#world.probe())) this.#answersSince = UNANSWERED
    else if (this.#answersSince === UNANSWERED) this.#answersSince = this.#simulation.now
  }

  #interval(): Ms {
    if (this.#health === this.#full) return this.#settings.inter
    return this.#health === 0 ? this.#settings.downinter : this.#settings.fastinter
  }

  /** Finds the check that the repeated series has reached by now: under way, or the next to start. */
  #resumeSeries(): void {
    const now = this.#simulation.now
    const lasts = this.#lasts
    const period = (lasts + this.#interval()) as Ms
    const next = firstAtOrAfter(this.#startsAt, period, now)
    const started = (next - period) as Ms
    if (started >= this.#startsAt && started + lasts >= now) {
      this.#underWay = true
      this.#startsAt = started
      const outcome = this.#passes(this.#answer) ? 'passes' : 'fails'
      this.#handle = this.#simulation.scheduleAt((started + lasts) as Ms, this, outcome)
      this.#answerLate()
    } else this.#plan(next)
  }

  /** A check that hangs on a frozen process is answered when the process goes on. */
  #answerLate(): void {
    if (this.#answer !== 'hangs' || this.#settings.kind === 'tcp') return
    const answer = this.#world.probe()
    if (answer === 'hangs' || answer === 'unreachable') return
    this.#answer = answer
    this.#simulation.cancel(this.#handle)
    const outcome = this.#passes(answer) ? 'passes' : 'fails'
    this.#handle = this.#simulation.schedule(this.#world.roundTrip(), this, outcome)
  }
}
