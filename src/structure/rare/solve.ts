import { RandomStreams } from '../../engine/random.ts'
import { type Estimate, LEVEL, meanInterval, relativeHalfWidth } from '../../stats/interval.ts'
import { type Moments, varianceOf, withEffectiveHits } from '../../stats/moments.ts'
import { ratioInterval } from '../../stats/ratio.ts'
import type { WeightedLengths } from '../../stats/weighted-lengths.ts'
import { weightedRatioLimits } from '../../stats/weighted-ratio.ts'
import type { PartModel } from '../model.ts'
import { withoutSpareCrews } from '../spare-crews.ts'
import { chainOf } from './chain-of.ts'
import { CycleScores, type RareElasticity } from './cycle-scores.ts'
import { biasedCycle, type CycleSums, newCycleSums, plainCycle } from './cycles.ts'
import { DrawnTimes } from './drawn-times.ts'
import { type Excess, excessOf } from './exceedances.ts'
import { explore } from './explore.ts'
import { firstLossInLongRun } from './first-loss.ts'

/** What is asked of the rare-event solver. */
export interface RareRequest {
  readonly service: string
  readonly seed: string
  /** Relative half-width of the unavailability at which it stops; 0: only after `cyclesMax`. */
  readonly precision: number
  /** Cycles after which it ends as it is. */
  readonly cyclesMax?: number
  /** Whether to tell what moves it. */
  readonly sensitivity?: boolean
  /** How often more than these times are lost within a cycle is to be told (ms). */
  readonly allowed?: readonly number[]
}

/** A service in the long run, by importance sampling of regenerative cycles. Times in milliseconds. */
export interface RareService {
  readonly unavailability: Estimate
  /** Per millisecond. */
  readonly outages: Estimate
  readonly meanOutage: Estimate | null
  /** From everything up and new. */
  readonly firstOutage: Estimate
  /** From a random instant of the long run; 0 if it is down there. */
  readonly firstOutageSteady: Estimate
  /** Lengths of single outages. */
  readonly lengths: WeightedLengths
  /** Cycles in which anything is lost, per millisecond. */
  readonly losses: Estimate
  /** In the order of what was asked for. */
  readonly excesses: readonly Excess[]
  /** Biased cycles. */
  readonly cycles: number
  readonly states: number
  readonly reached: boolean
  /**
   * Work-normalised variance: relative variance of one cycle times its steps. `naive` is that of unbiased cycles, told
   * from the same walks; their quotient is by how much less work the same precision costs.
   */
  readonly workNormalisedVariance: { readonly rare: number; readonly naive: number }
  /** Of every mean that its chain hangs on; null: not asked for. */
  readonly elasticities: readonly RareElasticity[] | null
}

export type RareOutcome =
  | { readonly kind: 'solved'; readonly service: RareService }
  | { readonly kind: 'refused'; readonly reason: string }

/** The first round, and by how much the number of cycles grows from round to round. */
const FIRST_ROUND = 1_000
const GROWTH = 1.5
const CYCLES_MAX = 50_000_000
/** Steps after which a run ends as it is. */
const STEPS_MAX = 2e9
/** States that are kept; a chain that shows more is too wide for this. */
const STATES_MAX = 3_000_000
/** Cycles of this many steps on average hardly ever come back to everything being up. */
const CYCLE_STEPS_MAX = 5_000
const NO_CYCLES: RareOutcome = {
  kind: 'refused',
  reason: 'everything is hardly ever up at once: there are no cycles to speak of',
}

/**
 * Estimates a service that is lost seldom: regenerative cycles with biased failures, likelihood ratios, and an
 * importance taken from the service's own conditions (Goyal, Shahabuddin, Heidelberger, Nicola and Glynn 1992, IEEE
 * Trans. Computers 41, 36–51, for cycles and measure-specific sampling; L'Ecuyer and Tuffin 2008 for importance that
 * approximates zero variance).
 *
 * Refused: laws without phases; no single state in which everything is new; parts that are never repaired.
 */
export function solveRarely(model: PartModel, request: RareRequest): RareOutcome {
  const chain = chainOf(withoutSpareCrews(model), request.service, request.sensitivity ?? false)
  if (typeof chain === 'string') return { kind: 'refused', reason: chain }
  const streams = new RandomStreams(request.seed, 0)
  const biased = streams.stream(`rare/${request.service}/biased`)
  const plain = streams.stream(`rare/${request.service}/plain`)
  explore(chain, streams.stream(`rare/${request.service}/explored`))
  const drawn = new DrawnTimes(streams.stream(`rare/${request.service}/drawn`), request.allowed ?? [])
  const sums = newCycleSums(drawn, chain.scores === null ? null : new CycleScores(chain.scores))
  let reached = 0
  let total = 0
  const { cyclesMax = CYCLES_MAX } = request
  for (let goal = FIRST_ROUND; ; goal = Math.ceil(goal * GROWTH)) {
    for (; total < Math.min(goal, cyclesMax); total++) {
      // Plain cycles are short, and where their lengths vary much a few were all the noise.
      const comesBack = biasedCycle(chain, biased, sums) && plainCycle(chain, plain, sums)
      if (!comesBack || sums.plainSteps > CYCLE_STEPS_MAX * (sums.cycleLengths.n + 10)) return NO_CYCLES
    }
    const isPrecise = isBelievable(sums, request.precision) && precisionOf(sums) <= request.precision
    reached = isPrecise ? reached + 1 : 0
    if (reached === 2) return { kind: 'solved', service: estimate(sums, drawn, chain.size, true) }
    const isLong = total >= cyclesMax || sums.biasedSteps + sums.plainSteps > STEPS_MAX || chain.size > STATES_MAX
    if (isLong) return { kind: 'solved', service: estimate(sums, drawn, chain.size, false) }
  }
}

