import { describe, expect, it } from 'vitest'
import { HOUR } from '../../src/base/units.ts'
import { longRunUnavailability } from '../../src/structure/exact/solve.ts'
import type { Crew } from '../../src/structure/model.ts'
import { type Moves, probability, stationary } from './chain.ts'
import { estimatesOf, runModel } from './estimates.ts'
import { atLeast, crew, exp, group, model, part, range } from './models.ts'

const FAILURE = 1 / 100
const REPAIRS = [1 / 2, 1 / 8, 1 / 24]
const HORIZON = 20000 * HOUR

/** Three members that fail every 100 h and are repaired in 2, 8 and 24 h by one crew; two must be up. */
function simulate(more: Partial<Crew>) {
  const system = model({
    groups: REPAIRS.map((rate, i) => group(`m${i}`, 1, exp(1 / FAILURE), exp(1 / rate))),
    crews: [crew([0, 1, 2], more)],
    services: [{ name: 'quorum', condition: atLeast(2, range(0, 3)) }],
  })
  return estimatesOf(runModel(system, 300, { horizon: HORIZON }, JSON.stringify(more))[0]!, HORIZON)
}

/** States are members that are down, e.g. `0,2`; `serve` splits one repair rate of 1 among them. */
function shared(serve: (down: readonly number[]) => readonly number[]): Moves {
  return (state) => {
    const down = parse(state)
    const shares = serve(down)
    return [
      ...range(0, 3)
        .filter((m) => !down.includes(m))
        .map((m) => [[...down, m].sort().join(), FAILURE] as const),
      ...down.map((m, i) => [down.filter((other) => other !== m).join(), REPAIRS[m]! * shares[i]!] as const),
    ]
  }
}

/** States are `in work|waiting`; `next` picks from who waits. */
function queued(next: (waiting: readonly number[]) => readonly (readonly [number, number])[]): Moves {
  return (state) => {
    const [inWork = '', rest = ''] = state.split('|')
    const waiting = parse(rest)
    const down = [...parse(inWork), ...waiting]
    const failures = range(0, 3)
      .filter((m) => !down.includes(m))
      .map((m) => [inWork === '' ? `${m}|` : `${inWork}|${[...waiting, m].join()}`, FAILURE] as const)
    if (inWork === '') return failures
    const rate = REPAIRS[Number(inWork)]!
    if (waiting.length === 0) return [...failures, ['|', rate] as const]
    const repairs = next(waiting).map(
      ([m, chance]) => [`${m}|${waiting.filter((other) => other !== m).join()}`, rate * chance] as const,
    )
    return [...failures, ...repairs]
  }
}

function parse(text: string): number[] {
  return text === '' ? [] : text.split(',').map(Number)
}

const isDown = (state: string) => state.split(/[,|]/).filter((m) => m !== '').length >= 2

const cases: readonly (readonly [string, Partial<Crew>, string, Moves])[] = [
  ['first come first served', { order: 'fcfs' }, '|', queued((waiting) => [[waiting[0]!, 1]])],
  ['random', { order: 'random' }, '|', queued((waiting) => waiting.map((m) => [m, 1 / waiting.length]))],
  ['priority', { order: 'priority' }, '|', queued((waiting) => [[Math.min(...waiting), 1]])],
  [
    'priority that pre-empts',
    { order: 'priority', preEmpts: true },
    '',
    shared((down) => down.map((m) => (m === Math.min(...down) ? 1 : 0))),
  ],
  [
    'priority for the slow that pre-empts',
    { order: 'priority', preEmpts: true, serves: [2, 1, 0] },
    '',
    shared((down) => down.map((m) => (m === Math.max(...down) ? 1 : 0))),
  ],
  ['processor sharing', { order: 'processor-sharing' }, '', shared((down) => down.map(() => 1 / down.length))],
  [
    'processor sharing by two',
    { order: 'processor-sharing', size: 2 },
    '',
    shared((down) => down.map(() => Math.min(1, 2 / down.length))),
  ],
]

describe('one crew and unlike members', () => {
  for (const [name, more, start, moves] of cases) {
    it(name, () => {
      const exact = probability(stationary(start, moves), isDown)
      const { unavailability } = simulate(more)
      const off = (unavailability.mean - exact) / unavailability.error
      expect(Math.abs(off), `${unavailability.mean} ± ${unavailability.error}, exact ${exact}`).toBeLessThan(4)
    })
  }
})

describe('failures at one instant', () => {
  it('leave a crew that is drawn anew where it is if it is drawn again', () => {
    // One of two racks takes its server along; a crew that travels for 6 h serves them all.
    const needs = [part(0), part(1)]
    const system = model({
      groups: [group('rack', 2, exp(60), exp(8)), group('server', 2, exp(60), exp(6), { needs, onLoss: 'crash' })],
      crews: [crew([0, 1], { order: 'random', preEmpts: true, reaches: exp(6) })],
      services: [{ name: 'some', condition: atLeast(1, [2, 3]) }],
    })
    const exact = longRunUnavailability(system, 'some')!
    const { mean, error } = estimatesOf(runModel(system, 1500, { horizon: HORIZON })[0]!, HORIZON).unavailability
    expect(Math.abs(mean - exact) / error).toBeLessThan(3.5)
  })
})
