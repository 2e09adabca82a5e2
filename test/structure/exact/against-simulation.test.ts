import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { randomFrom } from '../../../src/engine/random.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import { meanOver, ratioOver, runModel } from '../estimates.ts'
import { randomModel } from './random-models.ts'

const MODELS = process.env['HASIM_FULL'] === undefined ? 60 : 600
const REPLICATIONS = 300
const HORIZON = 2000 * HOUR

/**
 * The solver enumerates states and knows no clock; the simulation plays events and knows no states. Where both are
 * right they agree in every model.
 */
describe('random systems, solved and simulated', () => {
  const scores: number[] = []
  const refused: string[] = []

  for (let m = 0; m < MODELS; m++) {
    it(`system ${m}`, () => {
      const model = randomModel(randomFrom(`exact/${m}`))
      const last = model.services.length - 1
      const name = model.services[last]!.name
      for (const start of ['steady', 'all-up'] as const) {
        const outcome = solveExactly(model, {
          services: [name],
          start,
          horizon: HORIZON,
          at: [HORIZON / 20],
          fit: false,
          effort: 'all',
          objectives: [null],
        })
        if (outcome.kind === 'refused') {
          refused.push(...outcome.reasons)
          continue
        }
        const [solved] = outcome.services
        const { longRun, interval, noOutageInHorizon, at } = solved!
        const samples = runModel(model, REPLICATIONS, { start, horizon: HORIZON, at: [HORIZON / 20] }, `exact/${m}`)[
          last
        ]!
        const score = (what: string, got: { mean: number; error: number }, exact: number | null) => {
          if (exact === null || !(got.error > 0)) return
          const z = (got.mean - exact) / got.error
          scores.push(z)
          expect(Math.abs(z), `${m} ${start} ${what}: ${got.mean} ± ${got.error}, exact ${exact}`).toBeLessThan(4.5)
        }
        const isSteady = start === 'steady'
        const share = isSteady ? longRun.unavailability : interval === null ? null : interval.lostMs / HORIZON
        const outages = isSteady ? longRun.outagesPerMs * HORIZON : (interval?.outages ?? null)
        const length = isSteady ? longRun.meanOutageMs : (interval?.meanOutageMs ?? null)
        score('unavailability', meanOver(samples.map(({ lostMs }) => lostMs / HORIZON)), share)
        score('outages', meanOver(samples.map((sample) => sample.outages)), outages)
        const lengths = samples.map((sample) => [sample.outageMs.reduce((a, b) => a + b, 0), sample.outages] as const)
        score('length', ratioOver(lengths), length)
        score('no outage', meanOver(samples.map(({ firstOutageMs }) => (firstOutageMs < 0 ? 1 : 0))), noOutageInHorizon)
        const instants = samples.map((sample) => sample.at[0]!)
        score('down at', meanOver(instants.map(({ down }) => (down ? 1 : 0))), at?.[0]?.down ?? null)
        score('had outage', meanOver(instants.map(({ hadOutage }) => (hadOutage ? 1 : 0))), at?.[0]?.hadOutage ?? null)
        score('lost', meanOver(instants.map(({ lostMs }) => lostMs)), at?.[0]?.lostMs ?? null)
      }
    })
  }

  it('agrees neither too well nor too badly, in nearly all of them', () => {
    const squares = scores.reduce((sum, z) => sum + z * z, 0) / scores.length
    expect(scores.length).toBeGreaterThan(MODELS * 6)
    expect(squares).toBeGreaterThan(0.7)
    expect(squares).toBeLessThan(1.4)
    expect(new Set(refused).size, [...new Set(refused)].join('\n')).toBeLessThan(MODELS / 10)
  })
})
