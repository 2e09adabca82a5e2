import { partsOf } from '../cluster/parts.ts'
import { DERIVATIVE_HITS_MIN, derivativeInterval } from '../stats/derivative.ts'
import { scoredInputs } from '../structure/system-scores.ts'
import type { ServiceSums } from './accumulate.ts'
import type { ModelConfig, RunConfig, VariantConfig } from './config.ts'
import type { ElasticityResult, ServiceResult } from './result.ts'

/**
 * Whether scores are kept for elasticities of the long run: from its long-run state on, nothing but chance happening. Of a
 * control plane they cost next to nothing; the far quicker events of a part model would cost a quarter more.
 */
export function asksForScores({ start, random, faults, sensitivity }: RunConfig, model: ModelConfig['kind']): boolean {
  return (sensitivity ?? model === 'cluster') && start === 'steady' && random && faults === null
}

/** What moves a simulated service, estimated from its own replications; nothing where no scores were kept. */
export function estimatedSensitivity(
  { model }: VariantConfig,
  { derivatives, lost }: ServiceSums,
): Pick<ServiceResult, 'sensitivity'> {
  if (derivatives.length === 0) return {}
  const parts = model.kind === 'cluster' ? partsOf(model.cluster).model : model.parts
  const told = scoredInputs(parts).map(({ input, why }, i): ElasticityResult => {
    if (why !== null) return { input, elasticity: null, why }
    const estimate = derivativeInterval(derivatives[i]!)
    if (estimate !== null) return { input, elasticity: estimate.mean, estimate }
    return {
      input,
      elasticity: null,
      why: `${lost.hits} replications lost something: fewer than ${DERIVATIVE_HITS_MIN} say nothing`,
    }
  })
  return { sensitivity: { elasticities: told.sort((a, b) => sizeOf(b) - sizeOf(a)), importance: null } }
}

/** Those that are not known come last. */
function sizeOf({ elasticity }: ElasticityResult): number {
  return elasticity === null ? -1 : Math.abs(elasticity)
}
