import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { type Distribution, meanOf } from '../../../src/engine/distribution.ts'
import { survivalAt } from '../../../src/engine/survival.ts'
import { fitOf } from '../../../src/structure/exact/fit.ts'
import { endOf, type Phases } from '../../../src/structure/exact/phases.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import { secondMomentOf, thirdMomentOf } from '../../../src/structure/moments.ts'
import { majority, ORACLE_SYSTEMS } from '../../../src/validate/oracle-systems.ts'
import { meanOver, runModel } from '../estimates.ts'
import { atLeast, crew, exp, fixedH, lognormal, model, role, roleHeld, weibull } from '../models.ts'

/** Raw moments by first-step analysis, from the last phase to the first: phases are passed in order of their numbers. */
function momentsOf({ initial, rates, next }: Phases): number[] {
  const of = rates.map(() => [1, 0, 0, 0])
  for (let i = rates.length - 1; i >= 0; i--) {
    for (let k = 1; k <= 3; k++) {
      // E[(S + rest)^k] = rate^-1 k E[(S + rest)^(k−1)] + E[rest^k], with S exponential.
      const rest = next[i]!.reduce((sum, share, j) => sum + share * of[j]![k]!, 0)
      of[i]![k] = (k / rates[i]!) * of[i]![k - 1]! + rest
    }
  }
  return [1, 2, 3].map((k) => initial.reduce((sum, share, i) => sum + share * of[i]![k]!, 0))
}

/** P(longer than t), by uniformisation at the largest rate; all that is left out weighs less than 1e-9. */
function survivalOf({ initial, rates, next }: Phases, t: number): number {
  const pace = Math.max(...rates)
  const steps = Math.ceil(pace * t + 40 + 8 * Math.sqrt(pace * t))
  let state = [...initial]
  let logTerm = -pace * t
  let survival = 0
  for (let k = 0; k <= steps; k++) {
    survival += Math.exp(logTerm) * state.reduce((sum, share) => sum + share, 0)
    logTerm += Math.log((pace * t) / (k + 1))
    const stay = state.map((share, i) => share * (1 - rates[i]! / pace))
    state = stay.map(
      (share, j) => share + state.reduce((sum, from, i) => sum + (from * rates[i]! * next[i]![j]!) / pace, 0),
    )
  }
  return survival
}

const gamma = (hours: number, shape: number): Distribution => ({ kind: 'gamma', mean: hours * HOUR, shape })

/** A law, the moments that its fit by moments has, and how far that is off at most. */
const LAWS: readonly (readonly [string, Distribution, number])[] = [
  ['lognormal, wide', lognormal(8, 1), 3],
  ['weibull 0.7', weibull(1000, 0.7), 3],
  ['weibull 2', weibull(10, 2), 2],
  ['lognormal, narrow', lognormal(5, 0.5), 2],
  ['uniform', { kind: 'uniform', low: HOUR / 2, high: 3.5 * HOUR }, 2],
  ['fixed', fixedH(3), 1],
]

function isProper({ initial, rates, next }: Phases): boolean {
  const sum = initial.reduce((all, share) => all + share, 0)
  const ends = rates.map((_, i) => endOf({ initial, rates, next }, i))
  return Math.abs(sum - 1) < 1e-12 && rates.every((rate) => rate > 0) && ends.every((end) => end >= 0)
}

describe('phase-type fits', () => {
  it.each(LAWS)('%s: a proper law with its first moments', (_, law, matched) => {
    const { phases, distance } = fitOf(law, 0)
    expect(isProper(phases)).toBe(true)
    const wanted = [meanOf(law), secondMomentOf(law), thirdMomentOf(law)]
    momentsOf(phases).forEach((moment, k) => {
      if (k < matched) expect(moment / wanted[k]!, `moment ${k + 1}`).toBeCloseTo(1, 9)
    })
    expect(distance).toBeGreaterThan(0)
    expect(distance).toBeLessThan(law.kind === 'fixed' ? 0.6 : 0.15)
  })

  it.each([
    ...[0.5, 0.6, 0.7, 0.8, 0.95].map((shape) => [`weibull ${shape}`, weibull(1000, shape)] as const),
    ...[0.5, 0.7, 1, 1.25, 1.5].map((sigma) => [`lognormal ${sigma}`, lognormal(8, sigma)] as const),
    ...[0.4, 0.5, 1.5].map((shape) => [`gamma ${shape}`, gamma(300, shape)] as const),
  ])('%s: of up to ten phases within 0.01 of the law, with its mean', (_, law) => {
    const { phases, distance } = fitOf(law, 10)
    expect(isProper(phases)).toBe(true)
    expect(phases.rates.length).toBeLessThanOrEqual(10)
    expect(momentsOf(phases)[0]! / meanOf(law)).toBeCloseTo(1, 12)
    expect(distance).toBeLessThan(0.01)
    // What is told is the distance of these phases: at every time their own distribution function is as near.
    for (const hours of [0.01, 0.1, 1, 4, 16, 64, 256, 1024]) {
      expect(Math.abs(survivalOf(phases, hours * HOUR) - survivalAt(law, hours * HOUR))).toBeLessThan(distance + 1e-6)
    }
  })

  it('are nearer with more phases, and take no more than they need', () => {
    const at = (most: number) => fitOf(weibull(1000, 0.7), most)
    expect([0, 3, 4].map((most) => at(most).phases.rates.length)).toEqual([2, 3, 4])
    expect(at(3).distance).toBeLessThan(at(0).distance / 4)
    expect(at(4).distance).toBeLessThan(at(3).distance / 2)
    expect(at(10)).toEqual(at(4))
  })

  it('take what has phases as it is', () => {
    expect(fitOf(exp(3), 10).distance).toBe(0)
    expect(fitOf({ kind: 'gamma', mean: 5, shape: 3 }, 10).distance).toBe(0)
  })
})

