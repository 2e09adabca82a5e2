import { describe, expect, it } from 'vitest'
import { ms } from '../../src/base/units.ts'
import { ApiServer, type ApiServerState } from '../../src/components/apiserver/api-server.ts'
import { type EndpointState, EtcdEndpoints } from '../../src/components/apiserver/etcd-endpoints.ts'
import { backOff } from '../../src/components/apiserver/kubelet.ts'
import { RandomStreams } from '../../src/engine/random.ts'
import { Simulation } from '../../src/engine/simulation.ts'
import { mean, play, transition } from '../validation/plans.ts'

const KUBELET = {
  livenessPeriod: ms(10_000),
  livenessFailureThreshold: 8,
  readinessPeriod: ms(1_000),
  terminationGracePeriod: ms(30_000),
  backOffInitial: ms(10_000),
  backOffMax: ms(300_000),
}
const SECONDS = 1_000

/** One API server on a kernel; a test says when etcd answers. */
class Bed {
  readonly simulation: Simulation
  readonly server: ApiServer
  readonly states: { at: number; state: ApiServerState }[] = []
  readonly health: { at: number; healthy: boolean }[] = []
  #etcd = true

  constructor(trial = 0) {
    this.simulation = new Simulation(new RandomStreams('api', trial))
    const settings = {
      name: 'a',
      processStart: () => ms(7_000),
      startTimeout: ms(20_000),
      etcdHealthcheckTimeout: ms(2_000),
      kubelet: KUBELET,
    }
    this.server = new ApiServer(this.simulation, 0, settings, {
      etcdUsable: () => this.#etcd,
      apiServerChanged: () => this.#note(),
    })
    this.server.startEstablished()
  }

  #note(): void {
    const { state, healthy } = this.server
    const at = this.simulation.now
    if (this.states.at(-1)?.state !== state) this.states.push({ at, state })
    if (this.health.at(-1)?.healthy !== healthy) this.health.push({ at, healthy })
  }

  /** etcd answers, or ceases to, at an instant. */
  etcd(answers: boolean, at: number): this {
    this.simulation.run(ms(at))
    this.#etcd = answers
    this.server.reconcile()
    return this
  }

  until(at: number): this {
    this.simulation.run(ms(at))
    return this
  }

  /** When it entered a state, in order. */
  entered(state: ApiServerState): number[] {
    return this.states.filter((each) => each.state === state).map(({ at }) => at)
  }
}

