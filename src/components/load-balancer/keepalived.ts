import { listOf } from '../../base/list.ts'
import { type Ms, ms } from '../../base/units.ts'
import type { Simulation } from '../../engine/simulation.ts'
import { lastBefore } from '../../infra/period.ts'

/** A VRRP instance as keepalived.conf spells it; times in ms. */
export interface KeepalivedSettings {
  readonly advertInt: Ms
  readonly priorities: readonly number[]
  readonly version: 2 | 3
  readonly nopreempt: boolean
  readonly preemptDelay: Ms
  readonly downTimerAdverts: number
  /** Tests the balancer process on the same machine; null: none. */
  readonly script: {
    readonly interval: Ms
    readonly timeout: Ms
    readonly fall: number
    readonly rise: number
    readonly weight: number
  } | null
}

/** What keepalived sees of the world. Routers are the balancers' machines, by index. */
export interface KeepalivedWorld {
  /** Whether an advertisement from one router reaches another now. */
  hears(listener: number, speaker: number): boolean
  /** Whether a router's announcements reach the clients. */
  heardOutside(router: number): boolean
  /** Whether the balancer process on a router's machine runs. */
  balancerRuns(router: number): boolean
  /** The address may be answered by another router now. */
  addressMoved(): void
}

type RouterState = 'off' | 'backup' | 'master' | 'fault'
interface KeepalivedEvent {
  readonly kind: 'down-timer' | 'script-fails' | 'script-passes'
  readonly router: number
}

/**
 * One virtual address over several routers (VRRP). A master advertises every `advert_int`; a backup that has heard no
 * advertisement of at least its own priority for down_timer_adverts × advert_int + skew takes over. A router that
 * leaves in good order says so (priority 0), and the backups wait for their skew only. VRRP has no quorum: routers that
 * cannot hear each other both hold the address, and the last to announce it gets the traffic.
 *
 * Advertisements are not simulated one by one: when the last was sent follows from the master's phase.
 */
export class Keepalived {
  readonly #simulation: Simulation
  readonly #settings: KeepalivedSettings
  readonly #world: KeepalivedWorld
  readonly #states: RouterState[]
  /** Since when a master advertises: its phase. */
  readonly #masterSince: Float64Array
  readonly #announcedAt: Float64Array
  readonly #timers: Float64Array
  readonly #scripts: Float64Array
  readonly #scriptFails: boolean[]
  readonly #scriptPhase: Float64Array

  constructor(simulation: Simulation, settings: KeepalivedSettings, world: KeepalivedWorld) {
    this.#simulation = simulation
    this.#settings = settings
    this.#world = world
    const count = settings.priorities.length
    this.#states = listOf(count, () => 'off')
    this.#masterSince = new Float64Array(count)
    this.#announcedAt = new Float64Array(count).fill(-1)
    this.#timers = new Float64Array(count).fill(-1)
    this.#scripts = new Float64Array(count).fill(-1)
    this.#scriptFails = listOf(count, () => false)
    this.#scriptPhase = new Float64Array(count)
  }

  /** The router that gets the clients' traffic, or −1: of the masters that they can hear, the last to announce itself. */
  get holder(): number {
    let holder = -1
    for (let router = 0; router < this.#states.length; router++) {
      if (this.#states[router] !== 'master' || !this.#world.heardOutside(router)) continue
      if (holder === -1 || this.#announcedAt[router]! > this.#announcedAt[holder]!) holder = router
    }
    return holder
  }

  /** Begins in the middle of life: the highest priority is master, with a random phase. */
  startEstablished(holds?: number): void {
    const random = this.#simulation.streams.stream('keepalived/phase')
    const best = holds ?? this.#settings.priorities.indexOf(Math.max(...this.#settings.priorities))
    this.#states.forEach((_, router) => {
      this.#states[router] = router === best ? 'master' : 'backup'
      this.#masterSince[router] = ms(this.#simulation.now - random.next() * this.#settings.advertInt)
      this.#scriptPhase[router] = ms(random.next() * (this.#settings.script?.interval ?? 0))
    })
    this.#announcedAt[best] = this.#simulation.now
  }

