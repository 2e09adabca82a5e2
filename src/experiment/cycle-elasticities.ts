import { derivativeInterval, withEffectiveHits } from '../stats/derivative.ts'
import { type Estimate, LEVEL } from '../stats/interval.ts'
import { lengthMoves } from '../structure/rare/cycle-moves.ts'
import type { CyclePlan } from '../structure/rare/cycle-plan.ts'
import { scoredInputs } from '../structure/system-scores.ts'
import type { ServiceSums } from './accumulate.ts'
import { largestFirst } from './elasticities.ts'
import { type KnownStructure, knownLoss } from './known-structure.ts'
import type { ElasticityResult, ServiceResult } from './result.ts'

const METHOD = 'likelihood ratio within biased cycles, the length of cycles moving exactly'

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
  const told = scoredInputs(plan.model).map(({ input, why }, i): ElasticityResult => {
    if (why !== null) return { input, elasticity: null, why }
    if (lengths === null)
      return { input, elasticity: null, why: 'how it moves the length of cycles has no exact value' }
    const length = lengths[i]!
    const beyond = derivativesBeyond[i]
    const estimate =
      structure === null || beyond === undefined || beyond.hits === 0
        ? derivativeInterval(withEffectiveHits(derivatives[i]!))
        : derivativeInterval(withEffectiveHits(beyond), LEVEL, knownLoss(structure, horizon, input, length))
    if (estimate === null) return { input, elasticity: null, why: 'too few cycles lost something' }
    return { input, ...movedBy(estimate, length, sums.cycles.count) }
  })
  return { sensitivity: { elasticities: largestFirst(told), importance: null } }
}

function movedBy({ mean, lo, hi, level }: Estimate, length: number, n: number) {
  const estimate = { mean: mean - length, lo: lo - length, hi: hi! - length, level, n, method: METHOD }
  return { elasticity: estimate.mean, estimate }
}