/** As many equal cycles as those that were lost have to say, for their interval to be believed. */
const EFFECTIVE_MIN = 100
/** One cycle may make so much of the sum, as a share of the precision: what one more would move it by is well within. */
const LARGEST = 0.25

/** Whether there are enough cycles, and none that weighs too much, for a precision to be believed. */
function isBelievable({ hits, losses }: CycleSums, precision: number): boolean {
  return [hits, losses.y].every((moments) => {
    const { n, mean, max } = moments
    return withEffectiveHits(moments).hits >= EFFECTIVE_MIN && max <= LARGEST * precision * n * mean
  })
}

function precisionOf({ losses, cycleLengths }: CycleSums): number {
  return relativeHalfWidth(quotient(losses.y, cycleLengths))
}

const METHOD = 'importance sampling of regenerative cycles with likelihood ratios'

function estimate(sums: CycleSums, drawn: DrawnTimes, states: number, reached: boolean): RareService {
  const { losses, hits, cycleLengths, untilLost } = sums
  const perCycle = { down: losses.y, outages: losses.x }
  const firstOutage = quotient(untilLost, hits)
  const perTime = (counted: Moments) => quotient(withEffectiveHits(counted), cycleLengths)
  const losing = { rate: perTime(hits), hits: withEffectiveHits(hits).hits }
  return {
    unavailability: quotient(perCycle.down, cycleLengths),
    outages: quotient(perCycle.outages, cycleLengths),
    meanOutage: meanOutageOf(sums),
    firstOutage,
    firstOutageSteady: firstLossInLongRun(firstOutage, sums),
    lengths: drawn.lengths,
    losses: losing.rate,
    excesses: drawn.exceedances.map((of) => excessOf(of, perTime, losing)),
    cycles: losses.x.n,
    states,
    reached,
    workNormalisedVariance: workNormalisedVariance(sums),
    elasticities: sums.scores?.elasticities() ?? null,
  }
}

function workNormalisedVariance(sums: CycleSums): RareService['workNormalisedVariance'] {
  const { losses, squares, cycleLengths } = sums
  const square = losses.y.mean ** 2
  if (square === 0) return { rare: 0, naive: 0 }
  return {
    rare: (varianceOf(losses.y) / square) * (sums.biasedSteps / losses.y.n),
    naive: (squares.mean / square - 1) * (sums.plainSteps / cycleLengths.n),
  }
}

/**
 * How common, at most, a kind of cycle may be that none of so many was: where all cycles that were walked tell (nearly) the
 * same, the share by which one as long or as heavy again would move their mean. Without it what was never seen, such as
 * a failure during a short repair, leaves an interval of nothing beside the truth.
 */
function unseen(cycles: number): number {
  return -Math.expm1(Math.log((1 - LEVEL) / 2) / cycles)
}

/** The wider of two intervals: by either mean with their correlation, and by what is left between them. */
function meanOutageOf({ losses, lossRatio }: CycleSums): Estimate | null {
  const ratio = ratioInterval(losses)
  if (ratio === undefined) return null
  const skewed = weightedRatioLimits(lossRatio)
  if (ratio.hi === null) return ratio
  const least = ratio.mean * unseen(losses.x.n)
  return {
    ...ratio,
    lo: Math.min(ratio.lo, skewed?.lo ?? ratio.lo, ratio.mean - least),
    hi: Math.max(ratio.hi, skewed?.hi ?? ratio.hi, ratio.mean + least),
  }
}

/** A quotient of independent means: limits of both, put together on the log scale. */
function quotient(above: Moments, below: Moments): Estimate {
  const top = meanInterval(above)
  const bottom = meanInterval(below)
  const mean = top.mean / bottom.mean
  const [aboveUnseen, belowUnseen] = [unseen(above.n), unseen(below.n)]
  const down = Math.hypot(Math.max(aboveUnseen, fall(top)), Math.max(belowUnseen, rise(bottom)))
  const up = Math.hypot(Math.max(aboveUnseen, rise(top)), Math.max(belowUnseen, fall(bottom)))
  const hi = mean * Math.exp(up)
  const n = Math.min(above.n, below.n)
  return {
    mean,
    lo: mean === 0 || !Number.isFinite(down) ? 0 : mean * Math.exp(-down),
    hi: mean > 0 && Number.isFinite(hi) ? hi : null,
    level: LEVEL,
    n,
    method: METHOD,
  }
}

function fall({ lo, mean }: Estimate): number {
  return Math.log(mean / lo)
}

function rise({ hi, mean }: Estimate): number {
  return hi === null || mean === 0 ? Number.POSITIVE_INFINITY : Math.log(hi / mean)
}
