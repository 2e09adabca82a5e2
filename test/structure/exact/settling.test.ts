import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { compileModel } from '../../../src/structure/compile.ts'
import { firstDownOf } from '../../../src/structure/exact/first-down.ts'
import { JointChains } from '../../../src/structure/exact/joint.ts'
import { exactPhases } from '../../../src/structure/exact/phases.ts'
import { longRunUnavailability, solveExactly } from '../../../src/structure/exact/solve.ts'
import { all, atLeast, crew, exp, group, model, part, range } from '../models.ts'

/** Mean hours up and down of three parts: one sets the pace, one is quick and frequent, one slow. */
const PARTS = [
  [1000, 0.1],
  [100, 3],
  [1e7, 1e4],
] as const

const REQUEST = {
  services: ['quorum'],
  start: 'all-up',
  at: [],
  fit: false,
  effort: 'all',
  objectives: [null],
} as const

/** P(down) of one part at a time (h) after it was new. */
const downAt = (time: number, every: number, lasts: number) =>
  (lasts / (every + lasts)) * -Math.expm1(-time * (1 / every + 1 / lasts))

describe('values over time', () => {
  it.each([30, 100, 1000, 10_000, 1e5, 1e6])(
    'at %i h hold what is slow, though it hides behind what is quick',
    (time) => {
      const groups = PARTS.map(([every, lasts], g) => group(`g${g}`, 1, exp(every), exp(lasts)))
      const all = { kind: 'all', of: [part(0), part(1), part(2)] } as const
      const outcome = solveExactly(model({ groups, services: [{ name: 'all', condition: all }] }), {
        services: ['all'],
        start: 'all-up',
        horizon: time * HOUR,
        at: [time * HOUR],
        fit: false,
        effort: 'all',
        objectives: [null],
      })
      if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
      const up = (at: number) => PARTS.reduce((product, [every, lasts]) => product * (1 - downAt(at, every, lasts)), 1)
      const { at, interval } = outcome.services[0]!
      expect(at![0]!.down / (1 - up(time))).toBeCloseTo(1, 10)
      // Simpson's rule on a grid that is fine where things change.
      const cells = 4000
      const point = (i: number) => time * (i / cells) ** 4
      let lost = 0
      for (let i = 0; i < cells; i++) {
        const [a, b] = [point(i), point(i + 1)]
        lost += ((b - a) / 6) * (1 - up(a) + 4 * (1 - up((a + b) / 2)) + 1 - up(b))
      }
      expect(interval!.lostMs / HOUR / lost).toBeCloseTo(1, 7)
    },
  )
})

describe('what is next to impossible, or next to certain', () => {
  const failing = (every: number, lasts: number, needed: number) =>
    model({
      groups: [group('g', 12, exp(every), exp(lasts))],
      services: [{ name: 'quorum', condition: atLeast(needed, range(0, 12)) }],
    })

  it('is told of seven failures within a second', () => {
    const second = { ...REQUEST, at: [1000], horizon: 1000 }
    const outcome = solveExactly(failing(8766, 0.1, 6), second)
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
    const { down, hadOutage } = outcome.services[0]!.at![0]!
    const one = downAt(1 / 3600, 8766, 0.1)
    const exactly = (k: number, ways: number) => ways * one ** k * (1 - one) ** (12 - k)
    expect(down / (exactly(7, 792) + exactly(8, 495))).toBeCloseTo(1, 10)
    expect(hadOutage).toBeGreaterThan(down)
  })

  it('is told of outages that end once in an age of the world', () => {
    const outcome = solveExactly(failing(0.1, 1000, 6), { ...REQUEST, start: 'steady', horizon: 8760 * HOUR })
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
    const { meanOutageMs, outageQuantilesMs } = outcome.services[0]!.longRun
    // All but the shortest of so long outages forget how they began: they end at a constant rate.
    expect(outageQuantilesMs!.p50 / meanOutageMs! / Math.LN2).toBeCloseTo(1, 3)
    expect(outageQuantilesMs!.p99 / meanOutageMs! / Math.log(100)).toBeCloseTo(1, 3)
  })
})

describe('years beside seconds, in more states than are eliminated', () => {
  const SECOND = 1 / 3600
  it('are told of first outages, though nothing changes for hours', () => {
    // Two groups that are back in seconds and never lost together, beside one part that wears out for five years.
    const life = 5 * 8766 * HOUR
    const groups = [
      group('f', 7, exp(20), exp(3 * SECOND)),
      group('g', 6, exp(15), exp(4 * SECOND)),
      group('slow', 1, { kind: 'gamma', mean: life, shape: 8 }, exp(100)),
    ]
    const services = [{ name: 'quorum', condition: all(atLeast(1, range(0, 7)), atLeast(1, range(7, 13)), part(13)) }]
    const size = { states: 1e4, draws: Number.POSITIVE_INFINITY, cuts: false }
    const joint = new JointChains(compileModel(model({ groups, services })), size, exactPhases).of(0)
    if ('refused' in joint) throw new Error(joint.refused)
    const start = new Float64Array(joint.chain.size)
    for (const { state, probability } of joint.chain.start) start[state] = probability
    const { mean, law } = firstDownOf(joint.chain, joint.up, start, 2 * life)!
    expect(mean / life).toBeCloseTo(1, 10)
    // Eight phases, of which sixteen are expected in twice the mean.
    let [term, sum] = [Math.exp(-16), 0]
    for (let k = 0; k < 8; k++) {
      sum += term
      term *= 16 / (k + 1)
    }
    expect(law!.notBy(2 * life) / sum).toBeCloseTo(1, 8)
  })

  it('are told in the long run', () => {
    // All wait for one another, but the crew is so large that none does.
    const groups = [group('f', 20, exp(2), exp(SECOND)), group('s', 20, exp(1e5), exp(1e5 / 3))]
    const services = [{ name: 'quorum', condition: atLeast(12, range(20, 40)) }]
    const crews = [crew([0, 1], { order: 'processor-sharing', size: 39 })]
    const unavailability = longRunUnavailability(model({ groups, crews, services }), 'quorum')!
    let [down, ways] = [0, 1]
    for (let k = 0; k <= 20; k++) {
      if (k > 8) down += ways * 0.25 ** k * 0.75 ** (20 - k)
      ways *= (20 - k) / (k + 1)
    }
    expect(unavailability / down).toBeCloseTo(1, 10)
  })
})
