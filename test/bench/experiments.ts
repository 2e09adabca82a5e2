import { join } from 'node:path'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import type * as Replication from '../../src/experiment/replication.ts'
import type * as LoadExperiment from '../../src/host/load-experiment.ts'
import { built, root } from './built.ts'
import { cpuTime, type Run } from './measure.ts'

const YEAR = 365.25 * 86_400_000

/** An experiment of this folder. */
export async function experiment(
  file: string,
  sets: readonly { readonly path: string; readonly value: string }[] = [],
  skip = true,
): Promise<ExperimentConfig> {
  const { loadExperiments } = await built<typeof LoadExperiment>('host/load-experiment')
  return loadExperiments([join(root, 'test/bench', file)], { sets, overrides: { skip } })[0]!
}

/** A run of `count` new replications; its unit is the simulated year. */
export async function replications(config: ExperimentConfig, variant: number, count: number): Promise<Run> {
  const { replicate } = await built<typeof Replication>('experiment/replication')
  let next = 0
  return () =>
    cpuTime((count * config.run.horizon) / YEAR, () => {
      for (let i = 0; i < count; i++) replicate(config, variant, next++)
    })
}
