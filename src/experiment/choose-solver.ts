import { formatCount, formatNumber } from '../base/format.ts'
import { oncePer } from '../base/once-per.ts'
import { YEAR } from '../base/units.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import { partsOf, readingOf } from '../cluster/parts.ts'
import type { ExactService } from '../structure/exact/answer.ts'
import { longRunUnavailability, solveExactly } from '../structure/exact/solve.ts'
import type { ExperimentConfig, RunConfig, VariantConfig } from './config.ts'
import { cyclePlansOf } from './cycle-plans.ts'
import { chainGain, compareWithCycles, LEAST_GAIN, OUTAGES_FOR_ONE, pilotOf } from './cycles-instead.ts'
import { exactValues } from './exact-values.ts'

/** Which solver answers for a variant, and why. */
export interface Choice {
  readonly solver: 'simulate' | 'exact' | 'rare'
  readonly reason: string
  /** Exact solutions by service, whatever the solver; null: none, or not of this service. */
  readonly solved: readonly (ExactService | null)[] | null
  /** Why there is no exact answer, in words; null: there is. */
  readonly refused: string | null
  /** By service of a cluster: the exact long-run unavailability of its parts alone; null: not to be had. */
  readonly structure?: readonly (number | null)[]
}

/**
 * Chooses for every variant, all alike: comparisons are of like with like.
 *
 * `auto` solves exactly where every service of every variant has an exact answer, and by biased cycles where outages
 * are too rare for a plain simulation, unless the experiment names a number of replications or years: whoever names
 * those asks for a simulation. Where biased cycles would be far quicker than the simulation that is chosen, its reason says
 * so.
 */
export const chooseSolver: (config: ExperimentConfig) => readonly Choice[] = oncePer(choose)

function choose(config: ExperimentConfig): readonly Choice[] {
  const { run } = config
  const { solver } = run
  const answers = config.variants.map((variant) => exactAnswer(config, variant))
  if (solver === 'rare') {
    return answers.map((answer, i) => {
      return { ...answer, solver: 'rare', reason: 'asked for', refused: rareRefusal(config, i) }
    })
  }
  if (solver !== 'auto') return answers.map((answer) => ({ ...answer, solver, reason: 'asked for' }))
  const reason = whySimulate(config, answers)
  if (reason === null) {
    return answers.map((answer) => ({ ...answer, solver: 'exact', reason: 'every service has an exact answer' }))
  }
  const seldom = run.asksForSample ? null : whyRare(config)
  if (seldom !== null) return answers.map((answer) => ({ ...answer, solver: 'rare', reason: seldom, refused: null }))
  const cycles = insteadOf(config, answers)
  if (cycles !== null && cycles.solver === 'rare') {
    return answers.map((answer) => ({ ...answer, solver: 'rare', reason: cycles.words, refused: null }))
  }
  const told = cycles === null ? reason : `${reason}; ${cycles.words}`
  return answers.map((answer) => ({ ...answer, solver: 'simulate', reason: told }))
}

/** Biased cycles in place of a simulation, or a word on them; null: they are no better, or cannot be had. */
function insteadOf(
  config: ExperimentConfig,
  answers: readonly Answer[],
): { readonly solver: 'simulate' | 'rare'; readonly words: string } | null {
  const { run, variants } = config
  // With an exact answer beside it a simulation is not asked how much is lost.
  const isKnown = answers.every(({ refused }) => refused === null)
  if (isKnown || neverRare(run) !== null || run.precision === null) return null
  if (variants.some(({ model }) => model.kind === 'cluster')) return null
  const hint = (gain: number, what: string) =>
    gain < LEAST_GAIN
      ? null
      : {
          solver: 'simulate' as const,
          words: `--solver rare would need some ${formatCount(Number(gain.toPrecision(1)))} times ${what}`,
        }
  const gain = chainGain(config)
  if (gain !== null) return hint(gain, 'fewer steps')
  const of = compareWithCycles(config, answers)
  if (of === null) return null
  if (run.asksForSample || of.excess <= 1 || of.nearer < LEAST_GAIN) return hint(of.quicker, 'less time')
  return { solver: 'rare', words: tooManyYears(of.years) }
}

function tooManyYears(years: number): string {
  if (years === Number.POSITIVE_INFINITY) return 'a plain simulation can hardly be expected to see an outage'
  const some = years < 1e9 ? formatCount(Number(years.toPrecision(1))) : formatNumber(years, 1)
  return `a plain simulation would need some ${some} years to see enough outages`
}

function whySimulate({ run }: ExperimentConfig, answers: readonly Answer[]): string | null {
  const refused = answers.find((answer) => answer.refused !== null)
  if (refused !== undefined) return refused.refused
  return run.asksForSample ? 'the experiment says how much to simulate' : null
}

/**
 * Whether biased cycles are lived through one by one, as the replications of a simulation are: where a service hangs on more
 * than a chain of states, its protocols or laws of repair without phases.
 */
export const walksCycles: (config: ExperimentConfig) => boolean = oncePer((config) => {
  const { solver } = config.run
  if ((solver !== 'rare' && solver !== 'auto') || neverRare(config.run) !== null) return false
  if (solver === 'auto' && chooseSolver(config)[0]!.solver !== 'rare') return false
  return config.variants.some((variant) => chainRefusal(config, variant) !== null)
})

