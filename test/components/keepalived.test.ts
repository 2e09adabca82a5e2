import { describe, expect, it } from 'vitest'
import { ms } from '../../src/base/units.ts'
import { Keepalived, type KeepalivedSettings } from '../../src/components/load-balancer/keepalived.ts'
import { RandomStreams } from '../../src/engine/random.ts'
import { Simulation } from '../../src/engine/simulation.ts'
import { kolmogorovSmirnov } from '../../src/stats/two-sample.ts'
import { hasMeasurements, mean, measured, play, transition } from '../validation/plans.ts'

const DEFAULTS: KeepalivedSettings = {
  advertInt: ms(1_000),
  priorities: [150, 100],
  version: 2,
  nopreempt: false,
  preemptDelay: ms(0),
  downTimerAdverts: 3,
  script: null,
}

const SCRIPT = { interval: ms(2_000), timeout: ms(2_000), fall: 3, rise: 2, weight: 0 }

/** Routers on a kernel, in a world that a test changes by hand. */
class Bed {
  readonly simulation: Simulation
  readonly keepalived: Keepalived
  readonly cut = new Set<string>()
  readonly unheard = new Set<number>()
  readonly stopped = new Set<number>()
  /** Who gets the clients' traffic, from when on. */
  readonly holders: { at: number; holder: number }[] = []

  constructor(changes: Partial<KeepalivedSettings> = {}, trial = 0) {
    this.simulation = new Simulation(new RandomStreams('keepalived', trial))
    const note = (): void => {
      const { holder } = this.keepalived
      if (this.holders.at(-1)?.holder !== holder) this.holders.push({ at: this.simulation.now, holder })
    }
    this.keepalived = new Keepalived(
      this.simulation,
      { ...DEFAULTS, ...changes },
      {
        hears: (listener, speaker) => !this.cut.has(`${speaker} ${listener}`),
        heardOutside: (router) => !this.unheard.has(router),
        balancerRuns: (router) => !this.stopped.has(router),
        addressMoved: note,
      },
    )
    this.keepalived.startEstablished()
  }

  /** Lets time pass until `at`, then does something that everyone is told of. */
  at(at: number, does: (keepalived: Keepalived) => void): this {
    this.simulation.run(ms(at))
    does(this.keepalived)
    this.keepalived.reconcile()
    return this
  }

  until(at: number): this {
    this.simulation.run(ms(at))
    return this
  }
}

/** When a router took the address, in ms since `since`. */
const takenBy = (bed: Bed, router: number, since: number): number =>
  bed.holders.find(({ at, holder }) => at >= since && holder === router)!.at - since

const TRIALS = Array.from({ length: 1_000 }, (_, trial) => trial)
const SKEW_OF_100 = (156 / 256) * 1_000
const SKEW_OF_150 = (106 / 256) * 1_000

describe('keepalived', () => {
  it('takes over when three adverts and the skew have passed since the last advert', () => {
    const waits = TRIALS.map((trial) => {
      const bed = new Bed({}, trial).at(10_000, (keepalived) => keepalived.leave(0, false)).until(20_000)
      expect(bed.keepalived.holder).toBe(1)
      return takenBy(bed, 1, 10_000)
    })
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_000 + SKEW_OF_100)
    expect(Math.max(...waits)).toBeLessThanOrEqual(3_000 + SKEW_OF_100)
    expect(Math.abs(mean(waits) / (2_500 + SKEW_OF_100) - 1)).toBeLessThan(0.01)
  })

  it('waits for the skew only when the master leaves in good order', () => {
    const bed = new Bed().at(10_000, (keepalived) => keepalived.leave(0, true)).until(20_000)
    expect(takenBy(bed, 1, 10_000)).toBeCloseTo(SKEW_OF_100, 2)
  })

  it('gives the address back to the better router, which has listened for its own interval', () => {
    const leaves = (bed: Bed) => bed.at(10_000, (keepalived) => keepalived.leave(0, false))
    const returns = (bed: Bed) =>
      leaves(bed)
        .at(20_000, (keepalived) => keepalived.start(0))
        .until(90_000)
    expect(takenBy(returns(new Bed()), 0, 20_000)).toBeCloseTo(3_000 + SKEW_OF_150, 2)
    expect(takenBy(returns(new Bed({ preemptDelay: ms(30_000) })), 0, 20_000)).toBeCloseTo(33_000 + SKEW_OF_150, 2)
    expect(returns(new Bed({ nopreempt: true })).keepalived.holder).toBe(1)
  })

  it('measures the skew in adverts in version 3, and waits for as many adverts as it is told', () => {
    const slow = { advertInt: ms(3_000), version: 3, downTimerAdverts: 4 } as const
    const graceful = new Bed(slow).at(10_000, (keepalived) => keepalived.leave(0, true)).until(40_000)
    expect(takenBy(graceful, 1, 10_000)).toBeCloseTo(3 * SKEW_OF_100, 2)
    const waits = TRIALS.map((trial) => {
      const bed = new Bed(slow, trial).at(10_000, (keepalived) => keepalived.leave(0, false)).until(40_000)
      return takenBy(bed, 1, 10_000)
    })
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(9_000 + 3 * SKEW_OF_100)
    expect(Math.max(...waits)).toBeLessThanOrEqual(12_000 + 3 * SKEW_OF_100)
  })

  it('has two masters while a partition lasts, and the clients follow the one they hear', () => {
    const bed = new Bed()
    bed.at(10_000, () => {
      bed.cut.add('0 1').add('1 0')
      bed.unheard.add(0)
    })
    bed.until(20_000)
    expect(bed.keepalived.holder).toBe(1)
    bed.at(20_000, () => bed.unheard.clear())
    // Both are heard: the last to announce itself has the traffic.
    expect(bed.keepalived.holder).toBe(1)
    bed.at(30_000, () => bed.cut.clear())
    expect(bed.keepalived.holder).toBe(0)
    bed.at(40_000, () => bed.unheard.add(0))
    // Nobody takes over from a master that the backup still hears.
    expect(bed.until(60_000).keepalived.holder).toBe(-1)
  })

  it('lets the second of three take over, not the third', () => {
    const bed = new Bed({ priorities: [150, 100, 90] }).at(10_000, (keepalived) => keepalived.leave(0, false))
    bed.until(30_000)
    expect(bed.holders.map(({ holder }) => holder).filter((holder) => holder > 0)).toEqual([1])
  })
})

