import { describe, expect, it } from 'vitest'
import { HOUR } from '../../src/base/units.ts'
import { randomFrom } from '../../src/engine/random.ts'
import { replicateParts } from '../../src/experiment/replicate-parts.ts'
import { elasticities } from '../../src/structure/exact/sensitivity.ts'
import type { PartModel } from '../../src/structure/model.ts'
import { scaled } from '../../src/structure/moments.ts'
import { livesOfRepairs, scoredInputs } from '../../src/structure/system-scores.ts'
import { majority } from '../../src/validate/oracle-systems.ts'
import { estimated, zOf } from '../experiment/moved.ts'
import { meanOver } from './estimates.ts'
import { randomModel } from './exact/random-models.ts'
import { atLeast, crew, exp, experiment, fixedH, group, lognormal, model, part, weibull } from './models.ts'

/** z of every estimated input against the exact elasticities of the model, or of what is the same in the long run. */
function scoresAgainstExact(
  parts: PartModel,
  replications: number,
  hours: number,
  seed: string,
  same: PartModel = parts,
  service = 0,
): number[] {
  const exact = elasticities(same, same.services[service]!.name)!
  const found = estimated(parts, replications, { horizon: hours * HOUR }, seed, service)
  return [...found.values()].flatMap((one) => {
    if (one.estimate === undefined) return []
    const z = zOf(one, exact.find(({ input }) => input === one.input)?.elasticity ?? 0)
    return Number.isFinite(z) ? [z] : []
  })
}

describe('estimated elasticities', () => {
  it.each([
    ['exponential', exp(1000), exp(8), 600, 8760],
    ['often down', exp(30), exp(8), 100, 2000],
    // Found by renewal: the long run of a part alone knows its means only. Ages are remembered: one window is all there is.
    ['weibull and lognormal', weibull(1000, 0.7), lognormal(8, 1), 600, 8760],
    ['weibull, wearing out', weibull(300, 2), lognormal(8, 1), 500, 4000],
    // A horizon far shorter than a life: what is down at the start hangs on the means, too.
    ['rare', exp(4000), exp(40), 4000, 1000],
    ['hardly watched', exp(100), exp(40), 3000, 10],
    ['aging, hardly watched', weibull(100, 2), lognormal(40, 0.7), 3000, 10],
    ['aging, rare', weibull(5000, 1.5), lognormal(40, 0.7), 6000, 1000],
  ] as const)('of two or more of three, %s, agree with the exact ones', (name, every, lasts, replications, hours) => {
    const scores = scoresAgainstExact(majority(3, every, lasts), replications, hours, name)
    expect(scores).toHaveLength(2)
    for (const z of scores) expect(Math.abs(z)).toBeLessThan(4)
  })

  it('count work that a crew lets wait', () => {
    const parts = majority(3, exp(60), exp(8), { crews: [crew([0])] })
    for (const z of scoresAgainstExact(parts, 300, 2000, 'crew')) expect(Math.abs(z)).toBeLessThan(4)
    // A crew large enough for all changes nothing, whatever the laws.
    const idle = majority(3, weibull(300, 0.7), lognormal(8, 1), { crews: [crew([0], { size: 3 })] })
    for (const z of scoresAgainstExact(idle, 400, 8760, 'idle', { ...idle, crews: [] })) {
      expect(Math.abs(z)).toBeLessThan(4)
    }
  })

  it('remember what one group does to another', () => {
    // A zone is back at once, but its server has crashed, and that is felt when the spare fails, hours later.
    const needs = { needs: [part(0)], onLoss: 'crash' } as const
    const groups = [
      group('zone', 1, exp(300), exp(0.1)),
      group('server', 1, exp(3000), exp(20), needs),
      group('spare', 1, exp(30), exp(3)),
    ]
    const parts = model({ groups, services: [{ name: 'up', condition: atLeast(1, [1, 2]) }] })
    expect(elasticities(parts, 'up')!.find(({ input }) => input === 'zone.every')!.elasticity).toBeLessThan(-0.8)
    for (const z of scoresAgainstExact(parts, 200, 8760, 'zone')) expect(Math.abs(z)).toBeLessThan(4)
  })

  it('of random systems with every feature agree with the exact ones, neither too well nor too badly', () => {
    const all: number[] = []
    for (let m = 0; m < 30; m++) {
      const parts = randomModel(randomFrom(`exact/${m}`))
      const last = parts.services.length - 1
      if (elasticities(parts, parts.services[last]!.name) === null) continue
      all.push(...scoresAgainstExact(parts, 250, 2000, `random/${m}`, parts, last))
    }
    expect(all.length).toBeGreaterThan(80)
    expect(Math.max(...all.map(Math.abs))).toBeLessThan(4.5)
    const squares = all.reduce((sum, z) => sum + z * z, 0) / all.length
    expect(squares).toBeGreaterThan(0.4)
    expect(squares).toBeLessThan(1.4)
  })

  it('agree with paired runs at changed means, where nothing has an exact answer', () => {
    const parts = majority(3, weibull(80, 0.7), lognormal(8, 1), { crews: [crew([0])] })
    const step = 0.15
    const lost = (factor: number) => {
      const [servers] = parts.groups
      const groups = [{ ...servers!, every: scaled(servers!.every!, Math.exp(factor)) }]
      const config = experiment({ ...parts, groups }, { horizon: 4000 * HOUR }, 'paired')
      return Array.from({ length: 400 }, (_, r) => replicateParts(config, 0, r).services[0]!.lostMs)
    }
    const [less, more] = [lost(-step), lost(step)]
    const [a, b] = [meanOver(less).mean, meanOver(more).mean]
    const slope = Math.log(b / a) / (2 * step)
    const spread = meanOver(more.map((y, r) => (y / b - less[r]! / a) / (2 * step))).error
    const found = estimated(parts, 1500, { horizon: 4000 * HOUR }, 'ratio').get('server.every')!
    const error = (found.estimate!.hi! - found.estimate!.lo) / (2 * 1.96)
    expect(slope).toBeLessThan(-1)
    expect(Math.abs(found.elasticity! - slope) / Math.hypot(error, spread)).toBeLessThan(4)
  })
})

