import { oncePer } from '../../base/once-per.ts'
import { compileModel } from '../compile.ts'
import type { PartModel } from '../model.ts'
import type { ExactOutcome, ExactRequest, ExactService } from './answer.ts'
import { ServiceSolver } from './service-solver.ts'

/**
 * Solves a part model exactly, as far as it can be.
 *
 * In the long run modules that do not influence one another are solved apart and combined; values over time come from
 * one chain of all that a service depends on. Each service is solved with as much as it depends on and no more.
 */
export function solveExactly(model: PartModel, request: ExactRequest): ExactOutcome {
  const solver = solversOf(model)[request.effort]
  const services: ExactService[] = []
  const reasons: string[] = []
  request.services.forEach((name, i) => {
    const solved = solver.solve(name, request, request.objectives[i] ?? null)
    if ('refused' in solved) reasons.push(`${name}: ${solved.refused}`)
    else services.push(solved)
  })
  return reasons.length > 0 ? { kind: 'refused', reasons } : { kind: 'solved', services }
}

/** The share of time a service is down in the long run, and nothing else; null: it has no exact answer. */
export function longRunUnavailability(model: PartModel, service: string): number | null {
  return solversOf(model).some.unavailability(service)
}

/** Chains larger than this are not made whole. */
const STATES_MAX = { all: 250_000, some: 30_000 }

/** One for each model, so that services share what they depend on. */
const solversOf = oncePer((model: PartModel) => ({
  all: new ServiceSolver(compileModel(model), STATES_MAX.all),
  some: new ServiceSolver(compileModel(model), STATES_MAX.some),
}))
