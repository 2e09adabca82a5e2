import { present } from '../base/assert.ts'
import { SECONDS_PER_YEAR } from '../base/units.ts'
import type { ExactQuantiles, ExactService } from '../structure/exact/answer.ts'
import { FITTED } from '../structure/exact/fitted-solvers.ts'
import { assemble } from './assemble.ts'
import { chooseSolver } from './choose-solver.ts'
import type { ExperimentConfig, RunConfig, VariantConfig } from './config.ts'
import { exactSensitivity } from './elasticities.ts'
import { exactValues, methodOf, NEVER_DEGRADED } from './exact-values.ts'
import { fittedEstimate, isFitted } from './fitted.ts'
import type {
  Comparison,
  Estimate,
  ExactValues,
  Quantile,
  ResultFile,
  RunFacts,
  ServiceResult,
  VariantResult,
} from './result.ts'

/** The result of an experiment that is solved, not simulated. */
export function exactResult(config: ExperimentConfig, hasim: string, run: RunFacts): ResultFile {
  const choices = chooseSolver(config)
  const variants = config.variants.map((variant, i) => {
    const choice = present(choices[i], 'the choice')
    return variantResult(config, variant, present(choice.solved, 'the solution'), choice.reason)
  })
  const compare = (service: number, a: number, b: number): Comparison => {
    const { name } = config.services[service]!
    return comparison(name, variants[a]!, variants[b]!)
  }
  return assemble(config, { hasim, run, variants, compare })
}

function variantResult(
  config: ExperimentConfig,
  variant: VariantConfig,
  solved: readonly (ExactService | null)[],
  solverReason: string,
): VariantResult {
  return {
    id: variant.id,
    config: variant.document,
    solver: 'exact',
    solverReason,
    replications: 0,
    simulatedYears: 0,
    stopReason: 'exact',
    cost: variant.costPerMonth === null ? null : { perMonth: variant.costPerMonth },
    services: Object.fromEntries(
      config.services.map(({ name, slo }, i) => {
        const own = present(solved[i], 'a solved service')
        const result = serviceResult(config.run, own, slo)
        const moved = exactSensitivity(config.run, variant, own.unfitted ?? own)
        return [name, { ...result, ...moved }]
      }),
    ),
    transitions: {},
    worstOutages: [],
  }
}

function serviceResult(run: RunConfig, solved: ExactService, target: number | null): ServiceResult {
  const values = present(exactValues(run, solved), 'values over the horizon')
  const { unfitted } = solved
  const ownLoss = (run.start === 'steady' ? unfitted?.longRun : unfitted?.interval) ?? null
  const loss = tellerOf(solved, ownLoss)
  const isOrNull = (value: number | null, own: unknown, most: number | null): Estimate | null =>
    value === null ? null : tellerOf(solved, own ?? null)(value, most)
  const lost = values.unavailability * SECONDS_PER_YEAR
  const of = run.start === 'steady' ? solved.longRun : solved.interval!
  const parts = lost > 0 ? [{ name: 'parts', secondsPerYear: lost }] : []
  const quantilesAreFitted = solved.fit !== null && (ownLoss?.outageQuantilesMs ?? null) === null
  return {
    unavailability: loss(values.unavailability, 1),
    lostSecondsPerYear: loss(lost, SECONDS_PER_YEAR),
    downtimeSecondsPerYear: loss(lost, SECONDS_PER_YEAR),
    degradedSecondsPerYear: NEVER_DEGRADED,
    outagesPerYear: loss(values.outagesPerYear, null),
    outageSeconds: {
      mean: isOrNull(values.meanOutageSeconds, ownLoss?.meanOutageMs, null),
      ...quantiles(of.outageQuantilesMs, quantilesAreFitted),
      max: null,
    },
    noOutageInHorizon: isOrNull(solved.noOutageInHorizon, unfitted?.noOutageInHorizon, 1),
    firstOutageSeconds: isOrNull(values.firstOutageSeconds, unfitted?.firstOutageMs, null),
    outageCurve: quantilesAreFitted ? [] : curveOf(of.outageQuantilesMs),
    at: instants(values, solved),
    exact: withoutFits(run, solved),
    structure: null,
    mechanisms: parts.map(({ name, secondsPerYear }) => ({ mechanism: name, secondsPerYear })),
    causes: parts.map(({ name, secondsPerYear }) => ({ cause: name, secondsPerYear })),
    slo:
      target === null
        ? null
        : {
            target,
            met: values.unavailability <= 1 - target,
            probabilityOfMissInAMonth: solved.probabilityOfMissInAMonth,
            missInAMonth: isOrNull(solved.probabilityOfMissInAMonth, unfitted?.probabilityOfMissInAMonth, 1),
            missInHorizon: isOrNull(solved.probabilityOfMissInHorizon, unfitted?.probabilityOfMissInHorizon, 1),
            horizonSeconds: run.horizon / 1000,
          },
  }
}