describe('solutions with fits', () => {
  const ask = (model: Parameters<typeof solveExactly>[0], service: string, fit: boolean) =>
    solveExactly(model, {
      services: [service],
      start: 'all-up',
      horizon: 8760 * HOUR,
      at: [],
      fit,
      effort: 'all',
      objectives: [null],
    })

  it('say that they are, and come near what is simulated', () => {
    const shared = majority(3, exp(500), lognormal(8, 1), { crews: [crew([0])] })
    expect(ask(shared, 'quorum', false).kind).toBe('refused')
    const outcome = ask(shared, 'quorum', true)
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
    const { interval, notes } = outcome.services[0]!
    expect(notes.join()).toMatch(/phase-type fits.*lognormal/)
    const samples = runModel(shared, 3000, { start: 'all-up', horizon: 8760 * HOUR }, 'fit').at(-1)!
    const simulated = meanOver(samples.map(({ lostMs }) => lostMs))
    expect(Math.abs(interval!.lostMs / simulated.mean - 1)).toBeLessThan(0.05 + (4 * simulated.error) / simulated.mean)
  })

  it('leave the long run as it is where that needs none', () => {
    const failover = ORACLE_SYSTEMS['F07-a-n3-uniform1.0-1.9s']!()
    const [plain, fitted] = [false, true].map((fit) => ask(failover, 'write', fit))
    if (plain!.kind === 'refused' || fitted!.kind === 'refused') throw new Error('refused')
    expect(plain!.services[0]!.interval).toBeNull()
    expect(fitted!.services[0]!.interval).not.toBeNull()
    expect(fitted!.services[0]!.longRun).toEqual(plain!.services[0]!.longRun)
  })

  it('leave values over time as they are where these need none', () => {
    const worn = majority(3, weibull(1000, 0.7), lognormal(8, 1))
    const [plain, fitted] = [false, true].map((fit) => ask(worn, 'quorum', fit))
    if (plain!.kind === 'refused' || fitted!.kind === 'refused') throw new Error('refused')
    const [without, within] = [plain!.services[0]!, fitted!.services[0]!]
    expect(without.firstOutageMs).toBeNull()
    expect(within.firstOutageMs).not.toBeNull()
    expect(within.interval!.lostMs).toBe(without.interval!.lostMs)
    expect(within.interval!.outages).toBe(without.interval!.outages)
    expect(within.unfitted).toEqual(without)
  })

  it('settle where all states lie in one ring', () => {
    const { groups } = majority(1, exp(1000), exp(8))
    const failover = model({
      groups,
      roles: [
        role([0], { while: { kind: 'service', service: 0 }, handOver: { kind: 'uniform', low: 1000, high: 1900 } }),
      ],
      services: [
        { name: 'quorum', condition: atLeast(1, [0]) },
        { name: 'write', condition: roleHeld(0) },
      ],
    })
    const outcome = ask(failover, 'write', true)
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
    const { interval } = outcome.services[0]!
    // Every repair is followed by 1.45 s of hand-over: 8.69 in a year from all up, beside 69.46 h of repair.
    expect(interval!.lostMs / (69.460822 * HOUR + 8.6905 * 1450)).toBeCloseTo(1, 6)
  })

  it('leave the first failure of a single part as it is, whatever its repair', () => {
    const outcome = ask(majority(1, weibull(1000, 2), fixedH(8)), 'quorum', true)
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
    const scale = 1000 / (Math.sqrt(Math.PI) / 2)
    expect(outcome.services[0]!.noOutageInHorizon! / Math.exp(-((8760 / scale) ** 2))).toBeCloseTo(1, 10)
  })
})
