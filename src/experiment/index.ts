/**
 * From YAML text to answers, without files or threads: read an experiment, replicate it, estimate.
 *
 * @module
 */
export type { ExperimentConfig, RunConfig, ServiceConfig, VariantConfig } from './config.ts'
export { type InputDraws, inputDrawsOf } from './input-draws.ts'
export { type ReadOptions, readExperiment, readModel } from './parse.ts'
export { replicate } from './replication.ts'
export type {
  ComparedUncertainty,
  Comparison,
  Estimate,
  InputUncertainty,
  Quantile,
  ResultFile,
  ServiceResult,
  VariantResult,
} from './result.ts'
export { runExperiment, solverProblems } from './run-experiment.ts'
export { ExperimentRunner, type Replicate, type StopReason, type Task } from './runner.ts'
export type { Sample, ServiceSample, WorstOutage } from './sample.ts'
export { jsonSchema, SCHEMA_NAMES, type SchemaName } from './schema.ts'
export type { ReadFile } from './sources.ts'
