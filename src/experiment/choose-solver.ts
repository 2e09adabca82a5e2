import { oncePer } from '../base/once-per.ts'
import type { ExactService } from '../structure/exact/answer.ts'
import { solveExactly } from '../structure/exact/solve.ts'
import type { ExperimentConfig, VariantConfig } from './config.ts'
import { exactValues } from './exact-values.ts'

/** Which solver answers for a variant, and why. */
export interface Choice {
  readonly solver: 'simulate' | 'exact' | 'rare'
  readonly reason: string
  /** Exact solutions by service, whatever the solver; null: none, or not of this service. */
  readonly solved: readonly (ExactService | null)[] | null
  /** Why there is no exact answer, in words; null: there is. */
  readonly refused: string | null
}

/**
 * Chooses for every variant, all alike: comparisons are of like with like.
 *
 * `auto` solves exactly where every service of every variant has an exact answer, unless the experiment names a number
 * of replications or years: whoever names those asks for a simulation.
 */
export const chooseSolver: (config: ExperimentConfig) => readonly Choice[] = oncePer(choose)

function choose(config: ExperimentConfig): readonly Choice[] {
  const { run } = config
  const answers = config.variants.map((variant) => exactAnswer(config, variant))
  if (run.solver === 'simulate')
    return answers.map((answer) => ({ ...answer, solver: 'simulate', reason: 'asked for' }))
  if (run.solver === 'exact') return answers.map((answer) => ({ ...answer, solver: 'exact', reason: 'asked for' }))
  if (run.solver === 'rare') return answers.map((answer) => ({ ...answer, solver: 'rare', reason: 'asked for' }))
  const reason = whySimulate(config, answers)
  if (reason === null) {
    return answers.map((answer) => ({ ...answer, solver: 'exact', reason: 'every service has an exact answer' }))
  }
  return answers.map((answer) => ({ ...answer, solver: 'simulate', reason }))
}

function whySimulate({ run }: ExperimentConfig, answers: readonly Answer[]): string | null {
  const refused = answers.find((answer) => answer.refused !== null)
  if (refused !== undefined) return refused.refused
  return run.asksForSample ? 'the experiment says how much to simulate' : null
}

/** A chain that had to be cut leaves an error: above this it is no exact answer, unless one is asked for. */
const EXACT_ENOUGH = 1e-9

type Answer = Pick<Choice, 'solved' | 'refused'>

function exactAnswer({ run, services }: ExperimentConfig, { model }: VariantConfig): Answer {
  const none = (refused: string): Answer => ({ solved: null, refused })
  if (model.kind === 'cluster') return none('services of a cluster depend on its protocols, not on parts alone')
  if (run.faults !== null || !run.random) return none('a fault plan is played')
  const outcome = solveExactly(model.parts, {
    services: services.map(({ name }) => name),
    start: run.start,
    horizon: run.horizon,
    at: run.at,
    fit: false,
    effort: run.solver === 'exact' ? 'all' : 'some',
    objectives: services.map(({ slo }) => slo),
  })
  if (outcome.kind === 'refused') return none(outcome.reasons.join('; '))
  const lacking = outcome.services.find(
    (solved) => exactValues(run, solved) === null || (run.solver !== 'exact' && solved.relativeError > EXACT_ENOUGH),
  )
  return {
    solved: outcome.services,
    refused: lacking === undefined ? null : `${lacking.name}: ${lacking.notes.join('; ') || 'no values over time'}`,
  }
}
