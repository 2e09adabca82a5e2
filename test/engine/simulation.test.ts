import { describe, expect, it } from 'vitest'
import { AssertionFailure } from '../../src/base/assert.ts'
import { type Ms, ms } from '../../src/base/units.ts'
import { RandomStreams } from '../../src/engine/random.ts'
import { Simulation } from '../../src/engine/simulation.ts'

function recorder(simulation: Simulation, seen: string[]) {
  return { handle: (name: string) => seen.push(`${simulation.now} ${name}`) }
}

describe('the kernel', () => {
  it('runs the agenda and the queue as one order, ties by who was planned first', () => {
    const simulation = new Simulation(new RandomStreams('seed', 0))
    const seen: string[] = []
    const actor = recorder(simulation, seen)
    simulation.schedule(ms(2), actor, 'queue first')
    simulation.scheduleAgenda(ms(2), actor, 'agenda second')
    simulation.schedule(ms(2), actor, 'queue third')
    simulation.scheduleAgenda(ms(1), actor, 'agenda early')
    expect(simulation.nextAgendaTime()).toBe(1)
    expect(simulation.run(ms(10))).toBe('no-more-events')
    expect(seen).toEqual(['1 agenda early', '2 queue first', '2 agenda second', '2 queue third'])
  })

  it('stops at the horizon, runs what is due there, and goes on from it', () => {
    const simulation = new Simulation(new RandomStreams('seed', 0))
    const seen: string[] = []
    const actor = recorder(simulation, seen)
    simulation.scheduleAt(ms(5), actor, 'at the horizon')
    simulation.scheduleAt(ms(6), actor, 'beyond')
    expect(simulation.run(ms(5))).toBe('horizon')
    expect(simulation.now).toBe(5)
    expect(seen).toEqual(['5 at the horizon'])
    expect(simulation.run(ms(7))).toBe('no-more-events')
    expect(simulation.now).toBe(7)
    expect(simulation.eventCount).toBe(2)
  })

  it('names the event budget as its reason to stop', () => {
    const simulation = new Simulation(new RandomStreams('seed', 0))
    const forever = { handle: () => simulation.schedule(ms(1), forever, undefined) }
    simulation.schedule(ms(1), forever, undefined)
    expect(simulation.run(ms(1_000_000), 100)).toBe('event-budget')
    expect(simulation.eventCount).toBe(100)
  })

  it('refuses to plan in the past', () => {
    const simulation = new Simulation(new RandomStreams('seed', 0))
    simulation.run(ms(10))
    expect(() => simulation.scheduleAt(ms(9), { handle: () => {} }, undefined as never)).toThrow(AssertionFailure)
  })

  it('ends after the current event when told to', () => {
    const simulation = new Simulation(new RandomStreams('seed', 0))
    const stopper = { handle: () => simulation.stop() }
    simulation.schedule(ms(1), stopper, undefined as never)
    simulation.schedule(ms(2), stopper, undefined as never)
    expect(simulation.run(ms(10))).toBe('stopped')
    expect(simulation.now).toBe(1)
  })
})

describe('quantised time', () => {
  it('sums exactly in any order', () => {
    const random = new RandomStreams('sums', 0).stream('delays')
    for (let trial = 0; trial < 1000; trial++) {
      const [a, b, c] = [1, 2, 3].map(() => ms(random.next() * 1e9)) as [Ms, Ms, Ms]
      expect(a + b + c).toBe(c + (b + a))
    }
  })
})
