import { HOUR } from '../../src/base/units.ts'
import type { ExperimentConfig, RunConfig } from '../../src/experiment/config.ts'
import type { PartModel } from '../../src/structure/model.ts'

export * from '../../src/validate/part-words.ts'

/** An experiment of one variant, as the runner hands it to a replication. */
export function experiment(parts: PartModel, run: Partial<RunConfig> = {}, seed = 'test'): ExperimentConfig {
  return {
    name: seed,
    question: null,
    seed,
    services: parts.services.map(({ name }) => ({ name, deadline: 1000, slo: null })),
    run: {
      solver: 'simulate',
      uncertain: [],
      sensitivity: null,
      asksForSample: true,
      start: 'steady',
      horizon: 8760 * HOUR,
      precision: null,
      replications: null,
      maxYears: null,
      at: [],
      faults: null,
      random: true,
      skip: true,
      maxEvents: 1e9,
      ...run,
    },
    variants: [{ id: 'base', model: { kind: 'parts', parts }, costPerMonth: null, document: {} }],
  }
}
