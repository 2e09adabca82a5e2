import { oncePer } from '../base/once-per.ts'
import { YEAR } from '../base/units.ts'
import type { ExactService } from '../structure/exact/answer.ts'
import type { PartModel } from '../structure/model.ts'
import type { CyclePlan } from '../structure/rare/cycle-plan.ts'
import { type RareOutcome, solveRarely } from '../structure/rare/solve.ts'
import type { ExperimentConfig } from './config.ts'
import { cyclePlansOf } from './cycle-plans.ts'
import { CYCLES_PER_SAMPLE } from './replicate-cycles.ts'
import { cycleLimitOf, limitOf } from './rounds.ts'

/** Outages that a plain simulation needs for a relative half-width of 1: as many as (1.96)², twice, lengths varying like exponentials. */
export const OUTAGES_FOR_ONE = 2 * 1.96 ** 2
const PILOT = { precision: 1, cyclesMax: 20_000 }

/** A look at the chain of a service: enough to see whether it can be walked, and how seldom it is lost. */
export function pilotOf(config: ExperimentConfig, model: PartModel, service: string): RareOutcome {
  const pilots = pilotsOf(model)
  const key = `${config.seed}/${service}`
  const known = pilots.get(key) ?? solveRarely(model, { service, seed: config.seed, ...PILOT })
  pilots.set(key, known)
  return known
}

const pilotsOf = oncePer((_model: PartModel) => new Map<string, RareOutcome>())

/** Below this factor biased cycles are not worth what their results do not tell (single outages, months in which several add up). */
export const LEAST_GAIN = 30
/**
 * Relative variance of a biased cycle that is lived through: 4 to 20 with repairs of fixed length, 300 to 600 with lognormal
 * ones (sigma 1) behind three losses, 1 300 to 4 000 behind four. Which it will be is not known before, so much is taken.
 */
const CYCLE_VARIANCE = 2_000
/** Plain cycles of parts (a failure and its repair) run in the time of a biased one: 46 to 127 for three to thirty parts. */
const PLAIN_IN_ONE = 100
/** Certain, but for rounding. */
const CERTAIN = 1 - 1e-9

/** How a plain simulation and biased cycles that are lived through compare, of the variant that is lost most seldom. */
export interface Comparison {
  /** What a plain simulation needs for the precision. */
  readonly years: number
  /** Over what it may take. */
  readonly excess: number
  /** By how much nearer to the precision biased cycles come, each within what it may take; in terms of variance. */
  readonly nearer: number
  /** By how much less time they need for it. */
  readonly quicker: number
}

/**
 * Compares both for the precision that is asked for, from the exact frequency of outages.
 *
 * @returns null: nobody asks for a precision, the frequency is not known, something has no cycles, depends on protocols,
 * or is lost by a single failure: then a plain simulation sees losses often enough, and cycles were even slower
 */
export function compareWithCycles(
  config: ExperimentConfig,
  answers: readonly { readonly solved: readonly (ExactService | null)[] | null }[],
): Comparison | null {
  const { run, variants } = config
  const { precision } = run
  if (precision === null) return null
  const outages = OUTAGES_FOR_ONE / precision ** 2
  const cycles = (CYCLE_VARIANCE * 1.96 ** 2) / precision ** 2
  const allowed = (limitOf(run).replications * run.horizon) / YEAR
  const cyclesAllowed = cycleLimitOf(run).replications * CYCLES_PER_SAMPLE
  const all = variants.map(({ model }, i): Comparison | null => {
    const solved = answers[i]!.solved?.[0]
    if (model.kind !== 'parts' || solved === null || solved === undefined) return null
    const plan = cyclePlansOf(config)[i]!
    if (typeof plan === 'string' || isLostAtOnce(plan)) return null
    const years = outages / (solved.longRun.outagesPerMs * YEAR)
    const excess = years / allowed
    const plainCycles = (years * YEAR) / plan.meanLength
    return {
      years,
      excess,
      nearer: Math.max(1, excess) / Math.max(1, cycles / cyclesAllowed),
      quicker: plainCycles / (cycles * PLAIN_IN_ONE),
    }
  })
  if (all.includes(null)) return null
  return (all as Comparison[]).reduce((worst, one) => (one.years > worst.years ? one : worst))
}

/** Whether a single failure brings the first service down. */
function isLostAtOnce({ model, conditions, sources, nearness }: CyclePlan): boolean {
  const nothingDown = new Uint8Array(model.groups.reduce((sum, { count }) => sum + count, 0))
  return sources.some(({ members }) => nearness.of(conditions[0]!, nothingDown, members) > CERTAIN)
}

/** By how many times fewer steps the walk of a chain needs than plain cycles of it, as a look at it tells; null: no chain. */
export function chainGain(config: ExperimentConfig): number | null {
  const { services, variants } = config
  const gains = variants.map(({ model }) => {
    if (model.kind !== 'parts') return null
    const outcome = pilotOf(config, model.parts, services[0]!.name)
    if (outcome.kind === 'refused') return null
    const { rare, naive } = outcome.service.workNormalisedVariance
    return naive / rare
  })
  return gains.includes(null) ? null : Math.max(...(gains as number[]))
}
