import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { meanOf } from '../../../src/engine/distribution.ts'
import { type Random, randomFrom } from '../../../src/engine/random.ts'
import { compileModel } from '../../../src/structure/compile.ts'
import { JointChains } from '../../../src/structure/exact/joint.ts'
import { KeptChains } from '../../../src/structure/exact/kept-chains.ts'
import { exactPhases } from '../../../src/structure/exact/phases.ts'
import { meanOfInput, withMean } from '../../../src/structure/exact/sensitivity.ts'
import { longRunUnavailability, RepeatedSolver, unavailabilityFromAllUp } from '../../../src/structure/exact/solve.ts'
import { inputsOf, isShare, withInput } from '../../../src/structure/inputs.ts'
import type { PartModel } from '../../../src/structure/model.ts'
import { all, atLeast, crew, exp, group, model, part, range } from '../models.ts'
import { randomModel } from './random-models.ts'

const SYSTEMS = process.env['HASIM_FULL'] === undefined ? 24 : 240

/** Every mean by a factor of up to thirty up or down; shares anew where `shares` says so. */
function redrawn(of: PartModel, chance: Random, shares: boolean): PartModel {
  return inputsOf(of).reduce((now, input) => {
    const { kind, index } = input
    if (isShare(kind)) return shares ? withInput(now, input, 0.5 * chance.next()) : now
    const mean =
      kind === 'reaches'
        ? meanOf(of.crews[index]!.reaches!)
        : kind === 'hand-over'
          ? meanOf(of.roles[index]!.handOver)
          : meanOfInput(of.groups[index]!, kind as 'every' | 'lasts')
    return withInput(now, input, mean * 30 ** (2 * chance.next() - 1))
  }, of)
}

/** Relative; of nothing it is nothing. */
function distance(a: number | null, b: number | null): number {
  if (a === null || b === null) return a === b ? 0 : Number.POSITIVE_INFINITY
  return a === b ? 0 : Math.abs(a / b - 1)
}

describe('a solver that keeps its chains', () => {
  it('says of random systems what one says that explores each anew', () => {
    for (let m = 0; m < SYSTEMS; m++) {
      const chance = randomFrom(`kept/${m}`)
      const base = randomModel(chance)
      const names = base.services.map(({ name }) => name)
      const kept = new RepeatedSolver()
      const models = [base, redrawn(base, chance, false), redrawn(base, chance, false), redrawn(base, chance, true)]
      for (const drawn of models) {
        const found = kept.unavailabilities(drawn, names, null)
        names.forEach((name, s) => {
          expect(distance(found[s]!, longRunUnavailability(drawn, name)), `system ${m}`).toBeLessThan(1e-11)
        })
      }
    }
  })

  it('explores once where only rates differ, and anew where likes are like no more', () => {
    const racks = (b: number) =>
      model({
        groups: [group('a', 2, exp(1000), exp(4)), group('b', 2, exp(b), exp(4)), group('disk', 3, exp(500), exp(8))],
        crews: [crew([0, 1, 2])],
        services: [{ name: 'up', condition: all(part(0), part(2), atLeast(2, range(4, 7))) }],
      })
    const chains = new KeptChains()
    const size = { states: 10_000, draws: Number.POSITIVE_INFINITY, cuts: true }
    const chainOf = (of: PartModel) => {
      const joint = new JointChains(compileModel(of), size, exactPhases, chains.explore).of(0)
      if ('refused' in joint) throw new Error(joint.refused)
      return joint.chain
    }
    const alike = chainOf(racks(1000))
    expect(chainOf(withMean(racks(1000), 2, 'every', 0.1)).states).toBe(alike.states)
    expect(chainOf(racks(900)).states).not.toBe(alike.states)
    const fresh = new KeptChains()
    const unlike = chainOf(racks(900))
    const joint = new JointChains(compileModel(racks(900)), size, exactPhases, fresh.explore).of(0)
    if ('refused' in joint) throw new Error(joint.refused)
    expect(unlike.size).toBe(joint.chain.size)
  })

  it('says so from all up, too', () => {
    const pair = model({
      groups: [group('a', 2, exp(100), exp(4)), group('b', 1, exp(50), exp(2))],
      crews: [crew([0, 1])],
      services: [{ name: 'up', condition: all(atLeast(1, [0, 1]), part(2)) }],
    })
    const kept = new RepeatedSolver()
    for (const factor of [1, 0.2, 7]) {
      const drawn = withMean(pair, 0, 'lasts', factor)
      const [found] = kept.unavailabilities(drawn, ['up'], 10 * HOUR)
      expect(distance(found!, unavailabilityFromAllUp(drawn, 'up', 10 * HOUR))).toBeLessThan(1e-11)
    }
  })
})
