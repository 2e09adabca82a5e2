import { oncePer } from '../../base/once-per.ts'
import { compileModel } from '../compile.ts'
import type { PartModel } from '../model.ts'
import { withoutSpareCrews } from '../spare-crews.ts'
import type { ExactOutcome, ExactRequest, ExactService } from './answer.ts'
import { FittedSolvers } from './fitted-solvers.ts'
import { KeptChains } from './kept-chains.ts'
import { exactPhases } from './phases.ts'
import { ServiceSolver } from './service-solver.ts'

/**
 * Solves a part model exactly, as far as it can be.
 *
 * In the long run modules that do not influence one another are solved apart and combined; values over time come from
 * one chain of all that a service depends on. Each service is solved with as much as it depends on and no more. Where
 * fits are allowed they stand in only for what has no exact answer, and the answer says so.
 */
export function solveExactly(model: PartModel, request: ExactRequest): ExactOutcome {
  const solvers = solversOf(model)
  const services: ExactService[] = []
  const reasons: string[] = []
  request.services.forEach((name, i) => {
    const objective = request.objectives[i] ?? null
    const solved = solvers[request.effort].solve(name, request, objective)
    if (!('refused' in solved) && (!request.fit || hasAll(solved, request))) {
      services.push(solved)
      return
    }
    const fitted = request.fit ? solvers.fitted().solve(name, request, objective) : solved
    if ('refused' in fitted) {
      if ('refused' in solved) reasons.push(`${name}: ${fitted.refused}`)
      else services.push(solved)
      return
    }
    services.push('refused' in solved ? fitted : fitted.fit === null ? solved : completed(solved, fitted))
  })
  return reasons.length > 0 ? { kind: 'refused', reasons } : { kind: 'solved', services }
}

/** What was had without fits, and of the rest what fits say. */
function completed(solved: ExactService, fitted: ExactService): ExactService {
  const at = (fitted.at ?? solved.at)?.map((instant, i) => ({ ...instant, ...(solved.at ?? solved.partlyAt)?.[i] }))
  const interval = solved.interval ?? fitted.interval
  return {
    ...fitted,
    longRun: solved.longRun,
    interval:
      interval === null
        ? null
        : {
            ...interval,
            meanOutageMs: interval.meanOutageMs ?? fitted.interval?.meanOutageMs ?? null,
            outageQuantilesMs: interval.outageQuantilesMs ?? fitted.interval?.outageQuantilesMs ?? null,
          },
    firstOutageMs: solved.firstOutageMs ?? fitted.firstOutageMs,
    noOutageInHorizon: solved.noOutageInHorizon ?? fitted.noOutageInHorizon,
    at: at ?? null,
    probabilityOfMissInAMonth: solved.probabilityOfMissInAMonth ?? fitted.probabilityOfMissInAMonth,
    probabilityOfMissInHorizon: solved.probabilityOfMissInHorizon ?? fitted.probabilityOfMissInHorizon,
    unfitted: solved,
  }
}

/** Whether nothing is missing that a fit could give. */
function hasAll({ interval, firstOutageMs }: ExactService, { start }: ExactRequest): boolean {
  return firstOutageMs !== null && (start === 'steady' || interval !== null)
}

/** The share of time a service is down in the long run, and nothing else; null: it has no exact answer. */
export function longRunUnavailability(model: PartModel, service: string): number | null {
  const found = longRunOrWhy(model, service)
  return typeof found === 'string' ? null : found
}

/** The share of the time from all up to `horizon` (ms) that a service is down; null: it has no exact answer. */
export function unavailabilityFromAllUp(model: PartModel, service: string, horizon: number): number | null {
  return solversOf(model).some.unavailabilityFromAllUp(service, horizon)
}

/** As {@link longRunUnavailability}, or why there is no exact answer, in words. */
export function longRunOrWhy(model: PartModel, service: string): number | string {
  return solversOf(model).some.unavailability(service)
}

/**
 * Solves one model after another that differ in rates or shares alone, for what their services lose and nothing else.
 * Chains are explored once.
 */
export class RepeatedSolver {
  readonly #chains = new KeptChains()

  /**
   * The share of time that each service is down, in the long run or (with a `horizon`, in ms) from all up to there; null: it
   * has no exact answer.
   */
  unavailabilities(model: PartModel, services: readonly string[], horizon: number | null): (number | null)[] {
    const compiled = compileModel(withoutSpareCrews(model))
    const solver = new ServiceSolver(compiled, SIZES.some, exactPhases, this.#chains.explore)
    return services.map((service) => {
      if (horizon !== null) return solver.unavailabilityFromAllUp(service, horizon)
      const found = solver.unavailability(service)
      return typeof found === 'string' ? null : found
    })
  }
}

/** Chains larger than this are not made whole. */
const SIZES = {
  all: { states: 250_000, draws: Number.POSITIVE_INFINITY, cuts: true },
  some: { states: 30_000, draws: Number.POSITIVE_INFINITY, cuts: true },
}

/** One of each kind for each model, so that services share what they depend on. */
const solversOf = oncePer((model: PartModel) => {
  const compiled = compileModel(withoutSpareCrews(model))
  let fitted: FittedSolvers | undefined
  return {
    all: new ServiceSolver(compiled, SIZES.all, exactPhases),
    some: new ServiceSolver(compiled, SIZES.some, exactPhases),
    fitted: () => {
      fitted ??= new FittedSolvers(compiled)
      return fitted
    },
  }
})
