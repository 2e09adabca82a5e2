import { present } from '../base/assert.ts'
import { SECONDS_PER_YEAR, YEAR } from '../base/units.ts'
import { LEVEL, scaledEstimate } from '../stats/interval.ts'
import type { ExactService } from '../structure/exact/answer.ts'
import { type RareService, solveRarely } from '../structure/rare/solve.ts'
import { assemble } from './assemble.ts'
import { chooseSolver } from './choose-solver.ts'
import type { ExperimentConfig, RunConfig, VariantConfig } from './config.ts'
import { missesOf, missInWindow, windowsOf } from './cycle-misses.ts'
import { exactSensitivity, walkedSensitivity } from './elasticities.ts'
import { exactBeside, NEVER_DEGRADED } from './exact-values.ts'
import type { Comparison, Estimate, ResultFile, RunFacts, ServiceResult, Slo, VariantResult } from './result.ts'
import { weightedOutages } from './weighted-outages.ts'

/** Where an experiment names no end. */
const PRECISION = 0.05

/** The result of an experiment whose outages are too rare to wait for. */
export function rareResult(config: ExperimentConfig, hasim: string, run: RunFacts): ResultFile {
  const choices = chooseSolver(config)
  const variants = config.variants.map((variant, i) => {
    const { reason, solved: exact } = present(choices[i], 'the choice')
    const services = config.services.map((_, service) => answerOf(config, variant, service, exact?.[service] ?? null))
    return variantResult(config, variant, services, reason)
  })
  const compare = (service: number, a: number, b: number): Comparison =>
    comparison(config.services[service]!.name, variants[a]!, variants[b]!)
  return assemble(config, { hasim, run, variants, compare })
}

/** A service as its cycles tell it, with what is known of it exactly and what moves it. */
interface Answer {
  readonly service: RareService
  readonly exact: ExactService | null
  readonly moved: Pick<ServiceResult, 'sensitivity'>
}

/** Where the chain is small enough to be solved, what moves it is exact; else it is estimated in the same cycles. */
function answerOf(
  { seed, run, services }: ExperimentConfig,
  variant: VariantConfig,
  index: number,
  exact: ExactService | null,
): Answer {
  const { model } = variant
  const { name, slo } = services[index]!
  const parts = present(model.kind === 'parts' ? model.parts : null, 'a part model')
  const solved = exact === null ? {} : exactSensitivity(run, variant, exact)
  const sensitivity = run.sensitivity !== false && solved.sensitivity === undefined
  const allowed = windowsOf(run.horizon, slo).map((window) => window.allowed)
  const precision = run.precision ?? (run.replications === null ? PRECISION : 0)
  const limit = run.replications === null ? {} : { cyclesMax: run.replications }
  const outcome = solveRarely(parts, { service: name, seed, precision, sensitivity, allowed, ...limit })
  const service = present(
    outcome.kind === 'solved' ? outcome.service : null,
    'the choice was made for what can be solved',
  )
  return { service, exact, moved: sensitivity ? walkedSensitivity(service.elasticities) : solved }
}

function variantResult(
  config: ExperimentConfig,
  variant: VariantConfig,
  answers: readonly Answer[],
  solverReason: string,
): VariantResult {
  return {
    id: variant.id,
    config: variant.document,
    solver: 'rare',
    solverReason,
    replications: Math.max(...answers.map(({ service }) => service.cycles)),
    simulatedYears: 0,
    stopReason: answers.every(({ service }) => service.reached) ? 'precision' : 'replications',
    cost: variant.costPerMonth === null ? null : { perMonth: variant.costPerMonth },
    services: Object.fromEntries(
      config.services.map(({ name, slo }, i) => {
        const { service, exact, moved } = present(answers[i], 'a solved service')
        return [name, { ...serviceResult(config.run, service, slo, exact), ...moved }]
      }),
    ),
    transitions: {},
    worstOutages: [],
  }
}

