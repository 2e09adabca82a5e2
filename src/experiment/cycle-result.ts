import { assert, present } from '../base/assert.ts'
import { YEAR } from '../base/units.ts'
import { meanInterval } from '../stats/interval.ts'
import { type Moments, scaled, varianceOf, withEffectiveHits } from '../stats/moments.ts'
import { ratioInterval } from '../stats/ratio.ts'
import type { CyclePlan } from '../structure/rare/cycle-plan.ts'
import { excessOf } from '../structure/rare/exceedances.ts'
import { WEIGHT_MAX } from '../structure/rare/walk.ts'
import type { ServiceSums, VariantAccumulator } from './accumulate.ts'
import type { Choice } from './choose-solver.ts'
import type { ExperimentConfig, RunConfig, VariantConfig } from './config.ts'
import { cycleSensitivity } from './cycle-elasticities.ts'
import { missesOf, missInWindow, windowsOf } from './cycle-misses.ts'
import { cyclePlansOf } from './cycle-plans.ts'
import { exactSensitivity } from './elasticities.ts'
import { variantResult } from './estimate.ts'
import { knownStructure } from './known-structure.ts'
import { noOutage } from './rare-result.ts'
import type { Estimate, ServiceResult, Slo, VariantResult } from './result.ts'
import { weightedOutages } from './weighted-outages.ts'

const BIASED = 'biased cycles, weighted by likelihood ratios'

/**
 * What samples of biased cycles say of a variant. As each is scaled to the horizon, losses are estimated as those of plain
 * replications are; what hangs on single cycles is told by their weights, and what hangs on times after a start is not.
 */
export function cycleResult(
  config: ExperimentConfig,
  variant: VariantConfig,
  sums: VariantAccumulator,
  stopReason: VariantResult['stopReason'],
  choice: Choice,
): VariantResult {
  const plan = present(cyclePlansOf(config)[config.variants.indexOf(variant)], 'a plan')
  assert(typeof plan !== 'string', 'the choice was made for what has cycles')
  const plain = variantResult(config, variant, sums, stopReason, choice)
  const services = config.services.map(({ name }, i): [string, ServiceResult] => {
    const of = sums.service(i).sums
    const solved = choice.solved?.[i] ?? null
    const exact = solved === null ? {} : exactSensitivity(config.run, variant, solved)
    const known = knownStructure(variant.model, name, choice.structure?.[i] ?? null)
    const moved = exact.sensitivity === undefined ? cycleSensitivity(plan, of, config.run.horizon, known) : exact
    return [name, { ...serviceResult(config.run, plain.services[name]!, of, plan), ...moved }]
  })
  return {
    ...plain,
    solver: 'rare',
    replications: sums.service(0).sums.cycles.count,
    simulatedYears: 0,
    services: Object.fromEntries(services),
  }
}

/** Of months and of the horizon: each cycle is over long before. */
function withMisses(
  slo: Slo,
  { cycles }: ServiceSums,
  horizon: number,
  unavailability: Estimate,
  ceiling: number,
): Slo {
  // A sample is as many cycles as fit into a horizon, on average.
  const perTime = (moments: Moments) => withEffectiveHits(scaled(moments, 1 / horizon))
  const lost = perTime(cycles.losing)
  const losing = lost.hits > 0 ? meanInterval(lost) : meanInterval({ ...lost, n: cycles.count }, { ceiling })
  const misses = windowsOf(horizon, slo.target).map((window, i) => {
    const exceedances = present(cycles.exceedances[i], 'a window')
    const rateOf = (counted: Moments) => meanInterval(perTime(counted))
    const { rate, span } = excessOf(exceedances, rateOf, { rate: losing, hits: lost.hits })
    return missInWindow({ ...window, excess: { rate: fromCycles(rate), span }, losing, unavailability })
  })
  return { ...slo, ...missesOf(misses) }
}

