import { SECONDS_PER_YEAR, YEAR } from '../base/units.ts'
import { OF_PARTS } from '../observe/mechanism.ts'
import { controlledLength } from '../stats/compared-ratio.ts'
import { controlledMean } from '../stats/control-variate.ts'
import { probabilityInterval, rateInterval } from '../stats/count.ts'
import { firstTimeInterval } from '../stats/first-time.ts'
import { meanInterval, scaledEstimate } from '../stats/interval.ts'
import { type Moments, type PairMoments, scaled, scaledPairs, withEffectiveHits } from '../stats/moments.ts'
import { meanLengthInterval } from '../stats/ratio.ts'
import { shareInterval } from '../stats/share.ts'
import type { QuantileSketch } from '../stats/sketch.ts'
import type { ServiceAccumulator, ServiceSums, VariantAccumulator } from './accumulate.ts'
import type { Choice } from './choose-solver.ts'
import type { ExperimentConfig, RunConfig, VariantConfig } from './config.ts'
import { estimatedSensitivity } from './elasticities.ts'
import { exactBeside, NEVER_DEGRADED } from './exact-values.ts'
import { outageCurve } from './outage-curve.ts'
import { outageId } from './outage-id.ts'
import type {
  AtInstant,
  Estimate,
  Quantile,
  ServiceResult,
  Slo,
  TransitionResult,
  VariantResult,
  WorstOutageResult,
} from './result.ts'

const PER_SECOND = 1 / 1000

/** Up to this many outages their rate is not said to be surer than a Poisson count's. */
const FEW_OUTAGES = 30

/** What a variant's samples say. */
export function variantResult(
  config: ExperimentConfig,
  variant: VariantConfig,
  sums: VariantAccumulator,
  stopReason: VariantResult['stopReason'],
  choice: Choice,
): VariantResult {
  return {
    id: variant.id,
    config: variant.document,
    solver: 'simulate',
    solverReason: choice.reason,
    replications: sums.replications,
    simulatedYears: (sums.replications * config.run.horizon) / YEAR,
    stopReason,
    cost: variant.costPerMonth === null ? null : { perMonth: variant.costPerMonth },
    services: Object.fromEntries(
      config.services.map((service, i) => {
        const exact = exactBeside(config.run, choice.solved?.[i] ?? null, sums.service(i).sums.lost)
        const known = choice.structure?.[i] ?? null
        const alone = known === null ? null : { service: service.name, unavailability: known }
        const moved = estimatedSensitivity(variant, sums.service(i).sums, config.run, alone)
        const result = serviceResult(config.run, sums.service(i), service.slo, known)
        const whole = variant.model.kind === 'parts' ? { ...result, degradedSecondsPerYear: NEVER_DEGRADED } : result
        return [service.name, { ...whole, exact, ...moved }]
      }),
    ),
    transitions: transitionResults(sums),
    worstOutages: worstOutages(config, variant, sums),
  }
}

/** What the samples say of one service. */
function serviceResult(
  run: RunConfig,
  service: ServiceAccumulator,
  target: number | null,
  known: number | null = null,
): ServiceResult {
  const { sums, lengths } = service
  const n = sums.lost.n
  const lostSecondsPerYear = lostEstimate(sums, run.horizon, known)
  const unavailability = scaledEstimate(lostSecondsPerYear, 1 / SECONDS_PER_YEAR)
  const lostMean = lostSecondsPerYear.mean
  const change = lostMean / (sums.lost.mean * perYear(run.horizon))
  return {
    unavailability,
    lostSecondsPerYear,
    downtimeSecondsPerYear: downEstimate(sums, run.horizon, known),
    degradedSecondsPerYear: lostPerYear(believed(sums, sums.degraded), run.horizon),
    outagesPerYear: outagesPerYear(sums.outages, run.horizon),
    outageSeconds: {
      mean: meanOutage(sums, run.horizon, known) ?? null,
      p50: quantileSeconds(lengths, 0.5),
      p90: quantileSeconds(lengths, 0.9),
      p99: quantileSeconds(lengths, 0.99),
      max: lengths.count === 0 ? null : lengths.max * PER_SECOND,
    },
    noOutageInHorizon: probabilityInterval(n - sums.first.early.n - sums.first.late.n, n),
    firstOutageSeconds: inSeconds(firstTimeInterval(sums.first, n, run.horizon)),
    outageCurve: outageCurve(lengths.cumulative()),
    at: instants(run, sums, n),
    exact: null,
    structure: sums.structureLost.n === 0 ? null : structureOf(sums, run.horizon, known),
    mechanisms: partsOf(corrected(service.mechanisms, change, ofParts), lostMean).map(
      ([mechanism, secondsPerYear]) => ({
        mechanism,
        secondsPerYear,
      }),
    ),
    causes: partsOf(corrected(service.causes, change, ofAnything), lostMean).map(([cause, secondsPerYear]) => ({
      cause,
      secondsPerYear,
    })),
    slo: target === null ? null : sloOf(sums, target, unavailability, run.horizon),
  }
}