  /** The router's machine (and keepalived on it) is up: it waits as backup. */
  start(router: number): void {
    if (this.#states[router] !== 'off') return
    this.#states[router] = 'backup'
    this.#scriptFails[router] = false
    this.#setTimer(router, (this.#downInterval(router) + this.#settings.preemptDelay) as Ms)
    this.reconcile()
  }

  /** The router is gone: in good order (backups wait for their skew) or not (they miss its advertisements). */
  leave(router: number, graceful: boolean): void {
    if (this.#states[router] === 'off') return
    this.#resign(router, 'off', graceful)
    this.#simulation.cancel(this.#scripts[router]!)
    this.#scripts[router] = -1
  }

  /** Links or balancer processes may have changed. */
  reconcile(): void {
    this.#watchScripts()
    this.#settleMasters()
    for (let router = 0; router < this.#states.length; router++) {
      if (this.#states[router] !== 'backup') continue
      const master = this.#respectedMaster(router)
      if (master === -1) this.#missesAdverts(router)
      else if (this.#timers[router] !== -1) this.#clearTimer(router)
    }
  }

  handle(event: KeepalivedEvent): void {
    const { router } = event
    if (event.kind === 'down-timer') {
      this.#timers[router] = -1
      if (this.#states[router] === 'backup') this.#becomeMaster(router)
      return
    }
    this.#scripts[router] = -1
    this.#scriptFails[router] = event.kind === 'script-fails'
    this.#trace(router, event.kind)
    if (this.#settings.script!.weight === 0) this.#faultOrRecover(router)
    this.reconcile()
  }

  /** Priority in force: a failing script takes its weight off (negative) or no longer adds it (positive). */
  #priority(router: number): number {
    const weight = this.#settings.script?.weight ?? 0
    const fails = this.#scriptFails[router]!
    const change = weight > 0 && !fails ? weight : weight < 0 && fails ? weight : 0
    return Math.min(254, Math.max(1, this.#settings.priorities[router]! + change))
  }

  /** (256 − priority)/256 of a second (version 2) or of the advertisement interval (version 3). */
  #skew(router: number): Ms {
    const unit = this.#settings.version === 2 ? 1_000 : this.#settings.advertInt
    return ms(((256 - this.#priority(router)) / 256) * unit)
  }

  #downInterval(router: number): Ms {
    return (this.#settings.downTimerAdverts * this.#settings.advertInt + this.#skew(router)) as Ms
  }

  /** A master that this backup hears and must not replace: of equal or higher priority, or of any under nopreempt. */
  #respectedMaster(router: number): number {
    for (let other = 0; other < this.#states.length; other++) {
      if (this.#states[other] !== 'master' || !this.#world.hears(router, other)) continue
      if (this.#settings.nopreempt || this.#priority(other) >= this.#priority(router)) return other
    }
    return -1
  }

  /** Starts the down timer of a backup that hears nobody, from the last advertisement it can have heard. */
  #missesAdverts(router: number): void {
    if (this.#timers[router] !== -1) return
    let last = -1
    for (let other = 0; other < this.#states.length; other++) {
      if (other !== router && this.#states[other] === 'master') last = Math.max(last, this.#lastAdvert(other))
    }
    const from = last === -1 ? this.#simulation.now : last
    this.#setTimer(router, Math.max(0, from + this.#downInterval(router) - this.#simulation.now) as Ms)
  }

  #lastAdvert(master: number): Ms {
    return lastBefore(this.#masterSince[master] as Ms, this.#settings.advertInt, this.#simulation.now)
  }

  #becomeMaster(router: number): void {
    this.#states[router] = 'master'
    this.#masterSince[router] = this.#simulation.now
    this.#announcedAt[router] = this.#simulation.now
    this.#trace(router, 'takes the address')
    this.reconcile()
    this.#world.addressMoved()
  }

  /** Of masters that hear each other only the highest priority stays (on equal ones the first). */
  #settleMasters(): void {
    for (let router = 0; router < this.#states.length; router++) {
      if (this.#states[router] !== 'master') continue
      for (let other = 0; other < this.#states.length; other++) {
        if (other === router || this.#states[other] !== 'master' || !this.#world.hears(router, other)) continue
        const outranked = this.#priority(other) - this.#priority(router) || (other < router ? 1 : -1)
        if (outranked <= 0) continue
        this.#states[router] = 'backup'
        this.#announcedAt[other] = this.#simulation.now
        this.#trace(router, 'yields the address')
        this.#world.addressMoved()
        break
      }
    }
  }

  #resign(router: number, to: 'off' | 'fault', graceful: boolean): void {
    const wasMaster = this.#states[router] === 'master'
    const lastAdvert = this.#lastAdvert(router)
    const heard = this.#states.map((_, other) => other !== router && this.#world.hears(other, router))
    this.#states[router] = to
    this.#clearTimer(router)
    if (wasMaster) {
      for (let other = 0; other < this.#states.length; other++) {
        if (this.#states[other] !== 'backup' || this.#respectedMaster(other) !== -1) continue
        const wait = graceful && heard[other] ? this.#skew(other) : this.#untilMissed(other, lastAdvert)
        this.#setTimer(other, wait)
      }
      this.#world.addressMoved()
    }
  }

  #untilMissed(router: number, lastAdvert: Ms): Ms {
    return Math.max(0, lastAdvert + this.#downInterval(router) - this.#simulation.now) as Ms
  }

  #faultOrRecover(router: number): void {
    const state = this.#states[router]!
    if (this.#scriptFails[router]) {
      if (state === 'master' || state === 'backup') this.#resign(router, 'fault', true)
    } else if (state === 'fault') {
      this.#states[router] = 'backup'
      this.#setTimer(router, this.#downInterval(router))
    }
  }

  /** Plans when a script will have failed `fall` times, or passed `rise` times, in a row. */
  #watchScripts(): void {
    const { script } = this.#settings
    if (script === null) return
    for (let router = 0; router < this.#states.length; router++) {
      if (this.#states[router] === 'off') continue
      const fails = !this.#world.balancerRuns(router)
      if (fails === this.#scriptFails[router]) {
        this.#simulation.cancel(this.#scripts[router]!)
        this.#scripts[router] = -1
      } else if (this.#scripts[router] === -1) {
        const phase = lastBefore(this.#scriptPhase[router] as Ms, script.interval, this.#simulation.now)
        const first = phase + script.interval - this.#simulation.now
        const wait = ms(first + ((fails ? script.fall : script.rise) - 1) * script.interval)
        const kind = fails ? 'script-fails' : 'script-passes'
        this.#scripts[router] = this.#simulation.schedule(wait, this, { kind, router })
      }
    }
  }

  #setTimer(router: number, wait: Ms): void {
    this.#simulation.cancel(this.#timers[router]!)
    this.#timers[router] = this.#simulation.schedule(wait, this, { kind: 'down-timer', router })
  }

  #clearTimer(router: number): void {
    this.#simulation.cancel(this.#timers[router]!)
    this.#timers[router] = -1
  }

  #trace(router: number, what: string): void {
    this.#simulation.tracer?.record(this.#simulation.now, `keepalived ${router + 1}`, what)
  }
}
