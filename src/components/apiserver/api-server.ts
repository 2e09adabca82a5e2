import { type Ms, ms } from '../../base/units.ts'
import type { Sampler } from '../../engine/distribution.ts'
import type { Random } from '../../engine/random.ts'
import type { EventHandle, Simulation } from '../../engine/simulation.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import { backOff, type KubeletTimers } from './kubelet.ts'

export interface ApiServerSettings {
  readonly name: string
  readonly processStart: Sampler
  /** A container that cannot reach etcd exits after this long (etcd client's dial timeout). */
  readonly startTimeout: Ms
  readonly etcdHealthcheckTimeout: Ms
  readonly kubelet: KubeletTimers
}

/** What an API server sees of the world. */
export interface ApiServerWorld {
  /** Whether a linearizable read through the etcd endpoints it knows would be answered at once. */
  etcdUsable(server: ApiServer): boolean
  /** It began or ceased to listen, or its health answer changed. */
  apiServerChanged(server: ApiServer): void
}

type Timer = 'initialised' | 'gives-up' | 'restart' | 'check-fails' | 'liveness-kills' | 'killed'
interface ApiServerEvent {
  readonly timer: Timer
  readonly generation: number
}

/** `absent`: no container; the machine is down or somebody holds the process down. */
export type ApiServerState = 'absent' | 'backing-off' | 'starting' | 'serving' | 'terminating'

/**
 * A kube-apiserver container under its kubelet.
 *
 * Its `etcd` health check stands in /livez as in /readyz: when etcd is lost, the kubelet's liveness probe kills it, a
 * new container cannot start without etcd and exits, and the crash-loop back-off, not etcd, then decides when the API
 * is back. The check makes one real request at each readiness probe (every second) and answers everyone else with the
 * stored outcome, so a lost etcd shows after the next probe's timeout.
 */
export class ApiServer {
  readonly settings: ApiServerSettings
  readonly index: number
  state: ApiServerState = 'absent'
  paused = false
  /** Stored outcome of the etcd check: what /readyz, /livez and /healthz say. */
  healthy = false
  #generation = 0
  #startedAt: Ms = ms(0)
  #initialised = false
  #restarts = 0
  #readinessAnchor: Ms = ms(0)
  #checkFails: EventHandle = -1
  #kill: EventHandle = -1
  #end: EventHandle = -1
  readonly #simulation: Simulation
  readonly #world: ApiServerWorld
  readonly #random: Random

  constructor(simulation: Simulation, index: number, settings: ApiServerSettings, world: ApiServerWorld) {
    this.#simulation = simulation
    this.index = index
    this.settings = settings
    this.#world = world
    this.#random = simulation.streams.stream(`api-server/${settings.name}`)
  }

  /** Accepts connections (a frozen process's kernel does too). */
  get listens(): boolean {
    return this.state === 'serving'
  }

  /** Runs and answers. */
  get serves(): boolean {
    return this.state === 'serving' && !this.paused
  }

  /** Begins in the middle of life: serving, with random probe phases. */
  startEstablished(): void {
    this.#startedAt = this.#simulation.now
    this.#serve()
  }

  /** The machine is up and nobody holds the process down: the kubelet starts a container, with its back-off forgotten. */
  start(): void {
    if (this.state !== 'absent') return
    this.#restarts = 0
    this.#startContainer()
  }

  /** The process or its machine is gone; nobody restarts it until {@link start}. */
  crash(): void {
    if (this.state === 'absent') return
    this.paused = false
    this.#become('absent')
  }

  pause(): void {
    if (this.state === 'absent' || this.paused) return
    this.paused = true
    // A frozen process times every liveness probe out (15 s each, kubeadm's timeoutSeconds).
    const { livenessFailureThreshold } = this.settings.kubelet
    if (this.state === 'serving') this.#planKill(ms(livenessFailureThreshold * HUNG_PROBE))
    this.#world.apiServerChanged(this)
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    this.#simulation.cancel(this.#kill)
    this.#kill = -1
    this.reconcile()
    this.#world.apiServerChanged(this)
  }