/**
 * Seconds lost in a year. Where the long-run loss of the parts alone is known exactly, it is the control of what the
 * replications lost.
 */
export function lostEstimate(sums: ServiceSums, horizon: number, known: number | null): Estimate {
  return controlled(weighed(sums, sums.lostPairs), horizon, known) ?? lostPerYear(believed(sums, sums.lost), horizon)
}

/** Moments of what was seen of a service; of weighted cycles, with no more hits than they are worth. */
export function believed({ cycles }: ServiceSums, moments: Moments): Moments {
  return cycles.count > 0 ? withEffectiveHits(moments) : moments
}

function downEstimate(sums: ServiceSums, horizon: number, known: number | null): Estimate {
  return controlled(weighed(sums, sums.downPairs), horizon, known) ?? lostPerYear(believed(sums, sums.down), horizon)
}

/** Seconds: from what is known of the time down, where that is told by its control. */
function meanOutage(sums: ServiceSums, horizon: number, known: number | null): Estimate | undefined {
  if (known === null || controlled(weighed(sums, sums.downPairs), horizon, known) === null)
    return meanLengthInterval(scaled(sums.lengths, PER_SECOND), seconds(sums.lengthPairs))
  const { x, y, ...rest } = sums.beyondPairs
  const pairs = { ...rest, x: believed(sums, x), y: believed(sums, y) }
  return controlledLength(seconds(pairs), known * horizon * PER_SECOND)
}

function weighed({ cycles }: ServiceSums, pairs: PairMoments): PairMoments {
  if (cycles.count === 0) return pairs
  return { ...pairs, difference: withEffectiveHits(pairs.difference, pairs.above.mean + pairs.below.mean) }
}

function controlled(pairs: PairMoments, horizon: number, known: number | null): Estimate | null {
  if (known === null) return null
  return controlledMean(scaledPairs(pairs, perYear(horizon)), known * SECONDS_PER_YEAR, SECONDS_PER_YEAR)
}

/** What the parts alone lose: exact where it can be, else as simulated. */
function structureOf(sums: ServiceSums, horizon: number, known: number | null): ServiceResult['structure'] {
  if (known === null) return { unavailability: shareOfTime(sums.structureLost, horizon) }
  const method = 'exact: independent modules combined'
  return { unavailability: { mean: known, lo: known, hi: known, level: 1, n: 0, method } }
}

const ofParts = (name: string) => OF_PARTS.has(name)
const ofAnything = () => true

/** What is named where the parts alone are known to lose time and no replication met it. */
const PARTS_ALONE = 'parts-not-met'

/**
 * Parts of the time that was lost, brought to the sum that the control makes of it. The control corrects how often and
 * how long parts were down, so the largest part that comes of that bears it; where it is too small for that, all do in
 * proportion. What is more than that part was hardly met by any replication: it is told for itself.
 *
 * @param factor of the sum; infinite where nothing was lost
 */
function corrected(
  parts: ReadonlyMap<string, number>,
  factor: number,
  bears: (name: string) => boolean,
): ReadonlyMap<string, number> {
  if (factor === 1 || Number.isNaN(factor)) return parts
  if (parts.size === 0) return new Map([[PARTS_ALONE, 1]])
  const total = [...parts.values()].reduce((sum, one) => sum + one, 0)
  const change = (factor - 1) * total
  let [bearer, most] = ['', 0]
  for (const [name, lost] of parts) if (lost > most && bears(name)) [bearer, most] = [name, lost]
  if (change > most) return new Map([...parts, [PARTS_ALONE, change]])
  if (most + change <= 0) return parts
  return new Map([...parts].map(([name, value]) => [name, name === bearer ? value + change : value]))
}

/** Seconds lost in a year, from milliseconds lost in each horizon. */
function lostPerYear(lost: Moments, horizon: number): Estimate {
  return meanInterval(scaled(lost, perYear(horizon)), { ceiling: SECONDS_PER_YEAR })
}

/** Seconds a year for each millisecond in a horizon. */
export function perYear(horizon: number): number {
  return (YEAR / horizon) * PER_SECOND
}

function shareOfTime(lost: Moments, horizon: number): Estimate {
  return meanInterval(scaled(lost, 1 / horizon), { ceiling: 1 })
}