function serviceResult(
  run: RunConfig,
  solved: RareService,
  target: number | null,
  exact: ExactService | null,
): ServiceResult {
  const { unavailability, outages, meanOutage, firstOutageSteady, cycles, states, workNormalisedVariance } = solved
  const lost = scaledEstimate(unavailability, SECONDS_PER_YEAR)
  const { outageSeconds, outageCurve } = weightedOutages(solved.lengths)
  const parts = [{ name: 'parts', secondsPerYear: lost.mean }].filter(({ secondsPerYear }) => secondsPerYear > 0)
  return {
    unavailability,
    lostSecondsPerYear: lost,
    downtimeSecondsPerYear: lost,
    degradedSecondsPerYear: NEVER_DEGRADED,
    outagesPerYear: scaledEstimate(outages, YEAR),
    outageSeconds: { mean: meanOutage === null ? null : scaledEstimate(meanOutage, 1 / 1000), ...outageSeconds },
    noOutageInHorizon: noOutage(run.horizon, outages),
    firstOutageSeconds: outages.mean === 0 ? null : scaledEstimate(firstOutageSteady, 1 / 1000),
    outageCurve,
    at: [],
    exact: besideEstimate(run, exact, unavailability),
    rare: { cycles, states, workNormalisedVariance },
    structure: null,
    mechanisms: parts.map(({ name, secondsPerYear }) => ({ mechanism: name, secondsPerYear })),
    causes: parts.map(({ name, secondsPerYear }) => ({ cause: name, secondsPerYear })),
    slo: target === null ? null : sloOf(run, target, solved),
  }
}

function sloOf({ horizon }: RunConfig, target: number, { unavailability, losses, excesses }: RareService): Slo {
  const misses = windowsOf(horizon, target).map((window, i) => {
    const excess = present(excesses[i], 'what was asked for')
    return missInWindow({ ...window, excess, losing: losses, unavailability })
  })
  return { target, met: unavailability.mean <= 1 - target, ...missesOf(misses), horizonSeconds: horizon / 1000 }
}

/** The exact values, with the estimate's distance in standard errors as its interval tells them. */
function besideEstimate(run: RunConfig, exact: ExactService | null, estimate: Estimate) {
  const values = exactBeside(run, exact, { n: 0, mean: 0, m2: 0, m3: 0, min: 0, max: 0, hits: 0 })
  if (values === null || estimate.hi === null) return values
  const error = (estimate.hi - estimate.lo) / (2 * 1.96)
  return { ...values, z: error > 0 ? (estimate.mean - values.unavailability) / error : null }
}

/** Outages that are rare come as a Poisson process, nearly: e^(−rate × horizon). */
export function noOutage(horizon: number, { mean, lo, hi, level, n }: Estimate): Estimate {
  const of = (rate: number | null) => (rate === null ? 0 : Math.exp(-rate * horizon))
  const method = 'outages taken for a Poisson process, which rare ones nearly are'
  return { mean: of(mean), lo: of(hi), hi: of(lo), level, n, method }
}

/** Variants are walked apart: limits of both, put together (MOVER, independent). */
function comparison(service: string, baseline: VariantResult, variant: VariantResult): Comparison {
  const [a, b] = [baseline, variant].map((one) => present(one.services[service], 'the service').lostSecondsPerYear)
  const of = { level: LEVEL, n: Math.min(a!.n, b!.n) }
  const mean = b!.mean - a!.mean
  const up = (one: Estimate) => (one.hi ?? Number.POSITIVE_INFINITY) - one.mean
  const down = (one: Estimate) => one.mean - one.lo
  const hi = mean + Math.hypot(up(b!), down(a!))
  const rise = (one: Estimate) => Math.log((one.hi ?? Number.POSITIVE_INFINITY) / one.mean)
  const fall = (one: Estimate) => Math.log(one.mean / one.lo)
  const ratio = b!.mean / a!.mean
  const above = ratio * Math.exp(Math.hypot(rise(b!), fall(a!)))
  const isBounded = ratio > 0 && Number.isFinite(above)
  return {
    service,
    baseline: baseline.id,
    variant: variant.id,
    lostSecondsPerYear: {
      mean,
      // No more is lost than all of a year.
      lo: Math.max(-SECONDS_PER_YEAR, mean - Math.hypot(down(b!), up(a!))),
      hi: Number.isFinite(hi) ? hi : null,
      ...of,
      method: 'difference of independent estimates: limits of both recovered',
    },
    ratio: isBounded
      ? {
          mean: ratio,
          lo: ratio * Math.exp(-Math.hypot(fall(b!), rise(a!))),
          hi: above,
          ...of,
          method: 'ratio of independent estimates: log-scale limits of both recovered',
        }
      : null,
  }
}
