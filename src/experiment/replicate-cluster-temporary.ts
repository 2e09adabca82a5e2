import { AssertionFailure } from '../base/assert.ts'
import type { Tracer } from '../engine/trace.ts'
import type { ExperimentConfig } from './config.ts'
import type { Sample } from './sample.ts'

/** Stands where the cluster's replication will be. */
export function replicateCluster(
  _config: ExperimentConfig,
  _variantIndex: number,
  _replication: number,
  _tracer?: Tracer,
): Sample {
  throw new AssertionFailure('clusters cannot be replicated yet')
}
