import { present } from '../base/assert.ts'
import { YEAR } from '../base/units.ts'
import type { ExactQuantiles, ExactService } from '../structure/exact/answer.ts'
import { chooseSolver } from './choose-solver.ts'
import type { ExperimentConfig, RunConfig, VariantConfig } from './config.ts'
import { exactSensitivity } from './elasticities.ts'
import { exactValues, methodOf } from './exact-values.ts'
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
import { uncertaintyOf } from './uncertainty.ts'
import { verdictOf } from './verdict.ts'

const SECONDS_PER_YEAR = YEAR / 1000

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
  const comparisons: Comparison[] = []
  for (let service = 0; service < config.services.length; service++) {
    for (let b = 1; b < variants.length; b++) comparisons.push(compare(service, 0, b))
  }
  return {
    schema: 'hasim/result@1',
    hasim,
    experiment: config.name,
    question: config.question,
    seed: config.seed,
    played: null,
    variants,
    comparisons,
    verdict: verdictOf(config.services[0]!.name, variants, (a, b) => compare(0, a, b)),
    run,
  }
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
        const result = serviceResult(config.run, present(solved[i], 'a solved service'), slo)
        const uncertainty = uncertaintyOf(config, variant, name)
        const moved = exactSensitivity(config.run, variant, present(solved[i], 'a solved service'))
        return [name, { ...result, ...uncertainty, ...moved }]
      }),
    ),
    transitions: {},
    worstOutages: [],
  }
}

function serviceResult(run: RunConfig, solved: ExactService, target: number | null): ServiceResult {
  const exact = present(exactValues(run, solved), 'values over the horizon')
  const { unfitted } = solved
  // Each value says how it was had itself: one that needs no fit is not taken for less because another does.
  const by = (own: unknown): ((value: number) => Estimate) => {
    const source = unfitted !== null && own !== null ? unfitted : solved
    return (value) => exactly(value, source)
  }
  const ownLoss = run.start === 'steady' ? unfitted?.longRun : unfitted?.interval
  const is = by(ownLoss ?? null)
  const isOrNull = (value: number | null, own: unknown): Estimate | null =>
    value === null ? null : by(own ?? null)(value)
  const lost = exact.unavailability * SECONDS_PER_YEAR
  const of = run.start === 'steady' ? solved.longRun : solved.interval!
  const parts = lost > 0 ? [{ name: 'parts', secondsPerYear: lost }] : []
  return {
    unavailability: is(exact.unavailability),
    lostSecondsPerYear: is(lost),
    downtimeSecondsPerYear: is(lost),
    degradedSecondsPerYear: is(0),
    outagesPerYear: is(exact.outagesPerYear),
    outageSeconds: {
      mean: isOrNull(exact.meanOutageSeconds, ownLoss?.meanOutageMs),
      ...quantiles(of.outageQuantilesMs),
      max: null,
    },
    noOutageInHorizon: isOrNull(solved.noOutageInHorizon, unfitted?.noOutageInHorizon),
    firstOutageSeconds: isOrNull(exact.firstOutageSeconds, unfitted?.firstOutageMs),
    outageCurve: [],
    at: instants(exact, by(unfitted?.at ?? unfitted?.partlyAt ?? null), by(unfitted?.at ?? null)),
    exact,
    structure: null,
    mechanisms: parts.map(({ name, secondsPerYear }) => ({ mechanism: name, secondsPerYear })),
    causes: parts.map(({ name, secondsPerYear }) => ({ cause: name, secondsPerYear })),
    slo:
      target === null
        ? null
        : {
            target,
            met: exact.unavailability <= 1 - target,
            probabilityOfMissInAMonth: solved.probabilityOfMissInAMonth,
            missInAMonth: isOrNull(solved.probabilityOfMissInAMonth, unfitted?.probabilityOfMissInAMonth),
            missInHorizon: isOrNull(solved.probabilityOfMissInHorizon, unfitted?.probabilityOfMissInHorizon),
            horizonSeconds: run.horizon / 1000,
          },
  }
}

type Telling = (value: number) => Estimate

function instants(exact: ExactValues, is: Telling, isFirst: Telling): ServiceResult['at'] {
  return exact.at.map(({ seconds, down, hadOutage, lostSeconds }) => ({
    seconds,
    down: is(down),
    hadOutage: isFirst(hadOutage),
    lostSeconds: is(lostSeconds),
  }))
}

/** How `solve.ts` says that laws were fitted. */
const FITTED = 'with phase-type fits'

/** What rounding may leave of values put together from thousands of terms; reference values agree to this. */
const ROUNDING = 1e-12

/** No estimate: the interval is what the numerical method leaves open. `level` 1 and `n` 0 say so. */
function exactly(value: number, solved: ExactService): Estimate {
  const error = Math.abs(value) * Math.max(solved.relativeError, ROUNDING)
  return { mean: value, lo: value - error, hi: value + error, level: 1, n: 0, method: methodOf(solved) }
}

function quantiles(of: ExactQuantiles | null) {
  const is = (ms: number | undefined): Quantile | null =>
    ms === undefined ? null : { value: ms / 1000, lo: ms / 1000, hi: ms / 1000 }
  return { p50: is(of?.p50), p90: is(of?.p90), p99: is(of?.p99) }
}

function comparison(service: string, baseline: VariantResult, variant: VariantResult): Comparison {
  const [a, b] = [baseline, variant].map((one) => present(one.services[service], 'the service').lostSecondsPerYear)
  const spread = b!.hi! - b!.lo + (a!.hi! - a!.lo)
  const difference = b!.mean - a!.mean
  const of = [a!, b!].some(({ method }) => method.includes(FITTED)) ? `values ${FITTED}` : 'exact values'
  const from = { level: 1, n: 0, method: `difference of ${of}` }
  const ratio = b!.mean / a!.mean
  const relative = [a!, b!].reduce((sum, { mean, hi }) => sum + (mean === 0 ? 0 : hi! / mean - 1), 0)
  return {
    service,
    baseline: baseline.id,
    variant: variant.id,
    lostSecondsPerYear: { mean: difference, lo: difference - spread / 2, hi: difference + spread / 2, ...from },
    ratio:
      a!.mean === 0
        ? null
        : {
            mean: ratio,
            lo: ratio * (1 - relative),
            hi: ratio * (1 + relative),
            ...from,
            method: `ratio of ${of}`,
          },
  }
}