  /** What it sees of etcd may have changed. */
  reconcile(): void {
    if (this.state === 'absent' || this.state === 'backing-off' || this.paused) return
    if (this.state === 'starting' && !this.#initialised) return
    const usable = this.#world.etcdUsable(this)
    if (this.state === 'starting') {
      if (usable) this.#serve()
    } else if (this.state === 'terminating') {
      // Requests that hung on etcd end, so the drain does.
      if (usable) this.#exit()
    } else if (usable) this.#etcdAnswers()
    else this.#etcdFails()
  }

  handle(event: ApiServerEvent): void {
    if (event.generation !== this.#generation) return
    switch (event.timer) {
      case 'initialised':
        this.#initialised = true
        this.reconcile()
        if (this.state === 'starting') this.#planGivingUp()
        return
      case 'gives-up':
        if (this.state === 'starting' && !this.#world.etcdUsable(this)) this.#exit()
        return
      case 'restart':
        this.#startContainer()
        return
      case 'check-fails':
        this.#checkFails = -1
        this.healthy = false
        this.#trace('etcd health check fails')
        this.#planKill(ms((this.settings.kubelet.livenessFailureThreshold - 1) * this.settings.kubelet.livenessPeriod))
        this.#world.apiServerChanged(this)
        return
      case 'liveness-kills':
        this.#become('terminating')
        this.#end = this.#after(this.settings.kubelet.terminationGracePeriod, 'killed')
        return
      case 'killed':
        this.#exit()
        return
    }
  }

  #startContainer(): void {
    this.#become('starting')
    this.#startedAt = this.#simulation.now
    this.#initialised = false
    const takes = this.settings.processStart(this.#random)
    this.#after(takes, 'initialised')
    // Mostly etcd answers by then, and nothing is given up.
    if (takes >= this.settings.startTimeout) this.#planGivingUp()
  }

  #planGivingUp(): void {
    const at = this.#startedAt + this.settings.startTimeout
    if (at >= this.#simulation.now) this.#after((at - this.#simulation.now) as Ms, 'gives-up')
  }

  #serve(): void {
    this.#become('serving')
    this.healthy = true
    this.#readinessAnchor = (this.#simulation.now +
      ms(this.#random.next() * this.settings.kubelet.readinessPeriod)) as Ms
    this.#world.apiServerChanged(this)
    this.reconcile()
  }

  /** The container ends by itself or by the kubelet's hand: it is restarted, later and later. */
  #exit(): void {
    const ran = this.#simulation.now - this.#startedAt
    if (ran >= 2 * this.settings.kubelet.backOffMax) this.#restarts = 0
    this.#become('backing-off')
    this.#after(backOff(this.settings.kubelet, this.#restarts), 'restart')
    this.#restarts++
  }

  #etcdAnswers(): void {
    this.#simulation.cancel(this.#checkFails)
    this.#checkFails = -1
    if (this.healthy) return
    this.healthy = true
    this.#simulation.cancel(this.#kill)
    this.#kill = -1
    this.#trace('etcd health check passes')
    this.#world.apiServerChanged(this)
  }

  #etcdFails(): void {
    if (!this.healthy || this.#checkFails !== -1) return
    const { kubelet, etcdHealthcheckTimeout } = this.settings
    const probe = firstAtOrAfter(this.#readinessAnchor, kubelet.readinessPeriod, this.#simulation.now)
    const fails = (probe + etcdHealthcheckTimeout) as Ms
    this.#checkFails = this.#after((fails - this.#simulation.now) as Ms, 'check-fails')
  }

  /** The liveness probe's series begins one period after the container's start; the kill comes `wait` after its next. */
  #planKill(wait: Ms): void {
    if (this.#kill !== -1) return
    const period = this.settings.kubelet.livenessPeriod
    const next = firstAtOrAfter((this.#startedAt + period) as Ms, period, this.#simulation.now)
    this.#kill = this.#after((next - this.#simulation.now + wait) as Ms, 'liveness-kills')
  }

  #after(delay: Ms, timer: Timer): EventHandle {
    return this.#simulation.schedule(delay, this, { timer, generation: this.#generation })
  }

  /** A new state makes all timers of the old one void. */
  #become(state: ApiServerState): void {
    this.state = state
    this.#generation++
    this.#simulation.cancel(this.#checkFails)
    this.#simulation.cancel(this.#kill)
    this.#simulation.cancel(this.#end)
    this.#checkFails = -1
    this.#kill = -1
    this.#end = -1
    if (state !== 'serving') this.healthy = false
    this.#trace(`api-server ${state}`)
    if (state !== 'serving') this.#world.apiServerChanged(this)
  }

  #trace(what: string): void {
    this.#simulation.tracer?.record(this.#simulation.now, this.settings.name, what)
  }
}

/** timeoutSeconds of kubeadm's probes (cmd/kubeadm/app/util/staticpod/utils.go). */
const HUNG_PROBE = 15_000
