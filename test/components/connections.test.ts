import { describe, expect, it } from 'vitest'
import { ms } from '../../src/base/units.ts'
import { ClientConnections, type PathState } from '../../src/components/client/connections.ts'
import { RandomStreams } from '../../src/engine/random.ts'
import { Simulation } from '../../src/engine/simulation.ts'

const ROUTE = 1
const NOWHERE = -1

/** A crowd of clients on a kernel, behind a balancer whose view a test sets. */
class Bed {
  readonly simulation = new Simulation(new RandomStreams('connections', 0))
  readonly clients: ClientConnections
  paths: PathState[] = ['up', 'up', 'up']
  opens = [1 / 3, 1 / 3, 1 / 3]
  rotation = [true, true, true]
  route = ROUTE

  constructor(connections: 'kept' | 'new' = 'kept', shutdownSessions = false) {
    const settings = { connections, silentTimeout: ms(45_000), shutdownSessions }
    this.clients = new ClientConnections(this.simulation, 3, settings, () => this.look())
    this.look()
  }

  look(): number[] {
    const balancer = { inRotation: (server: number) => this.rotation[server]! }
    this.clients.reconcile(this.route, this.paths, Float64Array.from(this.opens), balancer)
    return this.shares
  }

  get shares(): number[] {
    return [...this.clients.shares].map((share) => Math.round(share * 1e6) / 1e6)
  }

  after(wait: number): number[] {
    this.simulation.run(ms(this.simulation.now + wait))
    return this.shares
  }
}

const THIRD = 0.333333

describe("clients' connections", () => {
  it('move at once from a server that refuses, and stay away when it returns', () => {
    const bed = new Bed()
    bed.paths = ['refused', 'up', 'up']
    bed.opens = [0, 0.5, 0.5]
    expect(bed.look()).toEqual([0, 0.5, 0.5])
    bed.paths = ['up', 'up', 'up']
    bed.opens = [1 / 3, 1 / 3, 1 / 3]
    expect(bed.look()).toEqual([0, 0.5, 0.5])
  })

  it('hang on a silent server until the HTTP/2 ping times out', () => {
    const bed = new Bed()
    bed.paths = ['silent', 'up', 'up']
    bed.opens = [0, 0.5, 0.5]
    expect(bed.look()).toEqual([THIRD, THIRD, THIRD])
    expect(bed.after(44_999)).toEqual([THIRD, THIRD, THIRD])
    expect(bed.after(1)).toEqual([0, 0.5, 0.5])
  })

  it('survive a silence that is shorter than that', () => {
    const bed = new Bed()
    bed.paths = ['silent', 'up', 'up']
    bed.look()
    bed.after(30_000)
    bed.paths = ['up', 'up', 'up']
    bed.look()
    expect(bed.after(60_000)).toEqual([THIRD, THIRD, THIRD])
  })

  it('are closed by a balancer that is told to when it marks a server down', () => {
    const keeps = new Bed('kept', false)
    keeps.rotation = [false, true, true]
    expect(keeps.look()).toEqual([THIRD, THIRD, THIRD])
    const closes = new Bed('kept', true)
    closes.rotation = [false, true, true]
    closes.opens = [0, 0.5, 0.5]
    expect(closes.look()).toEqual([0, 0.5, 0.5])
  })

  it('are all made anew behind another balancer, and none while there is no way', () => {
    const bed = new Bed()
    bed.paths = ['refused', 'up', 'up']
    bed.opens = [0, 0.5, 0.5]
    bed.look()
    bed.route = NOWHERE
    expect(bed.look()).toEqual([0, 0.5, 0.5])
    bed.route = 2
    bed.paths = ['up', 'up', 'up']
    bed.opens = [1 / 3, 1 / 3, 1 / 3]
    expect(bed.look()).toEqual([THIRD, THIRD, THIRD])
  })

  it('wait while nobody accepts, and spread over the first that do', () => {
    const bed = new Bed()
    bed.paths = ['refused', 'refused', 'refused']
    bed.opens = [0, 0, 0]
    expect(bed.look()).toEqual([0, 0, 0])
    bed.paths = ['refused', 'up', 'refused']
    bed.opens = [0, 1 / 3, 0]
    expect(bed.look()).toEqual([0, 1, 0])
  })

  it('that are made for each request follow the balancer at once', () => {
    const bed = new Bed('new')
    bed.opens = [0, 0.4, 0.6]
    expect(bed.look()).toEqual([0, 0.4, 0.6])
    bed.opens = [1 / 3, 1 / 3, 1 / 3]
    expect(bed.look()).toEqual([THIRD, THIRD, THIRD])
  })
})
