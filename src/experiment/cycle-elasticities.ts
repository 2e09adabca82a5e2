import { derivativeInterval, withEffectiveHits } from '../stats/derivative.ts'
import { type Estimate, LEVEL } from '../stats/interval.ts'
import { elasticities } from '../structure/exact/sensitivity.ts'
import { lengthMoves } from '../structure/rare/cycle-moves.ts'
import type { CyclePlan } from '../structure/rare/cycle-plan.ts'
import { scoredInputs } from '../structure/system-scores.ts'
import type { ServiceSums } from './accumulate.ts'
import { largestFirst } from './elasticities.ts'
import type { ElasticityResult, ServiceResult } from './result.ts'

const METHOD = 'likelihood ratio within biased cycles, the length of cycles moving exactly'

/** What the parts of a service alone lose in the long run: its place in the structure, and how much, exactly. */
export interface KnownStructure {
  readonly service: string
  readonly unavailability: number
}

/**
 * What moves a service, estimated from the biased cycles that were lived through: derivatives of what is lost in a cycle,
 * less that of the length of cycles, which is exact. Of a cluster the exact derivative of what its parts alone lose is the
 * control: then only what is lost beyond them has to be estimated.
 *
 * @param structure null: not known, or the service is parts alone
 */
export function cycleSensitivity(
  plan: CyclePlan,
  sums: ServiceSums,
  horizon: number,
  structure: KnownStructure | null,
): Pick<ServiceResult, 'sensitivity'> {
  const { derivatives, derivativesBeyond } = sums
  if (derivatives.length === 0) return {}
  const lengths = lengthMoves(plan)
  const known = structure === null ? null : elasticities(plan.model, structure.service)
  const told = scoredInputs(plan.model).map(({ input, why }, i): ElasticityResult => {
    if (why !== null) return { input, elasticity: null, why }
    if (lengths === null)
      return { input, elasticity: null, why: 'how it moves the length of cycles has no exact value' }
    const length = lengths[i]!
    const exact = known?.find((one) => one.input === input)?.elasticity ?? 0
    const beyond = derivativesBeyond[i]
    const estimate =
      known === null || beyond === undefined || beyond.hits === 0
        ? derivativeInterval(withEffectiveHits(derivatives[i]!))
        : derivativeInterval(withEffectiveHits(beyond), LEVEL, knownLoss(structure!, horizon, exact + length))
    if (estimate === null) return { input, elasticity: null, why: 'too few cycles lost something' }
    return { input, ...movedBy(estimate, length, sums.cycles.count) }
  })
  return { sensitivity: { elasticities: largestFirst(told), importance: null } }
}

function movedBy({ mean, lo, hi, level }: Estimate, length: number, n: number) {
  const estimate = { mean: mean - length, lo: lo - length, hi: hi! - length, level, n, method: METHOD }
  return { elasticity: estimate.mean, estimate }
}

/** What the parts alone lose in a sample, and its derivative, `moved` times that, the length of cycles being what it is. */
function knownLoss({ unavailability }: KnownStructure, horizon: number, moved: number) {
  const lost = unavailability * horizon
  return { lost, product: lost * moved }
}
