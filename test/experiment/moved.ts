import { VariantAccumulator } from '../../src/experiment/accumulate.ts'
import type { ExperimentConfig, RunConfig } from '../../src/experiment/config.ts'
import { estimatedSensitivity, type PartsAlone } from '../../src/experiment/elasticities.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { ElasticityResult } from '../../src/experiment/result.ts'
import type { PartModel } from '../../src/structure/model.ts'
import { experiment } from '../structure/models.ts'

/** What replications of an experiment's only variant add up to. */
export function folded(config: ExperimentConfig, replications: number): VariantAccumulator {
  const sums = new VariantAccumulator(config)
  for (let replication = 0; replication < replications; replication++) sums.fold(replicate(config, 0, replication))
  return sums
}

/** Estimate elasticities of one service, by input. */
export function estimated(
  parts: PartModel,
  replications: number,
  run: Partial<RunConfig>,
  seed: string,
  service = 0,
): Map<string, ElasticityResult> {
  const config = experiment(parts, { sensitivity: true, ...run }, seed)
  return byInput(config, folded(config, replications), service)
}

/** @param alone what the parts of a cluster's service alone lose, as control */
export function byInput(
  config: ExperimentConfig,
  sums: VariantAccumulator,
  service: number,
  alone: PartsAlone | null = null,
) {
  const of = sums.service(service).sums
  const told = estimatedSensitivity(config.variants[0]!, of, config.run, alone).sensitivity?.elasticities ?? []
  return new Map(told.map((one) => [one.input, one]))
}

/** How many standard errors an estimate is off, by the width of its interval. */
export function zOf({ elasticity, estimate }: ElasticityResult, truth: number): number {
  return (elasticity! - truth) / errorOf({ estimate: estimate! })
}

export function errorOf({ estimate }: { readonly estimate: NonNullable<ElasticityResult['estimate']> }): number {
  return (estimate.hi! - estimate.lo) / (2 * 1.96)
}