describe('the score at the end', () => {
  it('has mean zero, whatever crashes, stops, waits or strikes', () => {
    for (let m = 0; m < 12; m++) {
      const random = randomModel(randomFrom(`exact/${m}`))
      const laws = [weibull(100, 0.7), { kind: 'gamma', mean: 150 * HOUR, shape: 3 } as const, exp(80)]
      const groups = random.groups.map((of, g) => ({
        ...of,
        every: laws[(m + g) % 3]!,
        modes: [{ share: 1, lasts: (m + g) % 2 === 0 ? lognormal(8, 1) : weibull(8, 2) }],
      }))
      const config = experiment({ ...random, groups }, { horizon: 500 * HOUR, sensitivity: true }, `mean/${m}`)
      const ends = Array.from({ length: 300 }, (_, r) => replicateParts(config, 0, r).scores!)
      for (let input = 0; input < ends[0]!.length; input++) {
        const { mean, error } = meanOver(ends.map((scores) => scores[input]!))
        expect(Math.abs(mean / error), `${m}, input ${input}: ${mean} ± ${error}`).toBeLessThan(4)
      }
    }
  })
})

describe('inputs', () => {
  it('are those of the exact elasticities, by the same names; laws without a score say why', () => {
    const parts = model({
      groups: [group('a', 2, exp(100), fixedH(2)), group('b', 1, null, exp(1)), group('c', 1, exp(50), exp(1))],
      services: [{ name: 'up', condition: atLeast(2, [0, 1, 3]) }],
    })
    const inputs = scoredInputs(parts)
    expect(inputs.map(({ input }) => input)).toEqual(['a.every', 'a.lasts', 'b.lasts', 'c.every', 'c.lasts'])
    const exact = elasticities(parts, 'up')!.map(({ input }) => input)
    expect(inputs.map(({ input }) => input)).toEqual(expect.arrayContaining(exact))
    const found = estimated(parts, 200, { horizon: 2000 * HOUR }, 'fixed')
    expect(found.get('a.lasts')).toEqual({ input: 'a.lasts', elasticity: null, why: expect.stringMatching(/fixed/) })
    expect(found.get('a.every')!.elasticity).toBeLessThan(0)
  })

  it('of repairs know the life beside them where nothing else keeps time for their group', () => {
    const parts = model({
      groups: [
        group('alone', 2, exp(100), exp(2)),
        group('crewed', 1, exp(100), exp(2)),
        group('kept', 1, exp(100), exp(2)),
        group('crashes', 1, exp(100), exp(2), { needs: [part(0)], onLoss: 'crash' }),
        group('needs', 1, exp(100), lognormal(2, 1), { needs: [part(0)] }),
        group('odd', 1, fixedH(100), exp(2)),
      ],
      crews: [crew([1])],
      maintenance: [{ name: 'calendar', group: 2, every: HOUR, lasts: 1, apart: 0, guard: 'none' }],
      services: [{ name: 'up', condition: part(0) }],
    })
    const inputs = scoredInputs(parts).map(({ input }) => input)
    const found = livesOfRepairs(parts).flatMap((life, i) => (life < 0 ? [] : [[inputs[i], inputs[life]]]))
    expect(found).toEqual([
      ['alone.lasts', 'alone.every'],
      ['needs.lasts', 'needs.every'],
    ])
  })

  it('draw nothing: samples are what they are without them', () => {
    const parts = majority(3, exp(100), lognormal(8, 1), { crews: [crew([0])] })
    for (let r = 0; r < 5; r++) {
      const plain = replicateParts(experiment(parts, { horizon: 2000 * HOUR }), 0, r)
      const { scores, ...scored } = replicateParts(experiment(parts, { horizon: 2000 * HOUR, sensitivity: true }), 0, r)
      const services = scored.services.map(({ lostScores, ...rest }) => rest)
      expect(scores).toHaveLength(2)
      expect({ ...scored, services }).toEqual(plain)
    }
  })
})