function outagesPerYear(counts: Moments, horizon: number): Estimate {
  const total = Math.round(counts.mean * counts.n)
  const poisson = rateInterval(total, (counts.n * horizon) / YEAR, counts.n)
  if (total === 0 || counts.n < 2) return poisson
  const spread = meanInterval(scaled(counts, YEAR / horizon))
  // The count over the time is the mean without the rounding of a running one.
  if (total >= FEW_OUTAGES) {
    const { mean } = poisson
    const hi = spread.hi === null ? null : Math.max(spread.hi, mean)
    return { ...spread, mean, lo: Math.min(spread.lo, mean), hi }
  }
  return {
    ...poisson,
    lo: Math.min(spread.lo, poisson.lo),
    hi: Math.max(spread.hi ?? 0, poisson.hi ?? 0),
    method: 'few outages: not narrower than Garwood exact Poisson',
  }
}

/** Pairs (number, milliseconds) with seconds for milliseconds. */
function seconds(pairs: PairMoments): PairMoments {
  const { cross, crossXXY, crossXYY } = pairs
  return {
    ...pairs,
    y: scaled(pairs.y, PER_SECOND),
    cross: cross * PER_SECOND,
    crossXXY: crossXXY * PER_SECOND,
    crossXYY: crossXYY * PER_SECOND ** 2,
  }
}

function inSeconds(of: Estimate | undefined): Estimate | null {
  return of === undefined ? null : scaledEstimate(of, PER_SECOND)
}

function quantileSeconds(lengths: QuantileSketch, p: number): Quantile | null {
  const bounds = lengths.quantileBounds(p)
  if (bounds === undefined) return null
  const { value, lo, hi } = bounds
  return { value: value * PER_SECOND, lo: lo * PER_SECOND, hi: hi === null ? null : hi * PER_SECOND }
}

function instants(run: RunConfig, sums: ServiceSums, n: number): AtInstant[] {
  return sums.at.map((instant, i) => {
    const at = run.at[i] ?? 0
    return {
      seconds: at * PER_SECOND,
      down: probabilityInterval(instant.down, n),
      hadOutage: probabilityInterval(instant.hadOutage, n),
      lostSeconds: meanInterval(scaled(instant.lost, PER_SECOND), { ceiling: at * PER_SECOND }),
    }
  })
}

function sloOf(
  { months, horizonsMissed, lost }: ServiceSums,
  target: number,
  { mean }: Estimate,
  horizon: number,
): Slo {
  const missInAMonth = shareInterval(months) ?? null
  return {
    target,
    met: mean <= 1 - target,
    probabilityOfMissInAMonth: missInAMonth?.mean ?? null,
    missInAMonth,
    missInHorizon: lost.n === 0 ? null : probabilityInterval(horizonsMissed, lost.n),
    horizonSeconds: horizon * PER_SECOND,
  }
}

/**
 * Parts of lost time as seconds a year, descending, whose sum is the whole to the last bit in any order: each is a
 * multiple of the whole's last place, rounded so that the sums up to each part are right.
 */
export function partsOf(parts: ReadonlyMap<string, number>, whole: number): [name: string, value: number][] {
  let sum = 0
  for (const lost of parts.values()) sum += lost
  if (!(sum > 0)) return []
  const place = lastPlaceOf(whole)
  const list: [string, number][] = []
  let upTo = 0
  let before = 0
  let left = parts.size
  for (const [name, lost] of parts) {
    upTo += lost
    left -= 1
    const edge = left === 0 ? whole : Math.min(whole, Math.round(((upTo / sum) * whole) / place) * place)
    list.push([name, edge - before])
    before = edge
  }
  return list.sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1))
}

/** The value of the last of the 53 binary places of a positive double. */
function lastPlaceOf(value: number): number {
  let exponent = Math.floor(Math.log2(value))
  if (2 ** exponent > value) exponent -= 1
  if (2 ** (exponent + 1) <= value) exponent += 1
  return 2 ** (exponent - 52)
}

function transitionResults(sums: VariantAccumulator): VariantResult['transitions'] {
  const results: [string, TransitionResult][] = []
  for (const { name, moments, sketch } of sums.transitions()) {
    if (moments.n === 0) continue
    const at = (p: number): number => sketch.quantile(p)
    results.push([
      name,
      {
        n: moments.n,
        p10: at(0.1),
        p25: at(0.25),
        p50: at(0.5),
        p75: at(0.75),
        p90: at(0.9),
        p99: at(0.99),
        mean: moments.mean,
        min: moments.min,
        max: moments.max,
      },
    ])
  }
  return Object.fromEntries(results)
}

function worstOutages(config: ExperimentConfig, variant: VariantConfig, sums: VariantAccumulator): WorstOutageResult[] {
  return sums.worst.map((outage) => ({
    id: outageId(variant.id, outage.replication, outage, config.services.length),
    service: config.services[outage.service]?.name ?? '',
    fromSeconds: outage.fromMs * PER_SECOND,
    seconds: outage.ms * PER_SECOND,
    cause: outage.cause,
    mechanism: outage.mechanism,
  }))
}
