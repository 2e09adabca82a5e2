import { type Ms, ms, NEVER } from '../../base/units.ts'
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

/** `marks`: the check that was foreseen to take the server up or down has ended. */
type CheckEvent = 'start' | 'passes' | 'fails' | 'marks'

/**
 * HAProxy's check of one server: a single counter `health` in [0, rise + fall − 1], up while health ≥ rise. A success
 * while up makes it full again, a failure while down makes it zero: both rise and fall count strictly consecutive
 * checks. The next check starts one interval after the *end* of the last, so that a check that times out stretches the
 * cycle (src/check.c and doc/configuration.txt of HAProxy).
 *
 * While skipping, no check is an event: what all of them will find is what the next would find now, until
 * {@link serverChanged} tells otherwise. So the only thing planned is the end of the check that takes the server up or
 * down, if any will; the checks that had begun by then are counted when something changes. An answer that hangs may come
 * at any time: such checks are run one by one.
 */
export class ServerCheck {
  readonly #simulation: Simulation
  readonly #settings: CheckSettings
  readonly #world: CheckWorld
  readonly #skip: boolean
  /** Counter before the check that starts at `#startsAt`. */
  #health: number
  #running = false
  /** The check under way, or the next one; while skipping: the first of those foreseen. */
  #startsAt: Ms = ms(0)
  /** When the check starts that is foreseen to mark the server, or never. */
  #marksFrom: Ms = NEVER
  /** A check is run whose end is an event. */
  #underWay = false
  #answer: HealthAnswer = 'ok'
  /** How long the check under way takes, or each of those foreseen. */
  #lasts: Ms = ms(0)
  #handle: EventHandle = -1
  #answersSince: Ms = UNANSWERED

  constructor(simulation: Simulation, settings: CheckSettings, world: CheckWorld, skip: boolean) {
    this.#simulation = simulation
    this.#settings = settings
    this.#world = world
    this.#skip = skip
    this.#health = this.#full
  }

  /** Whether the server gets traffic. */
  get up(): boolean {
    return this.#health >= this.#settings.rise
  }

  /** Begins in the middle of life: full health, the next check after `phase`. */
  startEstablished(phase: Ms): void {
    this.#health = this.#full
    this.#running = true
    this.#goOn((this.#simulation.now + phase) as Ms)
  }

  /** A new balancer process: the server counts as up, but one failed check takes it down. First check after `stagger`. */
  start(stagger: Ms): void {
    this.#health = this.#settings.rise
    this.#running = true
    this.#goOn((this.#simulation.now + stagger) as Ms)
  }

  /** The balancer process is gone. */
  stop(): void {
    this.#running = false
    this.#underWay = false
    this.#simulation.cancel(this.#handle)
  }

  /** What the check meets may have changed: what was foreseen may not come, a hanging check may get its answer. */
  serverChanged(): void {
    if (!this.#running) return
    const answer = this.#world.probe()
    if (!this.up) this.#noteAnswer(answer)
    if (this.#underWay) this.#answerLate(answer)
    else if (this.#skip) this.#reconsider(answer)
  }

  handle(event: CheckEvent): void {
    if (event === 'start') this.#begin()
    else if (event === 'marks') this.#comeTrue()
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

  /** Whether the answer may come while the check waits for it. */
  #mayComeLate(answer: HealthAnswer): boolean {
    return answer === 'hangs' && this.#settings.kind === 'http'
  }

  /** The next check starts at `at`. */
  #goOn(at: Ms): void {
    this.#underWay = false
    this.#startsAt = at
    if (this.#skip) this.#foresee(this.#world.probe())
    else this.#plan()
  }

  #plan(): void {
    this.#handle = this.#simulation.scheduleAt(this.#startsAt, this, 'start')
  }

  /** What a check meets is known at its start; its end is an event only if it marks the server or an answer may come late. */
  #begin(): void {
    const { now } = this.#simulation
    this.#startsAt = now
    const answer = this.#world.probe()
    if (this.#skip && !this.#mayComeLate(answer)) {
      this.#foresee(answer)
      return
    }
    this.#answer = answer
    this.#lasts = this.#duration(answer)
    const passes = this.#passes(answer)
    if (this.#checksToMark(passes) === 1 || this.#mayComeLate(answer)) {
      this.#underWay = true
      this.#handle = this.#simulation.schedule(this.#lasts, this, passes ? 'passes' : 'fails')
      return
    }
    this.#count(passes)
    this.#goOn((now + this.#lasts + this.#interval()) as Ms)
  }

  /** How many checks in a row with this outcome take the server up or down; 0: it is so already. */
  #checksToMark(passing: boolean): number {
    if (passing === this.up) return 0
    const { rise } = this.#settings
    return passing ? rise - this.#health : this.#health - rise + 1
  }