/** All but what moves it: that is told apart. */
function serviceResult(
  run: RunConfig,
  { sensitivity: _, ...plain }: ServiceResult,
  sums: ServiceSums,
  plan: CyclePlan,
): ServiceResult {
  const { horizon } = run
  // No cycle weighs more, so that nothing of them comes more often (per millisecond).
  const ceiling = WEIGHT_MAX / plan.meanLength
  const outages = outagesPerYear(sums, horizon, ceiling)
  const { outageSeconds, outageCurve } = weightedOutages(sums.cycles.lengths)
  return {
    ...plain,
    unavailability: lossFromCycles(plain.unavailability),
    lostSecondsPerYear: lossFromCycles(plain.lostSecondsPerYear),
    downtimeSecondsPerYear: lossFromCycles(plain.downtimeSecondsPerYear),
    degradedSecondsPerYear: lossFromCycles(plain.degradedSecondsPerYear),
    outagesPerYear: outages,
    outageSeconds: { mean: meanOutageSeconds(plain.outageSeconds.mean, sums), ...outageSeconds },
    outageCurve,
    noOutageInHorizon: noOutage(horizon, perMillisecond(outages)),
    firstOutageSeconds: firstOutageSeconds(sums, horizon, plan.aging === null),
    rare: { cycles: sums.cycles.count, states: null, workNormalisedVariance: workNormalisedVariance(sums) },
    slo: plain.slo === null ? null : withMisses(plain.slo, sums, horizon, plain.unavailability, ceiling),
  }
}

/** One that was never hit has no bound, if it is not known exactly: what a single cycle may lose has none. */
function lossFromCycles(of: Estimate): Estimate {
  if (of.level === 1) return of
  return fromCycles(of.mean === 0 ? { ...of, hi: null, method: 'none seen: no bound' } : of)
}

function fromCycles(of: Estimate): Estimate {
  return { ...of, method: `${BIASED}: ${of.method}` }
}

/** Where no cycle was hit, so few of them are that all might have been missed, each weighing the most it can. */
function outagesPerYear({ outages, cycles }: ServiceSums, horizon: number, ceiling: number): Estimate {
  if (outages.hits > 0) return fromCycles(meanInterval(withEffectiveHits(scaled(outages, YEAR / horizon))))
  const unseen = meanInterval({ ...outages, n: cycles.count }, { ceiling: ceiling * YEAR })
  return { ...unseen, method: `${BIASED}: cycles with an outage: ${unseen.method}` }
}

function perMillisecond(of: Estimate): Estimate {
  return { ...of, mean: of.mean / YEAR, lo: of.lo / YEAR, hi: of.hi === null ? null : of.hi / YEAR }
}

/** @param controlled from what is known of the time down; null: not known */
function meanOutageSeconds(controlled: Estimate | null, { lengthPairs }: ServiceSums): Estimate | null {
  if (controlled !== null) return fromCycles(controlled)
  const ratio = ratioInterval(lengthPairs)
  if (ratio === undefined) return null
  const { mean, lo, hi } = ratio
  return {
    ...ratio,
    mean: mean / 1000,
    lo: lo / 1000,
    hi: hi === null ? null : hi / 1000,
    method: `${BIASED}: ${ratio.method}`,
  }
}

/** The time until a cycle has its first outage or is over, over the chance that it has one. */
function firstOutageSeconds({ cycles }: ServiceSums, horizon: number, isNew: boolean): Estimate | null {
  const hits = meanInterval(withEffectiveHits(cycles.hits))
  if (hits.mean === 0) return null
  const until = (horizon - cycles.afterMs.mean) / 1000
  return {
    ...hits,
    mean: until / hits.mean,
    lo: hits.hi === null ? 0 : until / hits.hi,
    hi: hits.lo > 0 ? until / hits.lo : null,
    method: `${BIASED}: from everything up${isNew ? ' and new' : ', with the ages of the long run'}`,
  }
}

function workNormalisedVariance({ lost, cycles }: ServiceSums): { rare: number; naive: number } {
  const square = lost.mean ** 2
  if (square === 0) return { rare: 0, naive: 0 }
  const perSample = cycles.count / lost.n
  return {
    rare: (varianceOf(lost) / square) * perSample * cycles.events.mean,
    naive: (cycles.lostSquares.mean / square - 1) * cycles.trueEvents.mean,
  }
}