/** What needs no fit, of all that was solved; null: nothing. */
function withoutFits(run: RunConfig, solved: ExactService): ExactValues | null {
  const own = solved.fit === null ? solved : solved.unfitted
  return own === null ? null : exactValues(run, own)
}

/** Tells a value; `most` is what it cannot exceed, for one that rests on fits. */
type Teller = (value: number, most: number | null) => Estimate

/** Each value says how it was had itself: `own` is what was had of it without fits. */
function tellerOf(solved: ExactService, own: unknown): Teller {
  const { fit, unfitted } = solved
  if (fit === null || (unfitted !== null && own !== null)) return (value) => exactly(value, unfitted ?? solved)
  return (value, most) => fittedEstimate(value, most, methodOf(solved))
}

function instants(values: ExactValues, solved: ExactService): ServiceResult['at'] {
  const { unfitted } = solved
  const is = tellerOf(solved, unfitted?.at ?? unfitted?.partlyAt ?? null)
  const isFirst = tellerOf(solved, unfitted?.at ?? null)
  return values.at.map(({ seconds, down, hadOutage, lostSeconds }) => ({
    seconds,
    down: is(down, 1),
    hadOutage: isFirst(hadOutage, 1),
    lostSeconds: is(lostSeconds, seconds),
  }))
}

/** What rounding may leave of values put together from thousands of terms; reference values agree to this. */
const ROUNDING = 1e-12

/** No estimate: the interval is what the numerical method leaves open. `level` 1 and `n` 0 say so. */
function exactly(value: number, solved: ExactService): Estimate {
  const error = Math.abs(value) * Math.max(solved.relativeError, ROUNDING)
  return { mean: value, lo: value - error, hi: value + error, level: 1, n: 0, method: methodOf(solved) }
}

function quantiles(of: ExactQuantiles | null, isFitted: boolean) {
  const is = (ms: number | undefined): Quantile | null => {
    if (ms === undefined) return null
    const value = ms / 1000
    return isFitted ? { value, lo: 0, hi: null } : { value, lo: value, hi: value }
  }
  return { p50: is(of?.p50), p90: is(of?.p90), p99: is(of?.p99) }
}

function curveOf(of: ExactQuantiles | null): ServiceResult['outageCurve'] {
  return of === null ? [] : of.curve.map(({ share, ms }) => ({ seconds: ms / 1000, share }))
}

function comparison(service: string, baseline: VariantResult, variant: VariantResult): Comparison {
  const [a, b] = [baseline, variant].map((one) => present(one.services[service], 'the service').lostSecondsPerYear)
  const names = { service, baseline: baseline.id, variant: variant.id }
  const values = isFitted(a!) || isFitted(b!) ? fittedComparison(a!, b!) : exactComparison(a!, b!)
  return { ...names, ...values }
}

type Compared = Pick<Comparison, 'lostSecondsPerYear' | 'ratio'>

function exactComparison(a: Estimate, b: Estimate): Compared {
  const spread = b.hi! - b.lo + (a.hi! - a.lo)
  const difference = b.mean - a.mean
  const from = { level: 1, n: 0, method: 'difference of exact values' }
  const ratio = b.mean / a.mean
  const relative = [a, b].reduce((sum, { mean, hi }) => sum + (mean === 0 ? 0 : hi! / mean - 1), 0)
  return {
    lostSecondsPerYear: { mean: difference, lo: difference - spread / 2, hi: difference + spread / 2, ...from },
    ratio:
      a.mean === 0
        ? null
        : {
            mean: ratio,
            lo: ratio * (1 - relative),
            hi: ratio * (1 + relative),
            ...from,
            method: 'ratio of exact values',
          },
  }
}

/** Both ends are those of all that the values could be. */
function fittedComparison(a: Estimate, b: Estimate): Compared {
  const difference = fittedEstimate(b.mean - a.mean, b.hi! - a.lo, `difference of values ${FITTED}`)
  return {
    lostSecondsPerYear: { ...difference, lo: b.lo - a.hi! },
    ratio: a.mean === 0 ? null : fittedEstimate(b.mean / a.mean, null, `ratio of values ${FITTED}`),
  }
}
