import { present } from '../base/assert.ts'
import { oncePer } from '../base/once-per.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import { partsOf, readingOf } from '../cluster/parts.ts'
import type { KnownLoss } from '../stats/derivative.ts'
import { type Elasticity, elasticities } from '../structure/exact/sensitivity.ts'
import type { ModelConfig } from './config.ts'

/** What the parts of a cluster's service alone lose in the long run, and what moves that, exactly. */
export interface KnownStructure {
  readonly unavailability: number
  /** Inputs that are left out move nothing. */
  readonly moves: readonly Elasticity[]
}

/**
 * @param unavailability exact long-run unavailability of the service from its parts alone; null: not known
 * @returns null where not all of it is known, or the model is parts alone
 */
export function knownStructure(
  model: ModelConfig,
  service: string,
  unavailability: number | null,
): KnownStructure | null {
  if (model.kind === 'parts' || unavailability === null) return null
  const moves = movesOf(model.cluster)(service)
  return moves === null ? null : { unavailability, moves }
}

/**
 * What the parts alone lose in a horizon (ms), and its derivative.
 * @param besides what else moves the horizon's loss with the input: the length of cycles
 */
export function knownLoss(
  { unavailability, moves }: KnownStructure,
  horizon: number,
  input: string,
  besides = 0,
): KnownLoss {
  const lost = unavailability * horizon
  const elasticity = moves.find((one) => one.input === input)?.elasticity ?? 0
  return { lost, product: lost * (elasticity + besides) }
}

/** Solved once for all services of the API and all looks at them. */
const movesOf = oncePer((cluster: ClusterConfig) => {
  const parts = partsOf(cluster)
  const known = new Map<string, readonly Elasticity[] | null>()
  return (service: string) => {
    const { name } = present(readingOf(parts, service), 'a reading')
    if (!known.has(name)) known.set(name, elasticities(parts.model, name))
    return known.get(name)!
  }
})
