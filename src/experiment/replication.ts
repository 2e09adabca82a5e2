import { assertNever, present } from '../base/assert.ts'
import type { Tracer } from '../engine/trace.ts'
import { walksCycles } from './choose-solver.ts'
import type { ExperimentConfig } from './config.ts'
import { replicateCluster } from './replicate-cluster.ts'
import { replicateCycles } from './replicate-cycles.ts'
import { replicateParts } from './replicate-parts.ts'
import type { Sample } from './sample.ts'

/**
 * One replication: builds the variant's model, lets parts and faults drive it, and reports what was seen from outside.
 * A pure function of its arguments: the same ones give the same sample, in any thread and in any order.
 */
export function replicate(
  config: ExperimentConfig,
  variantIndex: number,
  replication: number,
  tracer?: Tracer,
): Sample {
  // A trace is of a plain replication, with its outages where they fall.
  if (tracer === undefined && walksCycles(config)) return replicateCycles(config, variantIndex, replication)
  const variant = present(config.variants[variantIndex], `variant ${variantIndex}`)
  switch (variant.model.kind) {
    case 'parts':
      return replicateParts(config, variantIndex, replication, tracer)
    case 'cluster':
      return replicateCluster(config, variantIndex, replication, tracer)
    default:
      return assertNever(variant.model)
  }
}
