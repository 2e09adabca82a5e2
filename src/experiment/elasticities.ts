import { partsOf } from '../cluster/parts.ts'
import { DERIVATIVE_HITS_MIN, derivativeInterval } from '../stats/derivative.ts'
import { type Estimate, LEVEL } from '../stats/interval.ts'
import type { ExactService } from '../structure/exact/answer.ts'
import { elasticities, importances } from '../structure/exact/sensitivity.ts'
import type { RareElasticity } from '../structure/rare/cycle-scores.ts'
import { scoredInputs } from '../structure/system-scores.ts'
import type { ServiceSums } from './accumulate.ts'
import type { ModelConfig, RunConfig, VariantConfig } from './config.ts'
import { knownLoss, knownStructure } from './known-structure.ts'
import type { ElasticityResult, ServiceResult } from './result.ts'

type Sensitivity = Pick<ServiceResult, 'sensitivity'>

/** Larger systems are solved once, not once for each input. */
const PARTS_MAX = 60
const STATES_MAX = 1000

/** What moves a service that has an exact answer; nothing where it is not asked for, or would take long. */
export function exactSensitivity(
  { sensitivity }: RunConfig,
  { model }: VariantConfig,
  { name, states }: ExactService,
): Sensitivity {
  if (sensitivity === false || model.kind !== 'parts' || states > STATES_MAX) return {}
  const parts = model.parts.groups.reduce((sum, { count }) => sum + count, 0)
  const moves = parts > PARTS_MAX ? null : elasticities(model.parts, name)
  if (moves === null) return {}
  return { sensitivity: { elasticities: moves, importance: importances(model.parts, name) } }
}

/** What moves a service whose chain was walked in biased cycles; nothing where no scores were kept. */
export function walkedSensitivity(moved: readonly RareElasticity[] | null): Sensitivity {
  if (moved === null) return {}
  const told = moved.map(({ input, estimate }): ElasticityResult => {
    if (estimate !== null) return { input, elasticity: estimate.mean, estimate }
    return { input, elasticity: null, why: 'too few cycles lost something' }
  })
  return { sensitivity: { elasticities: largestFirst(told), importance: null } }
}

/**
 * Whether scores are kept for elasticities of the long run: from its long-run state on, nothing but chance happening. Of a
 * control plane they cost next to nothing; the far quicker events of a part model would cost a quarter more.
 */
export function asksForScores({ start, random, faults, sensitivity }: RunConfig, model: ModelConfig['kind']): boolean {
  return (sensitivity ?? model === 'cluster') && start === 'steady' && random && faults === null
}

/** The same for biased cycles that are lived through, which tell of nothing but the long run. */
export function asksForCycleScores({ sensitivity }: RunConfig, model: ModelConfig['kind']): boolean {
  return sensitivity ?? model === 'cluster'
}

/** A service of a cluster, and what its parts alone lose in the long run. */
export interface PartsAlone {
  readonly service: string
  readonly unavailability: number
}

const CONTROLLED = 'exact derivative of what parts alone lose as control'

/**
 * What moves a simulated service, estimated from its own replications; nothing where no scores were kept. Where it is known
 * what moves the loss of the parts alone, only what moves the rest has to be estimated: losses that are seldom met, which
 * are what redundancy leaves, would be missing else.
 *
 * @param alone the service, and what its parts alone lose in the long run; null: not known
 */
export function estimatedSensitivity(
  { model }: VariantConfig,
  { derivatives, derivativesBeyond, lost }: ServiceSums,
  { horizon }: RunConfig,
  alone: PartsAlone | null,
): Sensitivity {
  if (derivatives.length === 0) return {}
  const known = alone === null ? null : knownStructure(model, alone.service, alone.unavailability)
  const parts = model.kind === 'cluster' ? partsOf(model.cluster).model : model.parts
  const told = scoredInputs(parts).map(({ input, why }, i): ElasticityResult => {
    if (why !== null) return { input, elasticity: null, why }
    const beyond = derivativesBeyond[i]
    const estimate =
      known === null || beyond === undefined
        ? derivativeInterval(derivatives[i]!)
        : derivativeInterval(beyond, LEVEL, knownLoss(known, horizon, input))
    if (estimate !== null)
      return { input, elasticity: estimate.mean, estimate: known === null ? estimate : controlled(estimate) }
    return {
      input,
      elasticity: null,
      why: `${lost.hits} replications lost something: fewer than ${DERIVATIVE_HITS_MIN} say nothing`,
    }
  })
  return { sensitivity: { elasticities: largestFirst(told), importance: null } }
}

function controlled(estimate: Estimate): Estimate {
  return { ...estimate, method: `${CONTROLLED}; ${estimate.method}` }
}

export function largestFirst(told: readonly ElasticityResult[]): readonly ElasticityResult[] {
  return [...told].sort((a, b) => sizeOf(b) - sizeOf(a))
}

/** Those that are not known come last. */
function sizeOf({ elasticity }: ElasticityResult): number {
  return elasticity === null ? -1 : Math.abs(elasticity)
}