describe('an API server without etcd', () => {
  it('fails /readyz one health check after its next readiness probe', () => {
    const waits = Array.from({ length: 1_000 }, (_, trial) => {
      const bed = new Bed(trial).etcd(false, 60_000).until(65_000)
      return bed.health.find(({ at, healthy }) => at >= 60_000 && !healthy)!.at - 60_000
    })
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(3_000)
    expect(Math.abs(mean(waits) - 2_500)).toBeLessThan(40)
  })

  it('shrugs off an outage that is shorter than its check', () => {
    const bed = new Bed().etcd(false, 60_000).etcd(true, 61_900).until(200_000)
    expect(bed.health.map(({ healthy }) => healthy)).toEqual([true])
    expect(bed.states.map(({ state }) => state)).toEqual(['serving'])
  })

  it('is killed by its eighth failed liveness probe, not before', () => {
    const bed = new Bed().etcd(false, 60_000).until(300_000)
    const unhealthy = bed.health.find(({ healthy }) => !healthy)!.at
    const [killed] = bed.entered('terminating')
    // Probes at whole tens of seconds: the first after the check fails, and seven more.
    expect(killed).toBe(Math.ceil(unhealthy / 10_000) * 10_000 + 70_000)
    const saved = new Bed().etcd(false, 60_000).etcd(true, 125_000).until(300_000)
    expect(saved.entered('terminating')).toEqual([])
    expect(saved.server.healthy).toBe(true)
    const twice = saved.etcd(false, 300_000).until(375_000)
    // Failures before the success do not count.
    expect(twice.entered('terminating')).toEqual([])
  })

  it('hangs in its drain until SIGKILL, exits at each start, and is restarted later and later', () => {
    const bed = new Bed().etcd(false, 60_000).until(2_400_000)
    const [terminating] = bed.entered('terminating')
    const exits = bed.entered('backing-off')
    const starts = bed.entered('starting')
    expect(exits[0]! - terminating!).toBe(30_000)
    const waits = starts.map((start, index) => (start - exits[index]!) / SECONDS)
    expect(waits.slice(0, 9)).toEqual([1, 10, 20, 40, 80, 160, 300, 300, 300])
    // Each container gives up when its etcd client cannot connect.
    expect(exits.slice(1, 9).map((exit, index) => exit - starts[index]!)).toEqual(new Array(8).fill(20_000))
    expect([0, 1, 2, 6, 7, 50].map((restarts) => backOff(KUBELET, restarts) / SECONDS)).toEqual([
      1, 10, 20, 300, 300, 300,
    ])
  })

  it('returns when its back-off is over, however long etcd is back', () => {
    const bed = new Bed().etcd(false, 60_000).until(1_500_000)
    const exit = bed.entered('backing-off').findLast((at) => at < 1_500_000)!
    const back = bed.etcd(true, exit + 5_000).until(exit + 400_000)
    expect(back.entered('serving').at(-1)).toBe(exit + 300_000 + 7_000)
  })

  it('forgets its restarts after twice the longest back-off, and starts again at one second', () => {
    const bed = new Bed().etcd(false, 60_000).until(400_000).etcd(true, 400_000)
    bed.until(1_300_000).etcd(false, 1_300_000).until(1_800_000)
    const exit = bed.entered('backing-off').find((at) => at > 1_300_000)!
    expect(bed.entered('starting').find((at) => at > exit)! - exit).toBe(1_000)
  })

  it('ends its drain when etcd is back, and a start that waits for etcd goes on', () => {
    const bed = new Bed().etcd(false, 60_000).until(150_000)
    const [killed] = bed.entered('terminating')
    bed.etcd(true, killed! + 3_000).until(killed! + 20_000)
    expect(bed.entered('serving').at(-1)).toBe(killed! + 3_000 + 1_000 + 7_000)
    const late = new Bed().etcd(false, 60_000).until(200_000)
    while (late.server.state !== 'starting') late.until(late.simulation.now + 100)
    const start = late.entered('starting').at(-1)!
    late.etcd(true, start + 15_000)
    expect(late.server.state).toBe('serving')
  })

  it('times every probe out while it is frozen, and is killed for that', () => {
    const bed = new Bed().until(60_000)
    bed.server.pause()
    bed.until(300_000)
    const [killed] = bed.entered('terminating')
    expect(killed! - 60_000).toBeGreaterThanOrEqual(8 * 15_000)
    expect(killed! - 60_000).toBeLessThanOrEqual(8 * 15_000 + 10_000)
  })
})

describe('the etcd endpoints of an API server', () => {
  const timers = { keepaliveTime: ms(30_000), keepaliveTimeout: ms(10_000) }
  const shares = (endpoints: EtcdEndpoints): number[] => {
    const into = new Float64Array(3)
    endpoints.addShares(1, into)
    return [...into].map((share) => Math.round(share * 600) / 600)
  }

  it.each([
    ['refused', 0],
    ['silent', 10_000],
    ['hung', 40_000],
  ] as const)('drop one that is %s after %i ms', (state, wait) => {
    const simulation = new Simulation(new RandomStreams('endpoints', 0))
    let told = -1
    const endpoints = new EtcdEndpoints(simulation, [0, 1, 2], timers, simulation.streams.stream('dial'), () => {
      told = simulation.now
    })
    const states: EndpointState[] = ['up', state, 'up']
    endpoints.reconcile((member) => states[member]!)
    const usable = () => endpoints.usable((member) => (states[member] === 'up' ? 'ok' : 'lost'))
    if (wait > 0) {
      simulation.run(ms(wait - 1))
      // Until then its third of the requests hangs: at the member, or on the way.
      expect(shares(endpoints)).toEqual([200 / 600, state === 'hung' ? 200 / 600 : 0, 200 / 600])
      simulation.run(ms(wait))
      expect(told).toBe(wait)
    }
    expect(shares(endpoints)).toEqual([0.5, 0, 0.5])
    expect(usable()).toBe(true)
    states[1] = 'up'
    endpoints.reconcile((member) => states[member]!)
    expect(shares(endpoints)).toEqual([0.5, 0, 0.5])
    simulation.run(ms(wait + 1_200))
    expect(shares(endpoints)).toEqual([200 / 600, 200 / 600, 200 / 600])
  })

  it('keep one that recovers in time, and have nothing when all refuse', () => {
    const simulation = new Simulation(new RandomStreams('endpoints', 0))
    const endpoints = new EtcdEndpoints(
      simulation,
      [0, 1, 2],
      timers,
      simulation.streams.stream('dial'),
      () => undefined,
    )
    endpoints.reconcile((member) => (member === 0 ? 'silent' : 'up'))
    simulation.run(ms(9_000))
    endpoints.reconcile(() => 'up')
    simulation.run(ms(60_000))
    expect(shares(endpoints)).toEqual([200 / 600, 200 / 600, 200 / 600])
    endpoints.reconcile(() => 'refused')
    expect(shares(endpoints)).toEqual([0, 0, 0])
    expect(endpoints.usable(() => 'ok')).toBe(false)
  })

  it('are useless to a health check when most of their members do not answer', () => {
    const simulation = new Simulation(new RandomStreams('endpoints', 0))
    const endpoints = new EtcdEndpoints(
      simulation,
      [0, 1, 2],
      timers,
      simulation.streams.stream('dial'),
      () => undefined,
    )
    expect(endpoints.usable((member) => (member === 0 ? 'lost' : 'ok'))).toBe(true)
    expect(endpoints.usable((member) => (member === 0 ? 'ok' : 'waits'))).toBe(false)
  })
})