/** Why a variant cannot be estimated by biased cycles; null: it can. */
function rareRefusal(config: ExperimentConfig, index: number): string | null {
  const never = neverRare(config.run)
  if (never !== null || !walksCycles(config)) return never
  const plan = cyclePlansOf(config)[index]
  return typeof plan === 'string' ? plan : null
}

function neverRare(run: RunConfig): string | null {
  if (run.faults !== null || !run.random) return 'a fault plan is played'
  if (run.start !== 'steady' || run.at.length > 0) return 'it tells of the long run only, not of times after a start'
  return null
}

/** Why the chain of a service's states cannot be walked; null: it can. */
function chainRefusal(config: ExperimentConfig, { model }: VariantConfig): string | null {
  if (model.kind === 'cluster') return 'services of a cluster depend on its protocols, not on parts alone'
  for (const { name } of config.services) {
    const outcome = pilotOf(config, model.parts, name)
    if (outcome.kind === 'refused') return `${name}: ${outcome.reason}`
  }
  return null
}

/** Why biased cycles are the better way; null: they are not, or cannot be had. */
function whyRare(config: ExperimentConfig): string | null {
  const { run, services, variants } = config
  if (neverRare(run) !== null || variants.some((variant) => chainRefusal(config, variant) !== null)) return null
  const needed = OUTAGES_FOR_ONE / (run.precision ?? 1) ** 2
  for (const { model } of variants) {
    if (model.kind !== 'parts') return null
    const outcome = pilotOf(config, model.parts, services[0]!.name)
    if (outcome.kind === 'refused') return null
    const years = needed / (outcome.service.outages.mean * YEAR)
    if (years > (run.maxYears ?? 0)) {
      return tooManyYears(years)
    }
  }
  return null
}

/** What a cluster's parts alone lose of each service in the long run: the control of its protocol run. */
function exactStructure({ run, services }: ExperimentConfig, cluster: ClusterConfig): (number | null)[] {
  if (run.start !== 'steady' || run.faults !== null || !run.random) return services.map(() => null)
  const parts = partsOf(cluster)
  const known = new Map<string, number | null>()
  return services.map(({ name }) => {
    const service = readingOf(parts, name)
    if (service === undefined) return null
    if (!known.has(service.name)) known.set(service.name, longRunUnavailability(parts.model, service.name))
    return known.get(service.name) ?? null
  })
}

/** A chain that had to be cut leaves an error: above this it is no exact answer, unless one is asked for. */
const EXACT_ENOUGH = 1e-9

type Answer = Pick<Choice, 'solved' | 'refused' | 'structure'>

function exactAnswer(config: ExperimentConfig, { model }: VariantConfig): Answer {
  const { run, services } = config
  const none = (refused: string): Answer => ({ solved: null, refused })
  const onProtocols = 'services of a cluster depend on its protocols, not on parts alone'
  if (model.kind === 'cluster') return { ...none(onProtocols), structure: exactStructure(config, model.cluster) }
  if (run.faults !== null || !run.random) return none('a fault plan is played')
  // One by one: a service that cannot be solved takes nothing away from the others.
  const outcomes = services.map(({ name, slo }) =>
    solveExactly(model.parts, {
      services: [name],
      start: run.start,
      horizon: run.horizon,
      at: run.at,
      fit: run.solver === 'exact',
      effort: run.solver === 'exact' ? 'all' : 'some',
      objectives: [tellsMisses(run) ? slo : null],
    }),
  )
  const solved = outcomes.map((outcome) => (outcome.kind === 'solved' ? outcome.services[0]! : null))
  const reasons = outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? outcome.reasons : []))
  if (reasons.length > 0) return { solved, refused: reasons.join('; ') }
  const lacking = solved.find(
    (one) =>
      one !== null && (exactValues(run, one) === null || (run.solver !== 'exact' && whatLacks(run, one) !== null)),
  )
  return { solved, refused: lacking == null ? null : `${lacking.name}: ${whyNot(run, lacking)}` }
}

/** Whether it may be the exact solution that is told, with how objectives are missed; beside a simulation that is not. */
function tellsMisses({ solver, asksForSample }: RunConfig): boolean {
  return solver === 'exact' || (solver === 'auto' && !asksForSample)
}

/** Why a solution is no answer. Where fits were tried as well, how far they are off is no reason. */
function whyNot(run: RunConfig, solved: ExactService): string {
  if (run.solver === 'exact') {
    const { notes } = solved.unfitted ?? solved
    return notes.join('; ') || 'what happens over time takes too long to solve, with fitted laws as without'
  }
  return whatLacks(run, solved) ?? 'no values over time'
}

/** What a result tells that this solution does not know, in words; null: nothing. */
function whatLacks(run: RunConfig, { relativeError, noOutageInHorizon, at, notes }: ExactService): string | null {
  if (relativeError > EXACT_ENOUGH) return `its exact answer is good to ${relativeError.toPrecision(1)} only`
  if (noOutageInHorizon !== null && (run.at.length === 0 || at !== null)) return null
  return notes.join('; ') || 'first outages and values over time have no exact answer'
}