describe('a tracked script', () => {
  const fails = (bed: Bed, at: number) => bed.at(at, () => bed.stopped.add(0))
  const passes = (bed: Bed, at: number) => bed.at(at, () => bed.stopped.delete(0))

  it('of weight 0 gives the address up after `fall` failures, and the backup waits for its skew', () => {
    const waits = TRIALS.slice(0, 300).map((trial) => {
      const bed = fails(new Bed({ script: SCRIPT }, trial), 10_000).until(30_000)
      return takenBy(bed, 1, 10_000)
    })
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(4_000 + SKEW_OF_100)
    expect(Math.max(...waits)).toBeLessThanOrEqual(6_000 + SKEW_OF_100)
    expect(Math.abs(mean(waits) / (5_000 + SKEW_OF_100) - 1)).toBeLessThan(0.03)
  })

  it('takes the address back after `rise` successes and its listening interval', () => {
    const bed = fails(new Bed({ script: SCRIPT }), 10_000)
    passes(bed, 30_000).until(60_000)
    const back = takenBy(bed, 0, 30_000)
    expect(back).toBeGreaterThanOrEqual(2_000 + 3_000 + SKEW_OF_150)
    expect(back).toBeLessThanOrEqual(4_000 + 3_000 + SKEW_OF_150)
  })

  it('forgets failures that a success has broken', () => {
    const bed = fails(new Bed({ script: SCRIPT }), 10_000)
    passes(bed, 13_000)
    fails(bed, 15_500)
    passes(bed, 18_500).until(60_000)
    expect(bed.keepalived.holder).toBe(0)
  })

  it('of negative weight moves the address only if that makes the master the lesser one', () => {
    const enough = fails(new Bed({ script: { ...SCRIPT, weight: -60 } }), 10_000).until(40_000)
    expect(enough.keepalived.holder).toBe(1)
    // The backup ignores adverts of the lesser router and lets its timer run out.
    expect(takenBy(enough, 1, 10_000)).toBeGreaterThan(4_000 + 2_000 + SKEW_OF_100)
    expect(takenBy(enough, 1, 10_000)).toBeLessThanOrEqual(6_000 + 3_000 + SKEW_OF_100)
    expect(fails(new Bed({ script: { ...SCRIPT, weight: -40 } }), 10_000).until(40_000).keepalived.holder).toBe(0)
  })
})

describe('an address in a cluster', () => {
  const model = (address = ''): string => `
nodes: { server: { count: 3 }, balancer: { count: 2 } }
etcd: { on: server, version: "3.5", writes: 0/s }
api-server: { on: server }
load-balancer: { on: balancer, kind: haproxy, address: { kind: keepalived, priorities: [150, 100]${address} } }`
  const moved = (action: string, address = ''): number[] => {
    const given = { model: model(address), actions: [action], replications: 500, horizon: '2m', services: '[write]' }
    return transition(play(given), 'address.moved')
  }

  it('moves when the machine of its holder is lost', () => {
    const waits = moved('{ at: 30s, do: crash, on: address-holder }')
    expect(waits).toHaveLength(500)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_000 + SKEW_OF_100)
    expect(Math.max(...waits)).toBeLessThanOrEqual(3_000 + SKEW_OF_100)
    if (!hasMeasurements) return
    const real = measured('keepalived-takeover', 'outage_ms', (row) => row['fault'] === 'kill9_all')
    expect(kolmogorovSmirnov(waits, real).p).toBeGreaterThan(0.01)
  })

  it('moves after the skew when the machine is shut down', () => {
    const waits = moved('{ at: 30s, do: stop, on: balancer-1 }')
    expect(waits.every((wait) => Math.abs(wait - SKEW_OF_100) < 1)).toBe(true)
    if (!hasMeasurements) return
    const real = measured('keepalived-takeover', 'outage_ms', (row) => row['fault'] === 'sigterm')
    expect(Math.min(...real)).toBeGreaterThanOrEqual(SKEW_OF_100)
    expect(Math.max(...real)).toBeLessThan(SKEW_OF_100 + 100)
  })

  it('moves when the link of its holder is cut, and stays when only the balancer process dies', () => {
    expect(moved('{ at: 30s, do: isolate, on: address-holder, for: 20s }')).toHaveLength(500)
    expect(moved('{ at: 30s, do: crash, on: balancer balancer-1, for: 20s }')).toEqual([])
    const script = ', script: { fall: 2, weight: 0 }'
    const waits = moved('{ at: 30s, do: crash, on: balancer balancer-1, for: 20s }', script)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000 + SKEW_OF_100)
    expect(Math.max(...waits)).toBeLessThanOrEqual(2_000 + SKEW_OF_100)
  })
})