describe('the dialling of etcd endpoints', () => {
  const timers = { keepaliveTime: ms(30_000), keepaliveTimeout: ms(10_000) }

  it.each([
    [10_000, 0.8 * 9_256, 1.2 * 15_810],
    [0, 800, 1_200],
    [300_000, 300_000, 300_000 + 1.2 * 120_000],
  ])('comes to one that was away for %i ms again when gRPC would', (away, least, most) => {
    for (let seed = 0; seed < 50; seed++) {
      const simulation = new Simulation(new RandomStreams('dial', seed))
      let told = -1
      const random = simulation.streams.stream('dial')
      const endpoints = new EtcdEndpoints(simulation, [0], timers, random, () => {
        told = simulation.now
      })
      endpoints.reconcile(() => 'refused')
      simulation.run(ms(away))
      endpoints.reconcile(() => 'up')
      simulation.run(ms(away + 200_000))
      expect(told).toBeGreaterThanOrEqual(Math.max(away, least))
      expect(told).toBeLessThanOrEqual(most)
    }
  })

  it('comes to all at once in a new process', () => {
    const simulation = new Simulation(new RandomStreams('dial', 0))
    const endpoints = new EtcdEndpoints(simulation, [0], timers, simulation.streams.stream('dial'), () => undefined)
    endpoints.reconcile(() => 'refused')
    simulation.run(ms(100_000))
    endpoints.reconcile(() => 'up')
    expect(endpoints.usable(() => 'ok')).toBe(false)
    endpoints.dialAnew()
    expect(endpoints.usable(() => 'ok')).toBe(true)
  })
})

describe('the API of a cluster', () => {
  it('comes back after a long loss of the quorum only when the back-offs are over', () => {
    const model = `
nodes: { server: { count: 3 } }
etcd: { on: server, version: "3.5", writes: 0/s, start: fixed(1s) }
api-server: { on: server, start: fixed(7s) }`
    const kill = '{ at: 1m, do: crash, on: [etcd server-1, etcd server-2], for: 20m }'
    const samples = play({ model, actions: [kill], replications: 100, horizon: '1h', services: '[write, etcd]' })
    const lost = (service: number) => samples.map((sample) => sample.services[service]!.downMs)
    // etcd itself is back within seconds.
    expect(Math.max(...lost(1))).toBeLessThan(1_205_000)
    expect(Math.min(...lost(0))).toBeGreaterThan(1_205_000)
    expect(Math.max(...lost(0))).toBeLessThan(1_200_000 + 330_000)
    const restart = samples.map((sample) => sample.services[0]!.mechanisms['api-restart'] ?? 0)
    expect(mean(restart)).toBeGreaterThan(10_000)
    expect(transition(samples, 'api.ready.afterReturn')).toHaveLength(100)
  })
})
