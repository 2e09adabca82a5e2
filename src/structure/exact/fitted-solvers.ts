import type { Distribution } from '../../engine/distribution.ts'
import type { CompiledModel } from '../compile.ts'
import type { ExactRequest, ExactService, WorstFit } from './answer.ts'
import { fitOf } from './fit.ts'
import { ServiceSolver } from './service-solver.ts'

/**
 * How finely laws are fitted, finest first, and how large chains may be for it. With more phases a chain is larger and
 * changes faster, so fine fits are for small chains; the last, of the first moments, is for all that can be solved at all.
 */
const STEPS = [
  { phasesMax: 10, size: { states: 4000, draws: 1e5, cuts: false } },
  { phasesMax: 6, size: { states: 4000, draws: 1e5, cuts: false } },
  { phasesMax: 4, size: { states: 8000, draws: 1e5, cuts: false } },
  { phasesMax: 3, size: { states: 8000, draws: 1e5, cuts: false } },
  { phasesMax: 0, size: { states: 250_000, draws: Number.POSITIVE_INFINITY, cuts: true } },
] as const

/** How notes say that laws were fitted. */
export const FITTED = 'with phase-type fits'

interface Step {
  readonly solver: ServiceSolver
  /** The worst of the fits that were made since it was emptied. */
  readonly fits: WorstFit[]
}

type Refused = { readonly refused: string }

/** Solves the services of one model with phase-type fits for what has no phases, as finely as the size of chains allows. */
export class FittedSolvers {
  readonly #compiled: CompiledModel
  readonly #steps: Step[] = []

  constructor(compiled: CompiledModel) {
    this.#compiled = compiled
  }

  /** The finest of the answers that know the most. */
  solve(name: string, request: ExactRequest, objective: number | null): ExactService | Refused {
    const told = (answer: ExactService | Refused) => toldBy(answer, request, objective)
    let best: ExactService | Refused = { refused: '' }
    for (let i = 0; i < STEPS.length && told(best) < askedOf(request, objective); i++) {
      const answer = this.#solveAt(i, name, request, objective)
      if ('refused' in best || told(answer) > told(best)) best = answer
    }
    return best
  }

  #solveAt(i: number, name: string, request: ExactRequest, objective: number | null): ExactService | Refused {
    const step = this.#stepAt(i)
    step.fits.length = 0
    const answer = step.solver.solve(name, request, objective)
    const [worst] = step.fits.sort((a, b) => b.distance - a.distance)
    if ('refused' in answer || worst === undefined) return answer
    const { distance, law } = worst
    const note = `${FITTED}, whose distribution functions differ by up to ${distance.toPrecision(2)} (${law})`
    return { ...answer, notes: [...answer.notes, note], fit: worst }
  }

  #stepAt(i: number): Step {
    const known = this.#steps[i]
    if (known !== undefined) return known
    const { phasesMax, size } = STEPS[i]!
    const fits: WorstFit[] = []
    const phasesOf = (of: Distribution) => {
      const { phases, distance } = fitOf(of, phasesMax)
      if (distance > 0) fits.push({ distance, law: of.kind })
      return phases
    }
    const step: Step = { solver: new ServiceSolver(this.#compiled, size, phasesOf), fits }
    this.#steps[i] = step
    return step
  }
}

/** How many of the things that were asked for an answer tells. */
function toldBy(answer: ExactService | Refused, { start }: ExactRequest, objective: number | null): number {
  if ('refused' in answer) return 0
  const { firstOutageMs, interval, probabilityOfMissInAMonth: month, probabilityOfMissInHorizon: horizon } = answer
  const told = [true, firstOutageMs !== null]
  if (start === 'all-up') told.push(interval !== null)
  if (objective !== null) told.push(month !== null, horizon !== null)
  return told.filter(Boolean).length
}

/** Things that may be asked for: see {@link toldBy}. */
function askedOf({ start }: ExactRequest, objective: number | null): number {
  return 2 + (start === 'all-up' ? 1 : 0) + (objective === null ? 0 : 2)
}