  #duration(answer: HealthAnswer): Ms {
    if (answer === 'unreachable') return this.#connectLimit()
    return this.#mayComeLate(answer) ? this.#answerLimit() : this.#world.roundTrip()
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

  /** A check ends now. */
  #end(passed: boolean): void {
    const wasUp = this.up
    this.#count(passed)
    this.#goOn((this.#simulation.now + this.#interval()) as Ms)
    if (this.up !== wasUp) this.#mark()
  }

  #count(passed: boolean): void {
    if (passed) {
      this.#health = Math.min(this.#health + 1, this.#full)
      if (this.up) this.#health = this.#full
    } else {
      this.#health = Math.max(this.#health - 1, 0)
      if (!this.up) this.#health = 0
    }
  }

  #mark(): void {
    this.#world.marked(this.up, this.#answersSince)
    this.#answersSince = UNANSWERED
    if (!this.up) this.#noteAnswer(this.#world.probe())
  }

  /** Since when a server that is down would pass its check: what the time to its mark UP is measured from. */
  #noteAnswer(answer: HealthAnswer): void {
    if (!this.#passes(answer)) this.#answersSince = UNANSWERED
    else if (this.#answersSince === UNANSWERED) this.#answersSince = this.#simulation.now
  }

  #interval(): Ms {
    if (this.#health === this.#full) return this.#settings.inter
    return this.#health === 0 ? this.#settings.downinter : this.#settings.fastinter
  }

  /** Works out what checks from the next on come to if all of them meet this answer. */
  #foresee(answer: HealthAnswer): void {
    this.#answer = answer
    this.#lasts = this.#duration(answer)
    this.#marksFrom = NEVER
    if (this.#mayComeLate(answer)) {
      this.#plan()
      return
    }
    const checks = this.#checksToMark(this.#passes(answer))
    if (checks === 0) return
    // Those before it leave the counter between zero and full.
    this.#marksFrom = (this.#startsAt + (checks - 1) * (this.#lasts + this.#settings.fastinter)) as Ms
    this.#handle = this.#simulation.scheduleAt((this.#marksFrom + this.#lasts) as Ms, this, 'marks')
  }

  /** The check that was foreseen to mark the server ends: those before it have brought the counter to the brink. */
  #comeTrue(): void {
    const { rise } = this.#settings
    const passes = !this.up
    this.#health = passes ? rise - 1 : rise
    this.#end(passes)
  }

  /** Checks that have not begun meet this answer. */
  #reconsider(answer: HealthAnswer): void {
    if (answer === this.#answer && this.#duration(answer) === this.#lasts) return
    const { now } = this.#simulation
    // What a check that has begun found is certain.
    if (this.#marksFrom < now) return
    this.#simulation.cancel(this.#handle)
    if (this.#startsAt < now) this.#countBegun(now)
    this.#foresee(answer)
  }

  /** Counts the checks, at least one, that began before now; none of them marked the server. */
  #countBegun(now: Ms): void {
    const passed = this.#passes(this.#answer)
    if (passed === this.up) {
      this.#health = passed ? this.#full : 0
      this.#startsAt = firstAtOrAfter(this.#startsAt, (this.#lasts + this.#interval()) as Ms, now)
      return
    }
    const period = this.#lasts + this.#settings.fastinter
    const begun = Math.ceil((now - this.#startsAt) / period)
    this.#health += passed ? begun : -begun
    this.#startsAt = (this.#startsAt + begun * period) as Ms
  }

  /** A check that hangs on a frozen process is answered when the process goes on. */
  #answerLate(answer: HealthAnswer): void {
    if (!this.#mayComeLate(this.#answer) || answer === 'hangs' || answer === 'unreachable') return
    this.#answer = answer
    this.#simulation.cancel(this.#handle)
    const outcome = this.#passes(answer) ? 'passes' : 'fails'
    this.#handle = this.#simulation.schedule(this.#world.roundTrip(), this, outcome)
  }
}
